/** Peer: socket.io, WebSocket only, without compression. */
import { createServer } from 'node:http';
import { Server } from 'socket.io';
import { BACKLOG, collectWhenTold, ports, takeLines } from './control.ts';

const { port, control } = ports();
const server = createServer();
const io = new Server(server, {
  transports: ['websocket'],
  perMessageDeflate: false,
  httpCompression: false,
  serveClient: false,
  // The client of this comparison answers no pings.
  pingInterval: 600_000,
});
io.on('connection', (socket) => void socket.join('all'));
takeLines(control, (line) => io.to('all').emit('move', JSON.parse(line)));
server.listen({ port, host: '0.0.0.0', backlog: BACKLOG });
collectWhenTold();
