import { createRoute, z } from '@hono/zod-openapi';
import { connect } from 'node:net';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BODY_MAX_BYTES, SIGN_IN_MAX_BYTES } from '../../src/app.ts';
import { PHOTO_FORM_MAX_BYTES, photoRoutes } from '../../src/evidence/routes.ts';
import { Problem, PROBLEMS } from '../../src/errors.ts';
import { problemOf } from '../../src/problems.ts';
import { newRouter } from '../../src/router.ts';
import { asBearer, type House, openHouse, PEOPLE, problemIn } from './house.ts';

type Body = NonNullable<RequestInit['body']>;
const MB = 1024 * 1024;
let house: House;
let url: string;
let auth: Record<string, string>;

const note = createRoute({
  method: 'post',
  path: '/notes/{id}',
  request: {
    params: z.object({ id: z.string().max(20) }),
    query: z.object({ times: z.coerce.number().int().max(9).default(1) }),
    body: { required: true, content: { 'application/json': { schema: z.object({ text: z.string() }) } } },
  },
  responses: { 200: { description: 'taken', content: { 'application/json': { schema: z.object({ length: z.number() }) } } } },
});

const AWAY = Object.assign(new Error('terminating connection due to administrator command'), { code: '57P01' });
const FAULTS = new Map<string, Error>([
  ['away', AWAY],
  ['thrown', new Problem('unknown-photo', { extra: { photos: ['x'] } })],
  [
    'broken',
    Object.assign(new Error('Key (description)=(张三的电话 13800000000) already exists'), { code: '23505', detail: '13800000000' }),
  ],
]);

beforeAll(async () => {
  const notes = newRouter();
  notes.openapi(note, (c) => c.json({ length: c.req.valid('json').text.length }, 200));
  const faults = newRouter();
  faults.get('/faults/:name', (c) => {
    throw FAULTS.get(c.req.param('name')) ?? new Error('no such fault');
  });
  // The routers are made before the database is open; photos are refused here before they would reach it.
  const photos = photoRoutes({ db: undefined as never, maySeePhotoIncident: async () => false });
  house = await openHouse({ routers: [notes, faults, photos] });
  url = await house.listen();
  auth = asBearer(await house.token(PEOPLE.gridWorker));
});
afterAll(() => house.close());

const post = (body: Body, headers: Record<string, string> = { 'Content-Type': 'application/json' }, path = '/api/v1/notes/a') =>
  fetch(url + path, { method: 'POST', body, headers: { ...auth, ...headers }, duplex: 'half' } as RequestInit);

/** A body without a declared length, counted while it is taken. */
/** One piece for all: new ones each time would be garbage of the sender's, in the very process whose memory is looked at. */
const PIECE = new Uint8Array(64 * 1024).fill(0x20);

function chunked(totalBytes: number): { body: ReadableStream<Uint8Array>; sent: () => number } {
  let sent = 0;
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      if (sent >= totalBytes) return controller.close();
      sent += PIECE.length;
      controller.enqueue(PIECE);
    },
  });
  return { body, sent: () => sent };
}

describe('a body', () => {
  it.each(['{', '{"text": "a"', 'text=a', '', '\u0000'])('that is not JSON (%j) is malformed-json', async (body) => {
    expect(await problemIn(await post(body))).toMatchObject({ status: 400, code: 'malformed-json' });
  });

  it('that has the wrong fields is invalid-body and names them', async () => {
    expect(await problemIn(await post('{"text": 1}'))).toMatchObject({ status: 422, code: 'invalid-body', errors: [{ path: 'text' }] });
  });

  it('of another media type is unsupported-media-type', async () => {
    expect(await problemIn(await post('{"text":"a"}', { 'Content-Type': 'text/plain' }))).toMatchObject({
      status: 415,
      code: 'unsupported-media-type',
    });
  });

  it('of 20 MB is refused before it is read', async () => {
    expect(await problemIn(await post('x'.repeat(20 * MB)))).toMatchObject({ status: 413, code: 'body-too-large' });
  });

  it('of 20 MB without a declared length is refused too, and is not kept in memory', async () => {
    const before = process.memoryUsage().arrayBuffers;
    const peaks: number[] = [];
    const refused = await Promise.all(
      Array.from({ length: 30 }, async () => {
        const { body } = chunked(20 * MB);
        const answer = await post(body);
        peaks.push(process.memoryUsage().arrayBuffers);
        return problemIn(answer);
      }),
    );
    for (const problem of refused) expect(problem).toMatchObject({ status: 413, code: 'body-too-large' });
    // Thirty bodies kept whole would be 600 MB; thirty that end at the limit are 60, and their pieces on the way, the sender’s among them.
    expect(Math.max(...peaks) - before).toBeLessThan(300 * MB);
  });

  it('just within the limit is taken, declared or not', async () => {
    const fit = JSON.stringify({ text: 'x'.repeat(BODY_MAX_BYTES - 100) });
    expect((await post(fit)).status).toBe(200);
    expect((await post(new Blob([fit]).stream())).status).toBe(200);
  });

  it('at the sign-in may be no longer than an account and a password', async () => {
    const answer = await post(' '.repeat(SIGN_IN_MAX_BYTES + 1), { 'Content-Type': 'application/json' }, '/api/v1/sessions');
    expect(await problemIn(answer)).toMatchObject({ status: 413, code: 'body-too-large' });
  });

  it('of nobody who is signed in is not read', async () => {
    const { body, sent } = chunked(20 * MB);
    const answer = await post(body, { 'Content-Type': 'application/json', Authorization: 'Bearer none' });
    expect(await problemIn(answer)).toMatchObject({ status: 401 });
    expect(sent()).toBeLessThan(20 * MB);
  });

  it('of a photo has a limit of its own', async () => {
    const file = new Uint8Array(PHOTO_FORM_MAX_BYTES + 1);
    const form = { 'Content-Type': 'multipart/form-data; boundary=b' };
    expect(await problemIn(await post(file, form, '/api/v1/photos'))).toMatchObject({ status: 413, code: 'photo-too-large' });
    expect(await problemIn(await post(chunked(PHOTO_FORM_MAX_BYTES + MB).body, form, '/api/v1/photos'))).toMatchObject({
      code: 'photo-too-large',
    });
  });

  it('whose client goes away half-way leaves the service well', async () => {
    const { port, hostname } = new URL(url);
    const socket = connect(Number(port), hostname);
    const gone = new Promise((resolve) => socket.on('close', resolve));
    socket.write(
      `POST /api/v1/notes/a HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nAuthorization: ${auth['Authorization']}\r\nContent-Length: 1000\r\n\r\n{"te`,
    );
    socket.end(() => socket.destroy());
    await gone;
    expect((await post('{"text":"a"}')).status).toBe(200);
  });
});

describe('an address', () => {
  it.each(['/api/v1/nothing', '/api/v1/notes', '/nothing', '/api/v1/__proto__', '/api/v2/me', '/%00', '/..%2f..%2fetc%2fpasswd'])(
    'that does not exist (%s) is not-found',
    async (path) => {
      expect(await problemIn(await fetch(url + path, { headers: auth }))).toMatchObject({ status: 404, code: 'not-found' });
    },
  );

  it.each(['//', '/%', '/%E0%A4%A', '/?__proto__[x]=1', '/\\'])('that is badly written (%s) does not stop the service', async (path) => {
    const { port, hostname } = new URL(url);
    const answer = await new Promise<string>((resolve, reject) => {
      const socket = connect(Number(port), hostname, () => socket.write(`GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`));
      let text = '';
      socket.on('data', (data) => (text += data));
      socket.on('end', () => resolve(text));
      socket.on('error', reject);
    });
    expect(answer).toMatch(/^HTTP\/1\.1 4\d\d /);
    expect((await fetch(`${url}/healthz`)).status).toBe(200);
  });

  it('with another method says which there are', async () => {
    const answer = await fetch(`${url}/api/v1/notes/a`, { method: 'PUT', headers: auth });
    expect(answer.headers.get('allow')).toBe('POST');
    expect(await problemIn(answer)).toMatchObject({ status: 405, code: 'method-not-allowed', allow: ['POST'] });
    expect((await fetch(`${url}/api/v1/me`, { method: 'POST', headers: auth })).headers.get('allow')).toBe('GET, HEAD');
  });

  it('with a bad query is invalid-query', async () => {
    const answer = await post('{"text":"a"}', { 'Content-Type': 'application/json' }, '/api/v1/notes/a?times=many');
    expect(await problemIn(answer)).toMatchObject({ status: 422, code: 'invalid-query', errors: [{ path: 'times' }] });
  });

  it('answers HEAD without a body', async () => {
    const answer = await fetch(`${url}/api/v1/me`, { method: 'HEAD', headers: auth });
    expect(answer.status).toBe(200);
    expect(await answer.text()).toBe('');
  });
});

describe('a fault', () => {
  const meet = (name: string) => fetch(`${url}/api/v1/faults/${name}`, { headers: auth });

  it('of the database asks to come back', async () => {
    const answer = await meet('away');
    expect(answer.headers.get('retry-after')).toBe('2');
    expect(await problemIn(answer)).toMatchObject({ status: 503, code: 'database-unavailable' });
  });

  it('that a store names keeps its name', async () => {
    expect(await problemIn(await meet('thrown'))).toMatchObject({ status: 422, code: 'unknown-photo', photos: ['x'] });
  });

  it('that nobody expected is internal, and in the log without what people wrote', async () => {
    const answer = await meet('broken');
    const request = answer.headers.get('x-request-id')!;
    expect(await problemIn(answer)).toMatchObject({ status: 500, code: 'internal' });
    const line = house
      .logged()
      .split('\n')
      .find((text) => text.includes(request) && text.includes('request failed'));
    expect(line).toContain('23505');
    expect(house.logged()).not.toContain('13800000000');
  });

  it('says in both languages what to do', async () => {
    expect((await problemIn(await meet('away')))['whatToDo']).toEqual({
      'zh-CN': PROBLEMS['database-unavailable'].zh,
      en: PROBLEMS['database-unavailable'].en,
    });
    const described = await fetch(`${url}/problems/database-unavailable`);
    expect(await described.json()).toMatchObject({ code: 'database-unavailable' });
    expect((await fetch(`${url}/problems/__proto__`)).status).toBe(404);
  });
});

describe('an error of the database driver', () => {
  const thrownBy = async (work: () => Promise<unknown>): Promise<unknown> =>
    work().then(
      () => null,
      (error: unknown) => error,
    );
  const ask = async (config: pg.ClientConfig) => {
    const client = new pg.Client(config);
    client.on('error', () => undefined);
    await client.connect();
    await client.end();
  };

  it.each([
    ['a port where nobody listens', { host: '127.0.0.1', port: 1 }],
    ['a name with two addresses where nobody listens', { host: 'localhost', port: 1 }],
    ['a socket that is not there', { host: '/tmp/no-such-folder-of-a-postgres' }],
  ])('from %s means that the database is away', async (_, config) => {
    expect(problemOf(await thrownBy(() => ask(config))).code).toBe('database-unavailable');
  });

  it('from a connection that is cut while it is asked means that too', async () => {
    const client = new pg.Client(house.test.config);
    client.on('error', () => undefined);
    await client.connect();
    const { rows } = await client.query('select pg_backend_pid() as pid');
    const asked = thrownBy(() => client.query('select pg_sleep(600)'));
    const owner = new pg.Client(house.test.config);
    await owner.connect();
    await owner.query('select pg_terminate_backend($1)', [rows[0].pid]);
    await owner.end();
    expect(problemOf(await asked).code).toBe('database-unavailable');
    expect(problemOf(await thrownBy(() => client.query('select 1'))).code).toBe('database-unavailable');
  });

  it('from a pool that is full means that too', async () => {
    const pool = new pg.Pool({ ...house.test.config, max: 1, connectionTimeoutMillis: 50 });
    const held = await pool.connect();
    const error = await thrownBy(() => pool.query('select 1'));
    held.release();
    await pool.end();
    expect(problemOf(error).code).toBe('database-unavailable');
  });

  it.each([
    ["select 'a' || chr(0)", 'internal'],
    ['select nothing', 'internal'],
    ['set local statement_timeout = 1; select pg_sleep(60)', 'busy'],
  ])('from %s is %s', async (statement, code) => {
    expect(problemOf(await thrownBy(() => house.test.db.pool.query(statement))).code).toBe(code);
  });

  it('from text that cannot be stored is the sender’s to mend', async () => {
    expect(problemOf(await thrownBy(() => house.test.db.pool.query('select $1::text', ['a\u0000b']))).code).toBe('invalid-body');
  });
});
