/**
 * A browser that comes with `npm install`: headless Chromium out of @sparticuz/chromium, unpacked once into the project's own cache
 * (never /tmp, where anybody may have laid another program), with a Chinese font beside it.
 */
import { execFileSync } from 'node:child_process';
import { chmodSync, createReadStream, createWriteStream, existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { createBrotliDecompress } from 'node:zlib';

export interface Browser {
  readonly executablePath: string;
  readonly args: string[];
  readonly env: Record<string, string>;
}

const MODULES = fileURLToPath(new URL('../../node_modules/', import.meta.url));
const PACKED = path.join(MODULES, '@sparticuz/chromium/bin');
const FONTS = path.join(MODULES, '@expo-google-fonts/noto-sans-sc');
/** The number is this file's: a change in what is unpacked starts a new cache. */
const CACHE = path.join(MODULES, '.cache/fengming-chromium-1');

/** No sandbox: it needs rights that containers and root do not give, and only our own pages are opened. WebGL 2 by software. */
const ARGS = [
  '--no-sandbox',
  '--use-gl=angle',
  '--use-angle=swiftshader',
  '--enable-unsafe-swiftshader',
  '--ignore-gpu-blocklist',
  '--font-render-hinting=none',
  '--disable-dev-shm-usage',
];

/** What to hand to playwright's `chromium.launch`. `CHROMIUM_PATH` names another browser, needed where the package has none. */
export async function browser(): Promise<Browser> {
  const own = process.env.CHROMIUM_PATH;
  if (own) return { executablePath: own, args: ARGS, env: environment() };
  if (process.platform !== 'linux' || process.arch !== 'x64') {
    throw new Error(`no Chromium comes with ${process.platform}-${process.arch}: set CHROMIUM_PATH to one (any recent Chrome will do)`);
  }
  if (!existsSync(CACHE)) await unpack();
  const executablePath = path.join(CACHE, 'chromium');
  const env = { ...environment(), FONTCONFIG_FILE: path.join(CACHE, 'fonts.conf') };
  // Bare machines lack NSS and its like: the package brings those of Amazon Linux 2023.
  const lacking = execFileSync('ldd', [executablePath], { encoding: 'utf8' }).includes('not found');
  return { executablePath, args: ARGS, env: lacking ? { ...env, LD_LIBRARY_PATH: path.join(CACHE, 'lib') } : env };
}

function environment(): Record<string, string> {
  return Object.fromEntries(Object.entries(process.env).filter((pair): pair is [string, string] => pair[1] !== undefined));
}

/** Unpacked beside and renamed: two specs that start together both unpack, and the later one drops its own. */
async function unpack(): Promise<void> {
  const partial = `${CACHE}.${process.pid}`;
  rmSync(partial, { recursive: true, force: true });
  mkdirSync(partial, { recursive: true });
  const executable = path.join(partial, 'chromium');
  await unbrotli('chromium.br', executable);
  chmodSync(executable, 0o755);
  for (const archive of ['swiftshader.tar', 'al2023.tar']) {
    const file = path.join(partial, archive);
    await unbrotli(`${archive}.br`, file);
    execFileSync('tar', ['xf', file, '-C', partial]);
    rmSync(file);
  }
  writeFileSync(path.join(partial, 'fonts.conf'), fontsConf());
  try {
    renameSync(partial, CACHE);
  } catch (error) {
    rmSync(partial, { recursive: true, force: true });
    if (!existsSync(CACHE)) throw error;
  }
}

const unbrotli = (name: string, to: string) =>
  pipeline(createReadStream(path.join(PACKED, name)), createBrotliDecompress(), createWriteStream(to));

function fontsConf(): string {
  const dirs = [`${FONTS}/400Regular`, `${FONTS}/500Medium`, `${FONTS}/700Bold`, '/usr/share/fonts'].map((dir) => `<dir>${dir}</dir>`);
  return [
    '<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>',
    ...dirs,
    `<cachedir>${CACHE}/fontconfig</cachedir>`,
    '<alias><family>sans-serif</family><prefer><family>Noto Sans SC</family></prefer></alias></fontconfig>',
  ].join('\n');
}
