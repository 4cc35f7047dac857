/** Push of one node: feed, hub, evidence, notices, positions and sockets, wired and started together. */
import type { Server } from 'node:http';
import type { Registry } from 'prom-client';
import type { WorkItem } from '../cobuild/chain/work.ts';
import type { Database } from '../db/connect.ts';
import type { Level } from '../dispatch/chain/incident.ts';
import type { Rules } from '../dispatch/chain/levels.ts';
import { notifyBus, type Bus } from './bus.ts';
import type { PushedMove } from './encode.ts';
import { Feed } from './feed.ts';
import { Hub } from './hub.ts';
import type { InboxStore } from './inbox.ts';
import { databaseLog } from './log.ts';
import { followerLagMetrics, pushMetrics } from './metrics.ts';
import { natsBus } from './nats-bus.ts';
import { NoticeDesk } from './notice-desk.ts';
import { NoticeLog } from './notice-log.ts';
import type { OpenAssignment } from './open-work.ts';
import { Positions, type UnitPosition } from './positions.ts';
import type { Push } from './push-item.ts';
import { pushesOf } from './pushes.ts';
import { Receipts } from './receipts.ts';
import { loadRingEvery, nextRing } from './ring-times.ts';
import { attachWebSocket, type WebSocketDeps } from './server.ts';
import { sendCobuildWork } from './cobuild-work.ts';

export interface PushDeps extends Pick<WebSocketDeps, 'authenticate' | 'onSessionEnded' | 'onSessionMoved'> {
  readonly db: Database;
  readonly district: number;
  /** `nats://host:port`; undefined: PostgreSQL NOTIFY. */
  readonly busUrl: string | undefined;
  readonly now: () => Date;
  readonly registry: Registry;
  readonly log: { warn(details: object, message: string): void };
  /** Moves of any node, in order of seq, each once. */
  readonly onMoves: (moves: readonly PushedMove[]) => void;
  readonly inbox: InboxStore;
  /** Which time counts, and the calendar: when an unanswered ring sounds again. */
  readonly rules: () => Rules;
  /** When the shift of the person at this session ends, epoch ms. null: it rings always; past: it does not ring. */
  readonly shiftEnds: (sessionId: string) => number | null;
}

export interface PushService {
  /** Takes moves that this node has committed. */
  offer(moves: readonly PushedMove[]): void;
  /** Loaded, and nothing known to exist is missing. */
  caughtUp(): boolean;
  pushesOf(incident: string): Promise<Push[]>;
  readonly notices: NoticeDesk;
  /** Tells the sockets of this node that needs and activities changed. */
  cobuildWork(changes: readonly WorkItem[]): void;
  /** What waits for an answer, as far as this node has pushed. */
  readonly rings: {
    /** seq of the last move that was pushed. */
    head(): number;
    of(unit: string): readonly OpenAssignment[];
    all(): readonly OpenAssignment[];
    /** The first repetition of a ring after `afterMs`, epoch ms. */
    next(level: Level, sinceMs: number, afterMs: number): number;
  };
  /** Reads again how often rings are repeated. */
  reloadRingTimes(): Promise<void>;
  /** The latest known position of each unit. */
  positions(): ReadonlyMap<string, UnitPosition>;
  attach(server: Server): void;
  /** Closes sockets with 4000 "come back" and takes no new ones. */
  closeSockets(): Promise<void>;
  /** Writes the evidence that waits. After `closeSockets`. */
  stop(): Promise<void>;
}

/** @throws when the database cannot be reached. */
export async function startPush({
  db,
  district,
  busUrl,
  now,
  registry,
  log,
  onMoves,
  inbox,
  rules,
  shiftEnds,
  ...sessions
}: PushDeps): Promise<PushService> {
  const onError = (err: unknown) => log.warn({ err }, 'push: the database did not answer; tried again');
  const metrics = pushMetrics(registry);
  const bus: Bus =
    busUrl === undefined ? notifyBus({ connect: () => db.client('bus'), district, onError }) : natsBus({ url: busUrl, district, onError });
  const moveLog = databaseLog(db.pool, district);
  const feed = new Feed({ district, log: moveLog, bus, onError, metrics });
  const receipts = new Receipts({ pool: db.pool, district, now, onError, metrics });
  let every = await loadRingEvery(db.kysely);
  const ringRules = {
    now,
    shiftEnds,
    nextRing: (...[level, sinceMs, afterMs]: [Level, number, number]) => nextRing(rules(), every, level, sinceMs, afterMs),
  };
  const hub = new Hub({ feed, evidence: receipts, ringRules, metrics, onError });
  followerLagMetrics(registry, () => hub.lags());
  const positions = new Positions({ pool: db.pool, district, hub, now, onError });
  const noticeLog = new NoticeLog({ pool: db.pool, district, log: moveLog, onError });
  const notices = new NoticeDesk({ hub, log: noticeLog, inbox, now, onError });
  feed.onStart(({ head }) => noticeLog.begin(head));
  feed.onMoves((encoded) => {
    const moves = encoded.map((m) => m.move);
    onMoves(moves);
    noticeLog.take(moves);
  });
  await feed.start();
  await positions.start();
  await noticeLog.start();
  await notices.start();
  let sockets: ReturnType<typeof attachWebSocket> | undefined;
  return {
    offer: (moves) => feed.offer(moves),
    caughtUp: () => feed.caughtUp,
    pushesOf: (incident) => pushesOf(db.pool, district, incident),
    notices,
    cobuildWork: (changes) => sendCobuildWork(hub, district, changes),
    rings: {
      head: () => hub.head,
      of: (unit) => hub.openWork.ringing(unit),
      all: () => hub.openWork.allRinging(),
      next: ringRules.nextRing,
    },
    async reloadRingTimes() {
      every = await loadRingEvery(db.kysely);
    },
    positions: () => positions.latest(),
    attach(server) {
      sockets = attachWebSocket(server, { ...sessions, feed, hub, receipts, positions, notices, log, metrics });
    },
    async closeSockets() {
      await sockets?.close();
    },
    async stop() {
      await notices.stop();
      await positions.stop();
      await feed.stop();
      hub.stop();
      await noticeLog.stop();
      await receipts.close();
      await bus.close();
    },
  };
}
