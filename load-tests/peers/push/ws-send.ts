/** What one writes first: `ws`, and a send to each socket. `<missed>` and `<login>`: each that comes gets that many by a query of its own. */
import { createServer } from 'node:http';
import pg from 'pg';
import { WebSocketServer, type WebSocket } from 'ws';
import { BACKLOG, collectWhenTold, ports, takeLines } from './control.ts';

const { port, control } = ports();
const missed = Number(process.argv[4] ?? 0);
const login = process.argv[5];
const MISSED = { name: 'missed', text: 'select payload from missed_event where seq > $1 order by seq', values: [0] };

const sockets = new Set<WebSocket>();
const server = createServer((_, response) => response.end());
const pool = login === undefined ? null : new pg.Pool({ ...(JSON.parse(login) as pg.ClientConfig), max: 16 });
new WebSocketServer({ server, perMessageDeflate: false, clientTracking: false }).on('connection', (socket) => {
  sockets.add(socket);
  socket.on('error', () => undefined);
  socket.on('close', () => sockets.delete(socket));
  if (missed > 0 && pool !== null) void sendMissed(socket, pool);
});

async function sendMissed(socket: WebSocket, from: pg.Pool): Promise<void> {
  const { rows } = await from.query<{ payload: string }>(MISSED);
  for (const { payload } of rows) socket.send(payload);
}

takeLines(control, (line) => {
  for (const socket of sockets) socket.send(line);
});
server.listen({ port, host: '0.0.0.0', backlog: BACKLOG });
collectWhenTold();
