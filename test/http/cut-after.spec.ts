/** 上传太慢 (an upload that dribbles in): it is cut off, and its place is free again. */
import { once } from 'node:events';
import { connect } from 'node:net';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { cutAfter } from '../../src/http/cut-after.ts';
import { closeServer, listen } from '../../src/http/listen.ts';
import { newRouter } from '../../src/router.ts';

const CUT_MS = 200;
const reads: ('read' | 'cut')[] = [];
let server: Awaited<ReturnType<typeof listen>>;
let port: number;

beforeEach(async () => {
  reads.length = 0;
  const app = newRouter();
  app.post('/form', cutAfter(CUT_MS), async (c) => {
    const text = await c.req.text().then(
      () => 'read' as const,
      () => 'cut' as const,
    );
    reads.push(text);
    return c.body(null, 204);
  });
  server = await listen((request, env) => app.fetch(request, env as object), { host: '127.0.0.1', port: 0 });
  port = (server.address() as { port: number }).port;
});
afterEach(() => closeServer(server));

it('lets a body through that comes in time', async () => {
  expect((await fetch(`http://127.0.0.1:${port}/form`, { method: 'POST', body: 'x' })).status).toBe(204);
  expect(reads).toEqual(['read']);
});

it('ends the connection of one that does not, and whoever reads it is told', async () => {
  const client = connect(port, '127.0.0.1');
  client.on('error', () => undefined);
  client.write('POST /form HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nhalf');
  await once(client, 'close');
  await expect.poll(() => reads).toEqual(['cut']);
});
