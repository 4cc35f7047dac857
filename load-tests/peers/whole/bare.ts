/** The floor for the whole way: hono, the same schema for the body, one prepared statement with the same fields, and `ws.send` to each. */
import { randomUUID } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import type { Server } from 'node:http';
import { serve } from '@hono/node-server';
import { Hono } from 'hono';
import pg from 'pg';
import { WebSocketServer, type WebSocket } from 'ws';
import { openDatabase, type Database } from '../../../src/db/connect.ts';
import { ReportSchema } from '../../../src/dispatch/chain/commands.ts';
import type { Entry } from '../../../src/dispatch/entry.ts';
import { serveParent } from '../child.ts';
import { BARE_TABLES, entriesOf } from '../transitions/bare-fields.ts';
import { writeBare } from '../transitions/bare-write.ts';

let db: Database;
let server: Server;

async function open(config: pg.ClientConfig): Promise<void> {
  const owner = new pg.Client(config);
  await owner.connect();
  await owner.query(BARE_TABLES);
  await owner.end();
  db = openDatabase(config);
  const [entry] = (await entriesOf(db)) as [Entry];
  const sockets = new Set<WebSocket>();
  let seq = 0;
  const app = new Hono();
  app.post('/api/v1/incidents', async (c) => {
    const { description, category } = ReportSchema.parse(await c.req.json());
    const id = randomUUID();
    await writeBare(db.pool, id, String(++seq), entry);
    const { next, move } = entry;
    const item = {
      seq,
      incident: id,
      number: String(seq),
      verb: 'report',
      from: null,
      to: 'reported',
      version: 1,
      level: next.level,
      cell: next.cell,
      at: move.at,
    };
    const frame = JSON.stringify({ type: 'moves', items: [item] });
    for (const socket of sockets) socket.send(frame);
    return c.json({ id, number: String(seq), state: 'reported', category, description }, 201);
  });
  server = serve({ fetch: app.fetch, hostname: '127.0.0.1', port: 0 }) as Server;
  new WebSocketServer({ server, perMessageDeflate: false, clientTracking: false }).on('connection', (socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise((resolve) => server.once('listening', resolve));
}

serveParent({
  open,
  where: async () => ({ port: (server.address() as AddressInfo).port, tokens: [] }),
  async close() {
    server.closeAllConnections();
    server.close();
    await db.close();
  },
});
