/** The core as in `product.ts`, with feed, hub, NOTIFY and sockets attached: what push costs those who write. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type pg from 'pg';
import { Registry } from 'prom-client';
import { InboxStore } from '../../../src/ws/inbox.ts';
import { startPush, type PushService } from '../../../src/ws/push.ts';
import { serveParent } from '../child.ts';
import { DISTRICT } from '../cluster.ts';
import { closedLoop } from '../measure.ts';
import { openCore, walkDesk, type RunningCore } from './core.ts';

let running: RunningCore;
let step: (k: number) => Promise<boolean>;
let push: PushService;
let server: Server;

serveParent({
  async open(config: pg.ClientConfig) {
    running = await openCore(config);
    step = walkDesk(running);
    const { core, db, clock } = running;
    push = await startPush({
      db,
      district: DISTRICT,
      now: () => clock.now(),
      registry: new Registry(),
      log: console,
      busUrl: undefined,
      onMoves: (moves) => core.noticed(moves),
      inbox: new InboxStore(db.pool, DISTRICT),
      rules: core.rules,
      shiftEnds: () => null,
      authenticate: async (token) => ({ actor: { account: token, role: 'district', district: DISTRICT }, sessionId: token }),
      onSessionEnded: () => undefined,
      onSessionMoved: () => undefined,
    });
    core.onCommit((moves) => push.offer(moves));
    server = createServer((_, response) => response.end());
    push.attach(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  },
  port: async () => (server.address() as AddressInfo).port,
  run: ({ callers, warmMs, ms }: { callers: number; warmMs: number; ms: number }) => closedLoop(callers, warmMs, ms, step),
  async close() {
    await push.closeSockets();
    server.close();
    await running.core.stop();
    await push.stop();
    running.clock.stop();
    await running.db.close();
  },
});
