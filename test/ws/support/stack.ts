/** Push on a real database and real sockets, without the rest of the product. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Registry } from 'prom-client';
import { WebSocket } from 'ws';
import type { Database } from '../../../src/db/connect.ts';
import type { Actor } from '../../../src/identity/actor.ts';
import { inProcessBus, type Bus } from '../../../src/ws/bus.ts';
import { Feed } from '../../../src/ws/feed.ts';
import { ServerFrame, type ClientFrame } from '../../../src/ws/frames.ts';
import { Hub, type HubDeps } from '../../../src/ws/hub.ts';
import { InboxStore } from '../../../src/ws/inbox.ts';
import type { HubLimits } from '../../../src/ws/limits.ts';
import { databaseLog, type MoveLog } from '../../../src/ws/log.ts';
import { pushMetrics } from '../../../src/ws/metrics.ts';
import { NoticeDesk } from '../../../src/ws/notice-desk.ts';
import { NoticeLog } from '../../../src/ws/notice-log.ts';
import { Positions } from '../../../src/ws/positions.ts';
import { Receipts } from '../../../src/ws/receipts.ts';
import type { ReplayLimits } from '../../../src/ws/ring.ts';
import { realScheduler, type Scheduler } from '../../../src/ws/scheduler.ts';
import { attachWebSocket, type SocketLimits, type Sockets, type WebSocketDeps } from '../../../src/ws/server.ts';
import { DISTRICT } from './story.ts';

export interface StackOptions {
  readonly bus?: Bus;
  /** Instead of the one in the database. */
  readonly log?: MoveLog;
  readonly hub?: Partial<HubLimits>;
  readonly replay?: ReplayLimits;
  readonly sockets?: Partial<SocketLimits>;
  readonly scheduler?: Scheduler;
  readonly authenticate?: WebSocketDeps['authenticate'];
  readonly ringRules?: HubDeps['ringRules'];
}

export interface Stack {
  readonly feed: Feed;
  readonly hub: Hub;
  readonly receipts: Receipts;
  readonly positions: Positions;
  readonly inbox: InboxStore;
  readonly noticeLog: NoticeLog;
  readonly notices: NoticeDesk;
  readonly server: Server;
  readonly sockets: Sockets;
  readonly registry: Registry;
  readonly port: number;
  readonly errors: unknown[];
  /** A token that signs in as this actor. */
  token(actor: Actor, sessionId?: string): string;
  endSession(sessionId: string): void;
  /** The account of the session was given other places. */
  moveSession(sessionId: string): void;
  /** Its token signs nobody in any more. */
  forget(sessionId: string): void;
  stop(): Promise<void>;
}

export async function startStack(db: Database, options: StackOptions = {}): Promise<Stack> {
  const errors: unknown[] = [];
  const onError = (error: unknown): void => void errors.push(error);
  const registry = new Registry();
  const metrics = pushMetrics(registry);
  const bus = options.bus ?? inProcessBus().join();
  const scheduler = options.scheduler ?? realScheduler;
  const log = options.log ?? databaseLog(db.pool, DISTRICT);
  const feed = new Feed({ district: DISTRICT, log, bus, onError, metrics, scheduler, replay: options.replay });
  const now = (): Date => new Date();
  const receipts = new Receipts({ pool: db.pool, district: DISTRICT, now, onError, metrics });
  const hub = new Hub({
    feed,
    evidence: receipts,
    ringRules: options.ringRules,
    metrics,
    limits: options.hub,
    onError,
    scheduler,
  });
  const positions = new Positions({ pool: db.pool, district: DISTRICT, hub, now, onError, scheduler });
  const inbox = new InboxStore(db.pool, DISTRICT);
  const noticeLog = new NoticeLog({ pool: db.pool, district: DISTRICT, log, onError });
  const notices = new NoticeDesk({ hub, log: noticeLog, inbox, now, onError, scheduler });
  feed.onStart(({ head }) => noticeLog.begin(head));
  feed.onMoves((moves) => noticeLog.take(moves.map((m) => m.move)));
  await feed.start();
  await positions.start();
  await noticeLog.start();
  await notices.start();
  const tokens = new Map<string, { actor: Actor; sessionId: string }>();
  const ended: ((sessionId: string) => void)[] = [];
  const moved: ((sessionId: string) => void)[] = [];
  const server = createServer((_, response) => response.end('ok'));
  const sockets = attachWebSocket(server, {
    authenticate: options.authenticate ?? (async (token) => tokens.get(token) ?? null),
    onSessionEnded: (listener) => void ended.push(listener),
    onSessionMoved: (listener) => void moved.push(listener),
    feed,
    hub,
    receipts,
    positions,
    notices,
    log: { warn: (details) => onError(details) },
    metrics,
    scheduler,
    limits: options.sockets,
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    feed,
    hub,
    receipts,
    positions,
    inbox,
    noticeLog,
    notices,
    server,
    sockets,
    registry,
    port: (server.address() as AddressInfo).port,
    errors,
    token(actor, sessionId = `session-${actor.account}`) {
      const token = `token-${sessionId}`;
      tokens.set(token, { actor, sessionId });
      return token;
    },
    endSession: (sessionId) => ended.forEach((listener) => listener(sessionId)),
    moveSession: (sessionId) => moved.forEach((listener) => listener(sessionId)),
    forget: (sessionId) => void tokens.delete(`token-${sessionId}`),
    async stop() {
      await sockets.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await notices.stop();
      await positions.stop();
      hub.stop();
      await noticeLog.stop();
      await receipts.close();
      await feed.stop();
      await bus.close();
    },
  };
}

/** A client that keeps every frame and waits for conditions, not for time. */
export class Client {
  readonly ws: WebSocket;
  readonly frames: ServerFrame[] = [];
  readonly closed: Promise<number>;
  private checks: (() => void)[] = [];

  constructor(url: string, headers: Record<string, string> = {}) {
    this.ws = new WebSocket(url, { headers });
    this.ws.on('message', (data) => {
      this.frames.push(ServerFrame.parse(JSON.parse((data as Buffer).toString())));
      this.recheck();
    });
    this.ws.on('error', () => undefined);
    this.closed = new Promise((resolve) => this.ws.once('close', (code) => resolve(code)));
  }

  static async open(stack: Stack, actor: Actor, sessionId?: string): Promise<Client> {
    const client = new Client(`ws://127.0.0.1:${stack.port}/ws`, { authorization: `Bearer ${stack.token(actor, sessionId)}` });
    await new Promise((resolve, reject) => client.ws.once('open', resolve).once('error', reject));
    return client;
  }

  send(frame: ClientFrame): void {
    this.ws.send(JSON.stringify(frame));
  }

  /** Looks at the conditions again: for those that depend on more than frames. */
  recheck(): void {
    for (const check of this.checks) check();
  }

  async until(condition: (client: this) => boolean): Promise<void> {
    if (condition(this)) return;
    await new Promise<void>((resolve) => {
      const check = (): void => {
        if (!condition(this)) return;
        this.checks = this.checks.filter((c) => c !== check);
        resolve();
      };
      this.checks.push(check);
    });
  }

  get seqs(): number[] {
    return this.of('moves').flatMap((f) => f.items.map((i) => i.seq));
  }
  of<T extends ServerFrame['type']>(type: T): Extract<ServerFrame, { type: T }>[] {
    return this.frames.filter((f): f is Extract<ServerFrame, { type: T }> => f.type === type);
  }
}
