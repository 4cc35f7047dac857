/**
 * Builds the pages into dist/ when they are not there or were made from other sources. `npm start` runs it first.
 *
 * What a build was made from is kept in it: the files of web/, those of src/ that the pages import, and what the tools go by. Contents
 * count, not times: a fresh checkout gives every file the same time, in any order.
 */
import { createHash } from 'node:crypto';
import { existsSync, globSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { performance } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const STAMP = path.join(ROOT, 'dist', '.sources.json');
const TOOLS = ['vite.config.ts', 'package-lock.json'];

/** Path below the project → sha-256 of its contents, '' for a file that is gone. */
type Sources = Record<string, string>;

/** @returns one line that says what was done. @throws what vite throws if the sources do not build; dist/ then counts as not made. */
export async function buildWeb(): Promise<string> {
  if (isFresh()) return 'pages are up to date (dist/)';
  const startedAt = performance.now();
  rmSync(STAMP, { force: true });
  // Read before building: what is edited meanwhile then counts as changed.
  const before = sourcesOf([]);

  const { build } = await import('vite');
  const imported = new Set<string>();
  await build({
    configFile: path.join(ROOT, 'vite.config.ts'),
    logLevel: 'warn',
    plugins: [{ name: 'note-sources', moduleParsed: ({ id }) => void imported.add(id) }],
  });
  const fromSrc = [...imported].map((id) => path.relative(ROOT, id)).filter((file) => file.startsWith(`src${path.sep}`));
  writeFileSync(STAMP, JSON.stringify({ ...sourcesOf(fromSrc), ...before }));
  return `built the pages into dist/ in ${((performance.now() - startedAt) / 1000).toFixed(1)} s`;
}

function isFresh(): boolean {
  if (!existsSync(STAMP)) return false;
  try {
    const made = JSON.parse(readFileSync(STAMP, 'utf8')) as Sources;
    const now = sourcesOf(Object.keys(made).filter((file) => file.startsWith(`src${path.sep}`)));
    const files = Object.keys(now);
    return files.length === Object.keys(made).length && files.every((file) => made[file] === now[file]);
  } catch {
    // Half a stamp: the build that wrote it was cut short.
    return false;
  }
}

function sourcesOf(fromSrc: readonly string[]): Sources {
  const ofWeb = globSync('web/**/*', { cwd: ROOT, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(ROOT, path.join(entry.parentPath, entry.name)));
  return Object.fromEntries([...ofWeb, ...fromSrc, ...TOOLS].toSorted().map((file) => [file, digest(path.join(ROOT, file))]));
}

function digest(file: string): string {
  return existsSync(file) ? createHash('sha256').update(readFileSync(file)).digest('hex') : '';
}

if (import.meta.main) console.log(await buildWeb());
