/** Push of one node: feed, hub, evidence, positions and sockets, wired and started together. */
import type { Server } from 'node:http';
import type { Registry } from 'prom-client';
import type { Database } from '../db/connect.ts';
import { notifyBus, type Bus } from './bus.ts';
import type { PushedMove } from './encode.ts';
import { Feed } from './feed.ts';
import { Hub } from './hub.ts';
import { databaseLog } from './log.ts';
import { followerLagMetrics, pushMetrics } from './metrics.ts';
import { natsBus } from './nats-bus.ts';
import { Positions } from './positions.ts';
import type { Push } from './push-item.ts';
import { pushesOf } from './pushes.ts';
import { Receipts } from './receipts.ts';
import { attachWebSocket, type WebSocketDeps } from './server.ts';

export interface PushDeps extends Pick<WebSocketDeps, 'authenticate' | 'onSessionEnded'> {
  readonly db: Database;
  readonly district: number;
  /** `nats://host:port`; undefined: PostgreSQL NOTIFY. */
  readonly busUrl: string | undefined;
  readonly now: () => Date;
  readonly registry: Registry;
  readonly log: { warn(details: object, message: string): void };
  /** Moves of any node, in order of seq, each once. */
  readonly onMoves: (moves: readonly PushedMove[]) => void;
}

export interface PushService {
  /** Takes moves that this node has committed. */
  offer(moves: readonly PushedMove[]): void;
  /** Loaded, and nothing known to exist is missing. */
  caughtUp(): boolean;
  pushesOf(incident: string): Promise<Push[]>;
  attach(server: Server): void;
  /** Closes sockets with 4000 "come back" and takes no new ones. */
  closeSockets(): Promise<void>;
  /** Writes the evidence that waits. After `closeSockets`. */
  stop(): Promise<void>;
}

/** @throws when the database cannot be reached. */
export async function startPush({ db, district, busUrl, now, registry, log, onMoves, ...sessions }: PushDeps): Promise<PushService> {
  const onError = (err: unknown) => log.warn({ err }, 'push: the database did not answer; tried again');
  const metrics = pushMetrics(registry);
  const bus: Bus =
    busUrl === undefined ? notifyBus({ connect: () => db.client('bus'), district, onError }) : natsBus({ url: busUrl, district, onError });
  const feed = new Feed({ district, log: databaseLog(db.pool, district), bus, onError, metrics });
  const receipts = new Receipts({ pool: db.pool, district, now, onError, metrics });
  const hub = new Hub({ feed, ringsSent: (follower, rings) => receipts.sent(follower, rings), metrics, onError });
  followerLagMetrics(registry, () => hub.lags());
  const positions = new Positions({ pool: db.pool, district, hub, now, onError });
  feed.onMoves((moves) => onMoves(moves.map((m) => m.move)));
  await feed.start();
  await positions.start();
  let sockets: ReturnType<typeof attachWebSocket> | undefined;
  return {
    offer: (moves) => feed.offer(moves),
    caughtUp: () => feed.caughtUp,
    pushesOf: (incident) => pushesOf(db.pool, district, incident),
    attach(server) {
      sockets = attachWebSocket(server, { ...sessions, feed, hub, receipts, positions, log, metrics });
    },
    async closeSockets() {
      await sockets?.close();
    },
    async stop() {
      await positions.stop();
      await feed.stop();
      await receipts.close();
      await bus.close();
    },
  };
}
