/** The socket of a page: keeps it open, resumes where it was, and hands on each move once. The rules are in `live-core.ts`. */
import { ref, type Ref } from 'vue';
import type { ClientFrame, MoveItem, ServerFrame } from '../../src/ws/frames.ts';
import { api, onSessionResumed, sessionEnded } from './api.ts';
import { createFollower, type Effect, type LiveState } from './live-core.ts';
import { serverNow } from './server-time.ts';
import type { Position } from './types.ts';

export type { LiveState };
export type RingFrame = Extract<ServerFrame, { type: 'ring' }>;
export type NoticeFrame = Extract<ServerFrame, { type: 'notice' }>;
export type PositionItem = Extract<ServerFrame, { type: 'positions' }>['items'][number];

export interface LiveHandlers {
  /** Absent: all of the caller's scope. */
  readonly topics?: readonly string[];
  /** Each move once, in seq order. `caughtUp`: missed during a break and replayed now. */
  readonly onMoves?: (items: readonly MoveItem[], caughtUp: boolean) => void;
  readonly onRing?: (ring: RingFrame) => void;
  readonly onQuiet?: (assignment: string) => void;
  /** The place where one works is told something, or was and nobody has seen it: the same `seq` may come again. */
  readonly onNotice?: (notice: NoticeFrame) => void;
  /** Somebody at the same place has seen these notices. */
  readonly onAcknowledged?: (seqs: readonly number[]) => void;
  /** Needs and activities of 共建共治 that a grid worker may read have changed: what they are is read by HTTP. */
  readonly onWork?: () => void;
  readonly onPositions?: (items: readonly PositionItem[]) => void;
  /** Read again by HTTP. Also called after the very first welcome, so that nothing between the first read and the follow is missed. */
  readonly onResync?: () => void;
  readonly onState?: (state: LiveState) => void;
}

export interface Live {
  readonly state: Ref<LiveState>;
  /** When anything was last heard: the age of what is shown. Null before the first frame. */
  readonly lastAt: Ref<Date | null>;
  /** Moves replayed after the last break; 0 again with the next break. */
  readonly missed: Ref<number>;
  receipt(seq: number, stage: 'delivered' | 'shown'): void;
  sendPosition(position: Position): void;
  /** Tries at once instead of waiting for the next turn. */
  retry(): void;
  stop(): void;
}

/** Failed openings after which we ask by HTTP whether the session still lives: a refused upgrade looks like a lost network. */
const ASK_SESSION_AFTER = 2;

export function followLive(handlers: LiveHandlers): Live {
  const state = ref<LiveState>('connecting');
  const lastAt = ref<Date | null>(null);
  const missed = ref(0);
  const follower = createFollower(handlers.topics, Math.random);
  let socket: WebSocket | null = null;
  let waiting: ReturnType<typeof setTimeout> | undefined;
  let stopped = false;
  let heardAtMs = Date.now();
  let refusedOpenings = 0;

  function connect(): void {
    if (stopped || socket !== null) return;
    clearTimeout(waiting);
    const opening = new WebSocket(`${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.host}/ws`);
    socket = opening;
    let wasOpen = false;
    opening.onopen = () => {
      wasOpen = true;
      refusedOpenings = 0;
      heardAtMs = Date.now();
      run(follower.opened());
    };
    opening.onmessage = (message: MessageEvent<string>) => {
      heardAtMs = Date.now();
      lastAt.value = serverNow();
      for (const frame of framesOf(message.data)) run(follower.received(frame));
    };
    opening.onclose = (close) => {
      if (socket !== opening) return;
      socket = null;
      if (!wasOpen && ++refusedOpenings >= ASK_SESSION_AFTER) void api.get('/me').catch(() => undefined);
      run(follower.closed(close.code));
    };
  }

  /** A socket whose network is gone closes only after minutes: it is left behind, not waited for. */
  function drop(): void {
    const old = socket;
    socket = null;
    old?.close();
  }

  function run(effects: readonly Effect[]): void {
    for (const effect of effects) {
      switch (effect.do) {
        case 'send':
          send(effect.frame);
          break;
        case 'moves':
          if (effect.caughtUp) missed.value += effect.items.length;
          handlers.onMoves?.(effect.items, effect.caughtUp);
          break;
        case 'ring':
          handlers.onRing?.(effect.ring);
          break;
        case 'quiet':
          handlers.onQuiet?.(effect.assignment);
          break;
        case 'notice':
          handlers.onNotice?.(effect.notice);
          break;
        case 'acknowledged':
          handlers.onAcknowledged?.(effect.seqs);
          break;
        case 'work':
          handlers.onWork?.();
          break;
        case 'positions':
          handlers.onPositions?.(effect.items);
          break;
        case 'resync':
          handlers.onResync?.();
          break;
        case 'state':
          if (effect.state === 'lost') missed.value = 0;
          state.value = effect.state;
          handlers.onState?.(effect.state);
          break;
        case 'reconnect':
          clearTimeout(waiting);
          waiting = setTimeout(connect, effect.afterMs);
          break;
        case 'close':
          drop();
          run(follower.closed(1006));
          break;
        case 'sessionEnded':
          void sessionEnded();
          break;
      }
    }
  }

  function send(frame: ClientFrame): void {
    if (socket?.readyState === WebSocket.OPEN) socket.send(JSON.stringify(frame));
  }

  const awake = () => run(follower.awake());
  const offline = () => {
    if (socket === null) return;
    drop();
    run(follower.closed(1006));
  };
  const seen = () => document.visibilityState === 'visible' && (awake(), run(follower.silent(Date.now() - heardAtMs)));
  const stopResuming = onSessionResumed(() => run(follower.resumed()));
  addEventListener('online', awake);
  addEventListener('offline', offline);
  document.addEventListener('visibilitychange', seen);
  const watch = setInterval(() => run(follower.silent(Date.now() - heardAtMs)), 5_000);
  connect();

  return {
    state,
    lastAt,
    missed,
    receipt: (seq, stage) => send({ type: 'receipt', seq, stage }),
    sendPosition: (position) => send({ type: 'position', position, at: serverNow().toISOString() }),
    retry: awake,
    stop() {
      stopped = true;
      stopResuming();
      clearInterval(watch);
      clearTimeout(waiting);
      removeEventListener('online', awake);
      removeEventListener('offline', offline);
      document.removeEventListener('visibilitychange', seen);
      drop();
    },
  };
}

/** One message may carry several frames. What cannot be read is left out: the cursor does not move, so a resume brings it again. */
function framesOf(data: string): ServerFrame[] {
  try {
    const parsed = JSON.parse(data) as ServerFrame | ServerFrame[];
    return Array.isArray(parsed) ? parsed : [parsed];
  } catch {
    return [];
  }
}
