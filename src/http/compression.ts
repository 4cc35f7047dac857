/** Answers in JSON go out compressed. Pages and their assets are compressed once, in `pages.ts`. */
import type { MiddlewareHandler } from 'hono';
import { LRUCache } from 'lru-cache';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import type { AppEnv } from '../router.ts';

export type Encoding = 'br' | 'gzip';

/** Below this the headers weigh more than what is saved. */
const MIN_BYTES = 1024;
/** Reference data with an ETag is asked for again and again: its compressed form is kept. */
const KEPT_BYTES = 32 * 1024 * 1024;
/** Quality 4 is faster than gzip's 6 and smaller; 9 for what is compressed once and sent often. */
const BROTLI_ONCE = 9;
const BROTLI_EACH = 4;

const brotli = promisify(brotliCompress);
const gzipped = promisify(gzip);

/** The better one that the client takes; `q=0` means that it does not. */
export function encodingFor(acceptEncoding: string | undefined): Encoding | null {
  const accepted = new Set(
    (acceptEncoding ?? '')
      .split(',')
      .map((entry) => entry.trim().toLowerCase())
      .filter((entry) => !/;\s*q=0(\.0*)?$/.test(entry))
      .map((entry) => entry.split(';')[0]!.trim()),
  );
  if (accepted.has('br')) return 'br';
  return accepted.has('gzip') ? 'gzip' : null;
}

/** In Node's threads, not in the event loop. @param often  sent many times, so worth more work. */
export async function compress(bytes: Uint8Array, encoding: Encoding, often: boolean): Promise<Uint8Array<ArrayBuffer>> {
  const done =
    encoding === 'gzip'
      ? await gzipped(bytes)
      : await brotli(bytes, {
          params: { [constants.BROTLI_PARAM_QUALITY]: often ? BROTLI_ONCE : BROTLI_EACH, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length },
        });
  return new Uint8Array(done);
}

/** Only what is read: an answer to a move is small, and is waited for. */
export function compressJson(): MiddlewareHandler<AppEnv> {
  const kept = new LRUCache<string, Uint8Array<ArrayBuffer>>({ maxSize: KEPT_BYTES, sizeCalculation: (bytes) => bytes.length });

  return async (c, next) => {
    await next();
    const { headers } = c.res;
    if (c.req.method !== 'GET' || c.res.status !== 200 || headers.has('content-encoding')) return;
    if (!/^application\/(\w+\+)?json\b/.test(headers.get('content-type') ?? '')) return;
    headers.append('Vary', 'Accept-Encoding');
    const encoding = encodingFor(c.req.header('accept-encoding'));
    if (!encoding) return;
    const tag = headers.get('etag');
    // The URL too: one version of the reference data stands behind many lists.
    const key = tag === null ? null : `${encoding} ${tag} ${c.req.url}`;
    let body = key === null ? undefined : kept.get(key);
    if (!body) {
      const plain = new Uint8Array(await c.res.arrayBuffer());
      if (plain.length < MIN_BYTES) {
        c.res = new Response(plain, c.res);
        return;
      }
      body = await compress(plain, encoding, key !== null);
      if (key !== null) kept.set(key, body);
    }
    c.res = new Response(body, c.res);
    c.res.headers.delete('Content-Length');
    c.res.headers.set('Content-Encoding', encoding);
  };
}
