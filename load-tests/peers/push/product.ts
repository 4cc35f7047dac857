/**
 * The product's feed, hub and sockets, without database: moves come from the control port. Every socket is a session and an account of its
 * own. `--missed N`: N moves are in the replay buffer at the start.
 */
import { createServer } from 'node:http';
import { Registry } from 'prom-client';
import type { MoveItem } from '../../../src/ws/frames.ts';
import type { PushedMove } from '../../../src/ws/encode.ts';
import { Feed } from '../../../src/ws/feed.ts';
import { Hub } from '../../../src/ws/hub.ts';
import type { MoveLog } from '../../../src/ws/log.ts';
import { pushMetrics } from '../../../src/ws/metrics.ts';
import type { Positions } from '../../../src/ws/positions.ts';
import type { Receipts } from '../../../src/ws/receipts.ts';
import { attachWebSocket } from '../../../src/ws/server.ts';
import { DISTRICT } from '../cluster.ts';
import { BACKLOG, collectWhenTold, ports, takeLines } from './control.ts';
import { exampleItem } from './example.ts';

const { port, control } = ports();
const missed = Number(process.argv[4] ?? 0);

/** Nothing was written before, and nobody else writes. */
const log: MoveLog = {
  head: async () => ({ head: feed.head, epoch: 'peers' }),
  snapshot: async () => ({ head: 0, epoch: 'peers', open: [] }),
  after: async () => [],
  placesOf: async () => new Map(),
};
const fault = (error: unknown): void => console.error(error);
const metrics = pushMetrics(new Registry());
const feed = new Feed({
  district: DISTRICT,
  log,
  bus: { announce: () => undefined, onWake: () => undefined, close: async () => undefined },
  onError: fault,
  metrics,
});
const hub = new Hub({ feed, metrics, onError: fault });

function moveOf(item: MoveItem): PushedMove {
  const { from, ...rest } = item;
  return {
    ...(rest as Omit<PushedMove, 'district'>),
    district: DISTRICT,
    seq: feed.head + 1,
    from: (from ?? 'none') as PushedMove['from'],
    community: '441802006001',
    subdistrict: '441802006',
    reportedBy: 'grid.441802006001001',
    units: [],
  };
}

await feed.start();
for (let i = 0; i < missed; i++) feed.offer([moveOf(JSON.parse(exampleItem(i)) as MoveItem)]);
takeLines(control, (line) => feed.offer([moveOf(JSON.parse(line) as MoveItem)]));
const server = createServer((_, response) => response.end());
attachWebSocket(server, {
  authenticate: async (token) => ({ actor: { account: token, role: 'district', district: DISTRICT }, sessionId: token }),
  onSessionEnded: () => undefined,
  onSessionMoved: () => undefined,
  feed,
  hub,
  // Nobody rings, reports a position, sends a receipt or is told a notice here.
  receipts: {} as Receipts,
  positions: { greet: () => undefined } as unknown as Positions,
  notices: { greet: async () => undefined },
  log: { warn: (details) => console.error(details) },
  metrics,
});
server.listen({ port, host: '0.0.0.0', backlog: BACKLOG });
collectWhenTold();
