/**
 * Sockets on the HTTP server: who may open one, what a client may say, when one is closed. The `upgrade` event comes from outside hono, so an exception or a
 * socket error here would end the process: everything is caught.
 */
import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { WebSocketServer, type RawData, type WebSocket } from 'ws';
import type { Actor } from '../identity/actor.ts';
import { encodeFrame } from './encode.ts';
import type { Feed } from './feed.ts';
import type { Follower } from './follower.ts';
import { ClientFrame, CLOSE, MAX_CLIENT_FRAME_BYTES, PING_INTERVAL_MS, SILENCE_LIMIT_MS } from './frames.ts';
import type { Hub } from './hub.ts';
import type { PushMetrics } from './metrics.ts';
import type { NoticeDesk } from './notice-desk.ts';
import type { Positions } from './positions.ts';
import type { Receipts } from './receipts.ts';
import { every, realScheduler, type Scheduler } from './scheduler.ts';
import { SocketWire } from './socket-wire.ts';
import { admissionOf, deviceLabel, isSocketPath, refuseUpgrade } from './upgrade.ts';

export interface WebSocketDeps {
  /** null when the token is of no living session. */
  authenticate(token: string): Promise<{ readonly actor: Actor; readonly sessionId: string } | null>;
  /** Tells of every session that was ended or ran out, on whichever node. */
  onSessionEnded(listener: (sessionId: string) => void): void;
  /** Tells of every session whose account was given other places. */
  onSessionMoved(listener: (sessionId: string) => void): void;
  readonly feed: Feed;
  readonly hub: Hub;
  readonly receipts: Receipts;
  readonly positions: Positions;
  readonly notices: Pick<NoticeDesk, 'greet'>;
  readonly log: { warn(details: object, message: string): void };
  readonly metrics?: PushMetrics;
  readonly scheduler?: Scheduler;
  readonly limits?: Partial<SocketLimits>;
}

export interface SocketLimits {
  readonly sockets: number;
  /** A person has a few devices and tabs; a script that opens sockets in a loop is stopped here. */
  readonly socketsPerSession: number;
}

export const SOCKET_LIMITS: SocketLimits = { sockets: 50_000, socketsPerSession: 50 };

export interface Sockets {
  readonly size: number;
  /** Closes every socket with 4000 and refuses new ones. */
  close(): Promise<void>;
}

interface Connection {
  readonly ws: WebSocket;
  readonly follower: Follower;
  heardMs: number;
  pingedMs: number;
}

const SWEEP_MS = 5_000;
/** An upgrade that is not decided by then (the database is away) is dropped. */
const UPGRADE_TIMEOUT_MS = 10_000;
/** A client that pings but does not read gets no further pongs past this. */
const PONG_BELOW_BYTES = 64 * 1024;
/** How long `close` waits for clients to answer the close frame, ms. */
const CLOSE_ALL_MS = 2_000;

export function attachWebSocket(server: Server, deps: WebSocketDeps): Sockets {
  const scheduler = deps.scheduler ?? realScheduler;
  const limits = { ...SOCKET_LIMITS, ...deps.limits };
  const wss = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    // Compression costs 300 KiB a socket and would end the prebuilt frames.
    perMessageDeflate: false,
    maxPayload: MAX_CLIENT_FRAME_BYTES,
    autoPong: false,
  });
  const connections = new Map<WebSocket, Connection>();
  /** A list each: mostly of one, and a set of one takes 200 bytes. */
  const bySession = new Map<string, readonly Connection[]>();
  /** Sessions that ended, or got other places, while upgrades were being decided: their authentication may already have said yes. */
  const meanwhile = new Map<string, 'not-signed-in' | 'busy'>();
  let deciding = 0;
  let closing = false;

  async function upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): Promise<void> {
    if (!isSocketPath(request.url)) return refuseUpgrade(socket, 'not-found');
    if (closing || connections.size + deciding >= limits.sockets) return refuseUpgrade(socket, 'busy');
    const admission = admissionOf(request.headers);
    if ('refused' in admission) return refuseUpgrade(socket, admission.refused);
    deciding++;
    const cancelTimeout = scheduler.after(UPGRADE_TIMEOUT_MS, () => socket.destroy());
    try {
      const session = await deps.authenticate(admission.token);
      if (socket.destroyed) return;
      const refused = session === null ? 'not-signed-in' : meanwhile.get(session.sessionId);
      if (session === null || refused !== undefined) return refuseUpgrade(socket, refused ?? 'not-signed-in');
      if (closing || (bySession.get(session.sessionId)?.length ?? 0) >= limits.socketsPerSession) return refuseUpgrade(socket, 'busy');
      const device = deviceLabel(request.headers['user-agent']);
      wss.handleUpgrade(request, socket, head, (ws) => {
        // `ws` has a listener of its own.
        socket.off('error', destroy);
        open(ws, session.actor, session.sessionId, device);
      });
    } catch (error) {
      deps.log.warn({ err: error }, 'cannot decide who opens a socket');
      refuseUpgrade(socket, 'database-unavailable');
    } finally {
      cancelTimeout();
      if (--deciding === 0) meanwhile.clear();
    }
  }

  function open(ws: WebSocket, actor: Actor, sessionId: string, device: string): void {
    const follower = deps.hub.join({ actor, sessionId, device }, new SocketWire(ws));
    const connection: Connection = { ws, follower, heardMs: scheduler.nowMs(), pingedMs: scheduler.nowMs() };
    connections.set(ws, connection);
    const siblings = bySession.get(sessionId);
    bySession.set(sessionId, siblings ? [...siblings, connection] : [connection]);
    deps.metrics?.sockets.set(connections.size);

    // The same listeners for all: five closures for each idle socket are half a kibibyte.
    ws.on('error', ignore);
    ws.on('close', onClose);
    ws.on('pong', onPong);
    ws.on('ping', onPing);
    ws.on('message', onMessage);
    // A browser sees no status of a refused upgrade, only a close code tells it not to come back.
    if (actor.district !== deps.feed.district) follower.wire.close(CLOSE.notAllowed, 'another district');
  }

  function onClose(this: WebSocket): void {
    const connection = connections.get(this);
    if (!connection) return;
    connections.delete(this);
    deps.hub.leave(connection.follower);
    const { sessionId } = connection.follower;
    const siblings = bySession.get(sessionId)!.filter((other) => other !== connection);
    if (siblings.length > 0) bySession.set(sessionId, siblings);
    else bySession.delete(sessionId);
    deps.metrics?.sockets.set(connections.size);
  }

  function alive(ws: WebSocket): Connection | undefined {
    const connection = connections.get(ws);
    if (connection) connection.heardMs = scheduler.nowMs();
    return connection;
  }

  function onPong(this: WebSocket): void {
    alive(this);
  }

  function onPing(this: WebSocket, data: Buffer): void {
    alive(this);
    if (this.bufferedAmount < PONG_BELOW_BYTES) this.pong(data);
  }

  function onMessage(this: WebSocket, data: RawData, isBinary: boolean): void {
    const connection = alive(this);
    if (!connection) return;
    try {
      heard(connection, data, isBinary);
    } catch (error) {
      deps.log.warn({ err: error }, 'cannot handle a frame');
      connection.follower.wire.close(CLOSE.badFrame, 'bad frame');
    }
  }

  function heard({ ws, follower }: Connection, data: RawData, isBinary: boolean): void {
    // Already closing: what was still on its way no longer counts.
    if (ws.readyState !== ws.OPEN) return;
    const frame = isBinary ? null : parse(data);
    if (!frame) return follower.wire.close(CLOSE.badFrame, 'bad frame');
    switch (frame.type) {
      case 'follow':
        void deps.hub.follow(follower, frame).then(() => greet(follower));
        return;
      case 'receipt':
        if (follower.unit !== null || follower.noticed?.has(frame.seq)) deps.receipts.received(follower.sessionId, frame.seq, frame.stage);
        return;
      case 'position':
        if (!deps.positions.report(follower.actor, frame.position, frame.at))
          deps.hub.control(follower, [encodeFrame({ type: 'error', code: 'not-allowed' })]);
        return;
    }
  }

  /** What is known beside the moves, once it follows. */
  function greet(follower: Follower): void {
    if (!follower.audience) return;
    deps.positions.greet(follower);
    deps.notices.greet(follower).catch((error: unknown) => deps.log.warn({ err: error }, 'cannot send what waits at a place'));
  }

  function endSession(sessionId: string): void {
    deps.receipts.sessionEnded(sessionId);
    if (deciding > 0) meanwhile.set(sessionId, 'not-signed-in');
    closeSession(sessionId, CLOSE.signedOut, 'signed out');
  }

  /** Its sockets follow the old places: they come back and follow the new ones. */
  function moveSession(sessionId: string): void {
    if (deciding > 0 && !meanwhile.has(sessionId)) meanwhile.set(sessionId, 'busy');
    closeSession(sessionId, CLOSE.restarting, 'other places');
  }

  function closeSession(sessionId: string, code: number, reason: string): void {
    for (const connection of bySession.get(sessionId) ?? []) {
      // Nothing more reaches it, not even while the close frame is on its way.
      deps.hub.leave(connection.follower);
      connection.follower.wire.close(code, reason);
    }
  }

  /** Pings, ends the dead, and tells the living how far they have come. */
  function sweep(): void {
    const nowMs = scheduler.nowMs();
    const pinged: Follower[] = [];
    for (const connection of connections.values()) {
      if (nowMs - connection.heardMs >= SILENCE_LIMIT_MS) connection.ws.terminate();
      else if (nowMs - connection.pingedMs >= PING_INTERVAL_MS && connection.ws.readyState === connection.ws.OPEN) {
        connection.pingedMs = nowMs;
        connection.ws.ping();
        pinged.push(connection.follower);
      }
    }
    deps.hub.mark(pinged);
  }

  const onUpgrade = (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
    socket.on('error', destroy);
    upgrade(request, socket, head).catch((error: unknown) => {
      deps.log.warn({ err: error }, 'cannot upgrade a connection');
      socket.destroy();
    });
  };
  server.on('upgrade', onUpgrade);
  deps.onSessionEnded(endSession);
  deps.onSessionMoved(moveSession);
  const stopSweeping = every(scheduler, SWEEP_MS, sweep, (error) => deps.log.warn({ err: error }, 'cannot sweep sockets'));

  return {
    get size() {
      return connections.size;
    },
    async close() {
      closing = true;
      stopSweeping();
      const all = [...connections.values()];
      const gone = all.map(({ ws }) => new Promise<void>((resolve) => ws.once('close', () => resolve())));
      for (const { follower } of all) follower.wire.close(CLOSE.restarting, 'restarting');
      const timeout = setTimeout(() => all.forEach(({ ws }) => ws.terminate()), CLOSE_ALL_MS);
      await Promise.all(gone);
      clearTimeout(timeout);
      server.off('upgrade', onUpgrade);
    },
  };
}

function ignore(): void {}

function destroy(this: Duplex): void {
  this.destroy();
}

/** null for anything that is not one of our frames. `ws` has already refused text that is not UTF-8. */
function parse(data: RawData): ClientFrame | null {
  try {
    const parsed = ClientFrame.safeParse(JSON.parse((data as Buffer).toString('utf8')));
    return parsed.success ? parsed.data : null;
  } catch {
    return null;
  }
}
