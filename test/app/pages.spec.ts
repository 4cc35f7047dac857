import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { Gauge, Registry } from 'prom-client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newRouter } from '../../src/router.ts';
import { asBearer, type House, openHouse, PEOPLE } from './house.ts';

const SCRIPT = `export const words = ${JSON.stringify('凤鸣 '.repeat(2_000))};\n`;
const BIG = { items: Array.from({ length: 500 }, (_, i) => ({ code: `44180200600100${i}`, nameZh: '演示网格' })) };
/** The parts of the document that are looked at. */
interface OpenApi {
  openapi: string;
  paths: Record<string, Record<string, { responses: Record<string, { content: Record<string, { schema: unknown }> }> }>>;
  components: { securitySchemes: object };
}
let house: House;
let distDir: string;
let ready = { ok: true, reasons: [] as string[] };
let listsMade = 0;

beforeAll(async () => {
  distDir = mkdtempSync(path.join(tmpdir(), 'fengming-pages-'));
  const files: [string, string][] = [
    ['index.html', '<title>sign in</title>'],
    ['boot.js', 'void 0;\n'],
    ['field/index.html', '<title>field</title>'],
    ['field/sw.js', 'self.skip = 1;\n'],
    ['field/manifest.webmanifest', '{}'],
    ['centre/index.html', '<title>centre</title>'],
    ['unit/index.html', '<title>unit</title>'],
    ['resident/index.html', '<title>resident</title>'],
    ['assets/main-abc123.js', SCRIPT],
  ];
  for (const [name, text] of files) {
    mkdirSync(path.dirname(path.join(distDir, name)), { recursive: true });
    writeFileSync(path.join(distDir, name), text);
  }
  writeFileSync(path.join(distDir, '..', `${path.basename(distDir)}-secret.txt`), 'not for the web');
  const lists = newRouter();
  lists.get('/big', (c) => {
    listsMade++;
    return c.json(BIG);
  });
  lists.get('/tagged', (c) => c.json(BIG, 200, { ETag: 'W/"1"', 'Cache-Control': 'private, no-cache' }));
  const metrics = new Registry();
  new Gauge({ name: 'demo_gauge', help: 'a gauge of another part', registers: [metrics] }).set(7);
  house = await openHouse({ distDir, routers: [lists], metrics, health: { ready: async () => ready } });
});
afterAll(async () => {
  await house.close();
  rmSync(distDir, { recursive: true });
  rmSync(`${distDir}-secret.txt`);
});

const get = (address: string, headers: Record<string, string> = {}) => house.app.request(address, { headers });

describe('the pages', () => {
  it.each([
    ['/', 'sign in'],
    ['/index.html', 'sign in'],
    ['/field/', 'field'],
    ['/field/incidents/0190/photos', 'field'],
    ['/centre/wall', 'centre'],
    ['/unit/', 'unit'],
    ['/r/', 'resident'],
    ['/r/20261126-0207?k=abc', 'resident'],
  ])('%s is the page of %s, asked for again each time', async (address, title) => {
    const answer = await get(address);
    expect(await answer.text()).toContain(`<title>${title}</title>`);
    expect(answer.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(answer.headers.get('cache-control')).toBe('no-cache');
    const again = await get(address, { 'If-None-Match': answer.headers.get('etag')! });
    expect(again.status).toBe(304);
    expect(again.headers.get('content-security-policy')).not.toBeNull();
  });

  it('without the slash lead to the page', async () => {
    for (const address of ['/field', '/r']) {
      const answer = await get(address);
      expect(answer.status).toBe(308);
      expect(answer.headers.get('location')).toBe(`${address}/`);
    }
  });

  it.each(['/field/missing.js', '/assets/old-999.js', '/elsewhere', '/assets', '/field/../../etc/passwd.txt'])(
    'do not stand in for what is missing: %s',
    async (address) => {
      expect((await get(address)).status).toBe(404);
    },
  );

  it.each(['/../NAME-secret.txt', '/%2e%2e/NAME-secret.txt', '/..%2fNAME-secret.txt', '/field/..%5c..%5cNAME-secret.txt'])(
    'give nothing from outside dist: %s',
    async (address) => {
      const answer = await get(address.replace('NAME', path.basename(distDir)));
      expect(await answer.text()).not.toContain('not for the web');
      expect(answer.status).toBe(404);
    },
  );

  it('keep hashed assets for a year, the service worker not at all', async () => {
    expect((await get('/assets/main-abc123.js')).headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
    const worker = await get('/field/sw.js');
    expect(worker.headers.get('cache-control')).toBe('no-cache');
    expect(worker.headers.get('content-type')).toContain('javascript');
    expect((await get('/field/manifest.webmanifest')).headers.get('content-type')).toContain('manifest+json');
  });

  it.each([
    ['br', brotliDecompressSync],
    ['gzip', gunzipSync],
  ])('go out compressed by %s', async (encoding, unpack) => {
    const answer = await get('/assets/main-abc123.js', { 'Accept-Encoding': encoding });
    expect(answer.headers.get('content-encoding')).toBe(encoding);
    expect(answer.headers.get('vary')).toContain('Accept-Encoding');
    expect(unpack(Buffer.from(await answer.arrayBuffer())).toString()).toBe(SCRIPT);
  });

  it.each([undefined, 'identity', 'br;q=0, gzip;q=0.0', 'zstd'])('go out as they are for Accept-Encoding %s', async (accepted) => {
    const answer = await get('/assets/main-abc123.js', accepted === undefined ? {} : { 'Accept-Encoding': accepted });
    expect(answer.headers.get('content-encoding')).toBeNull();
    expect(await answer.text()).toBe(SCRIPT);
  });
});

describe('JSON', () => {
  it.each(['/api/v1/big', '/api/v1/tagged'])('of %s goes out compressed, the same each time', async (address) => {
    const auth = asBearer(await house.token(PEOPLE.unit));
    for (let i = 0; i < 2; i++) {
      const answer = await get(address, { ...auth, 'Accept-Encoding': 'gzip, deflate, br' });
      expect(answer.headers.get('content-encoding')).toBe('br');
      expect(JSON.parse(brotliDecompressSync(Buffer.from(await answer.arrayBuffer())).toString())).toEqual(BIG);
    }
    expect(await (await get(address, auth)).json()).toEqual(BIG);
  });

  it('without an ETag is made anew each time and kept by nobody', async () => {
    const auth = asBearer(await house.token(PEOPLE.unit));
    const before = listsMade;
    const answer = await get('/api/v1/big', { ...auth, 'Accept-Encoding': 'br' });
    await get('/api/v1/big', { ...auth, 'Accept-Encoding': 'br' });
    expect(listsMade - before).toBe(2);
    expect(answer.headers.get('cache-control')).toBe('no-store');
  });

  it('that is short stays as it is', async () => {
    const answer = await get('/api/v1/me', { ...asBearer(await house.token(PEOPLE.unit)), 'Accept-Encoding': 'br' });
    expect(answer.headers.get('content-encoding')).toBeNull();
    expect(await answer.json()).toMatchObject({ role: 'unit' });
  });
});

describe('every answer', () => {
  it.each(['/', '/api/v1/me', '/nothing', '/docs/', '/healthz', '/openapi.json'])(
    'of %s tells the browser what to refuse',
    async (address) => {
      const { headers } = await get(address, { Host: 'dispatch.example:8080' });
      const policy = headers.get('content-security-policy')!;
      expect(policy).toContain("default-src 'self'; script-src 'self';");
      expect(policy).toContain("frame-ancestors 'none'");
      expect(policy).toContain("connect-src 'self' ws://dispatch.example:8080 wss://dispatch.example:8080");
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('referrer-policy')).toBe('same-origin');
      expect(headers.get('permissions-policy')).toBe('geolocation=(self), camera=(self), microphone=(self)');
      expect(headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
    },
  );

  it('lets nobody write into the policy by the Host', async () => {
    const policy = (await get('/', { Host: "x; script-src 'unsafe-inline'" })).headers.get('content-security-policy')!;
    expect(policy.match(/script-src/g)).toHaveLength(1);
  });
});

describe('operations', () => {
  it('healthz is there as long as the process is', async () => {
    expect((await get('/healthz')).status).toBe(200);
  });

  it('readyz gives its reasons while not ready', async () => {
    expect((await get('/readyz')).status).toBe(200);
    ready = { ok: false, reasons: ['feed is behind'] };
    const answer = await get('/readyz');
    ready = { ok: true, reasons: [] };
    expect(answer.status).toBe(503);
    expect(await answer.json()).toEqual({ ok: false, notes: [], reasons: ['feed is behind'] });
  });

  it('metrics has what every part counts, requests by route and not by address', async () => {
    await get('/api/v1/nothing/13800000000');
    const text = await (await get('/metrics')).text();
    expect(text).toContain('demo_gauge 7');
    expect(text).toMatch(/fengming_http_request_seconds_count\{method="GET",route="\/healthz",status="200"\} \d/);
    expect(text).not.toContain('13800000000');
  });
});

describe('the documentation', () => {
  it('is made from the schemas: routes, problems, and how to sign in', async () => {
    const document = (await (await get('/openapi.json')).json()) as OpenApi;
    expect(document.openapi).toBe('3.1.0');
    expect(document.paths['/api/v1/sessions']?.['post']?.responses['429']?.content).toHaveProperty(['application/problem+json']);
    expect(document.paths['/api/v1/me']?.['get']?.responses['200']?.content['application/json']?.schema).toEqual({
      $ref: '#/components/schemas/Me',
    });
    expect(Object.keys(document.components.securitySchemes)).toEqual(['bearer', 'cookie']);
  });

  it('is shown by files of our own, without a script in the page', async () => {
    const page = await (await get('/docs/')).text();
    const sources = [...page.matchAll(/(?:src|href)="([^"]+)"/g)].map((match) => match[1]!);
    expect(sources).toHaveLength(4);
    for (const source of sources) expect((await get(source)).status, source).toBe(200);
    expect(page).not.toMatch(/<script>|https?:/);
  });
});
