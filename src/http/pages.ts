/** The built pages, from dist/. Paths are looked up in a list made at the start: what is not in it does not exist, whatever it is called. */
import { createHash } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Context, MiddlewareHandler } from 'hono';
import type { AppEnv } from '../router.ts';
import { compress, type Encoding, encodingFor } from './compression.ts';

const TYPES: ReadonlyMap<string, string> = new Map([
  ['.html', 'text/html; charset=utf-8'],
  ['.js', 'text/javascript; charset=utf-8'],
  ['.mjs', 'text/javascript; charset=utf-8'],
  ['.css', 'text/css; charset=utf-8'],
  ['.json', 'application/json; charset=utf-8'],
  ['.webmanifest', 'application/manifest+json; charset=utf-8'],
  ['.svg', 'image/svg+xml'],
  ['.txt', 'text/plain; charset=utf-8'],
  ['.map', 'application/json; charset=utf-8'],
  ['.png', 'image/png'],
  ['.jpg', 'image/jpeg'],
  ['.webp', 'image/webp'],
  ['.ico', 'image/x-icon'],
  ['.woff2', 'font/woff2'],
  ['.wasm', 'application/wasm'],
  ['.mp3', 'audio/mpeg'],
]);
const COMPRESSIBLE = /^(text\/|application\/(json|manifest\+json|wasm)|image\/svg)/;
/** Pages that route by themselves: any address below them is theirs. That of residents is short, because it stands in a QR code. */
const CLIENT_ROUTED: ReadonlyMap<string, string> = new Map([
  ['/field/', '/field/'],
  ['/centre/', '/centre/'],
  ['/unit/', '/unit/'],
  ['/r/', '/resident/'],
]);
/** vite writes a hash of the content into these names, so what is behind one never changes. */
const HASHED = '/assets/';
const YEAR_S = 31_536_000;

/** One file, read when it is first asked for, and compressed once for each encoding. */
export interface StaticFile {
  readonly type: string;
  answer(c: Context<AppEnv>, cacheControl: string): Promise<Response>;
}

/** @param file  absolute path; must exist. */
export function staticFile(file: string): StaticFile {
  const type = TYPES.get(path.extname(file).toLowerCase()) ?? 'application/octet-stream';
  let plain: Promise<{ bytes: Uint8Array<ArrayBuffer>; tag: string }> | undefined;
  const compressed = new Map<Encoding, Promise<Uint8Array<ArrayBuffer>>>();

  const load = async () => {
    const bytes = new Uint8Array(await readFile(file));
    return { bytes, tag: `W/"${createHash('sha256').update(bytes).digest('base64url').slice(0, 22)}"` };
  };

  return {
    type,
    async answer(c, cacheControl) {
      // A file that could not be read is tried again with the next request.
      plain ??= load().catch((error: unknown) => {
        plain = undefined;
        throw error;
      });
      const { bytes, tag } = await plain;
      const headers: Record<string, string> = { 'Content-Type': type, 'Cache-Control': cacheControl, ETag: tag };
      if (COMPRESSIBLE.test(type)) headers['Vary'] = 'Accept-Encoding';
      if (c.req.header('if-none-match') === tag) return c.body(null, 304, headers);
      const encoding = COMPRESSIBLE.test(type) && bytes.length > 1024 ? encodingFor(c.req.header('accept-encoding')) : null;
      if (!encoding) return c.body(bytes, 200, headers);
      let packed = compressed.get(encoding);
      if (!packed) {
        packed = compress(bytes, encoding, true);
        compressed.set(encoding, packed);
      }
      return c.body(await packed, 200, { ...headers, 'Content-Encoding': encoding });
    },
  };
}

/** Answers GET and HEAD for what the build has; everything else goes on. @param distDir  may be missing: then there are no pages. */
export function pages(distDir: string): MiddlewareHandler<AppEnv> {
  const files = listFiles(distDir);

  return async (c, next) => {
    if (c.req.method !== 'GET' && c.req.method !== 'HEAD') return next();
    const wanted = c.req.path;
    if (files.has(`${CLIENT_ROUTED.get(`${wanted}/`) ?? `${wanted}/`}index.html`)) return c.redirect(`${wanted}/`, 308);
    const found = files.get(wanted) ?? files.get(`${wanted.endsWith('/') ? wanted : '\0'}index.html`) ?? clientRoute(files, wanted);
    if (!found) return next();
    return found.answer(c, wanted.startsWith(HASHED) ? `public, max-age=${YEAR_S}, immutable` : 'no-cache');
  };
}

/** The page whose own router knows the address. A name with a dot is a file that is missing, not an address. */
function clientRoute(files: ReadonlyMap<string, StaticFile>, wanted: string): StaticFile | undefined {
  const page = [...CLIENT_ROUTED].find(([prefix]) => wanted.startsWith(prefix))?.[1];
  return page === undefined || wanted.slice(wanted.lastIndexOf('/')).includes('.') ? undefined : files.get(`${page}index.html`);
}

function listFiles(distDir: string): ReadonlyMap<string, StaticFile> {
  const files = new Map<string, StaticFile>();
  for (const entry of entriesOf(distDir)) {
    if (!entry.isFile()) continue;
    const file = path.join(entry.parentPath, entry.name);
    files.set(`/${path.relative(distDir, file).split(path.sep).join('/')}`, staticFile(file));
  }
  return files;
}

function entriesOf(distDir: string) {
  try {
    return readdirSync(distDir, { recursive: true, withFileTypes: true });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}
