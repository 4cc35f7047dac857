/**
 * Following the log, as a pure machine: frames, closings and passing time go in, what has to be done comes out.
 * Guarantees towards the page: every move once and in seq order, whatever the socket does.
 */
import type { ClientFrame, MoveItem, ServerFrame } from '../../src/ws/frames.ts';

export type LiveState = 'connecting' | 'live' | 'lost';
type Frame<T extends ServerFrame['type']> = Extract<ServerFrame, { type: T }>;

export type Effect =
  | { readonly do: 'send'; readonly frame: ClientFrame }
  /** `caughtUp`: these came after a break, not as they happened. */
  | { readonly do: 'moves'; readonly items: readonly MoveItem[]; readonly caughtUp: boolean }
  | { readonly do: 'ring'; readonly ring: Frame<'ring'> }
  | { readonly do: 'quiet'; readonly assignment: string }
  | { readonly do: 'notice'; readonly notice: Frame<'notice'> }
  | { readonly do: 'acknowledged'; readonly seqs: readonly number[] }
  | { readonly do: 'work' }
  | { readonly do: 'positions'; readonly items: Frame<'positions'>['items'] }
  /** What the page holds may be old: read again by HTTP. */
  | { readonly do: 'resync' }
  | { readonly do: 'state'; readonly state: LiveState }
  | { readonly do: 'reconnect'; readonly afterMs: number }
  | { readonly do: 'close' }
  | { readonly do: 'sessionEnded' };

/** Where we are in the log. `epoch` changes when a database is restored: seqs of another epoch mean nothing. */
interface Cursor {
  readonly epoch: string;
  readonly seq: number;
}

export interface Follower {
  /** The socket is open. */
  opened(): Effect[];
  received(frame: ServerFrame): Effect[];
  /** The socket is closed, or could not be opened (then 1006). */
  closed(code: number): Effect[];
  /** The device says that it has a network again, or the page is seen again. */
  awake(): Effect[];
  /** The person whose session had ended has signed in again: on from where we were. */
  resumed(): Effect[];
  /** Called now and then with the milliseconds since anything was heard. */
  silent(forMs: number): Effect[];
  readonly state: LiveState;
  readonly cursor: Cursor | null;
}

/** Close codes 4500–4999 and 1009 say: do not come back. 4501 is a session that has ended. */
const SIGNED_OUT = 4501;
const isFinal = (code: number) => (code >= 4500 && code < 5000) || code === 1009;
/** Longer than the service's ping: a live socket may be silent, so a follow from where we are is the question, its welcome the answer. */
export const ASK_AFTER_SILENT_MS = 45_000;
export const GIVE_UP_AFTER_SILENT_MS = 60_000;
const LONGEST_WAIT_MS = 30_000;

/**
 * @param topics  absent: all of the caller's scope.
 * @param random  in [0, 1), spreads devices that lost the service at the same moment.
 */
export function createFollower(topics: readonly string[] | undefined, random: () => number): Follower {
  let state: LiveState = 'connecting';
  let cursor: Cursor | null = null;
  let failures = 0;
  let ended = false;
  let signedOut = false;
  let asked = false;
  /** Head at the last welcome: moves up to it were missed, later ones are live. */
  let headAtWelcome = 0;
  let broken = false;

  const follow = (): Effect => ({
    do: 'send',
    frame: {
      type: 'follow',
      ...(topics ? { topics: [...topics] } : {}),
      ...(cursor ? { since: cursor.seq, epoch: cursor.epoch } : {}),
    },
  });
  const become = (next: LiveState): Effect[] => {
    if (state === next) return [];
    state = next;
    return [{ do: 'state', state: next }];
  };

  function welcomed(frame: Frame<'welcome'>): Effect[] {
    failures = 0;
    headAtWelcome = frame.head;
    // Nothing to resume, or a log that was restored: what the page read before it followed may have a gap before this head.
    const fresh = cursor === null || cursor.epoch !== frame.epoch;
    if (fresh) cursor = { epoch: frame.epoch, seq: frame.head };
    return [...become('live'), ...(fresh ? [{ do: 'resync' } as const] : [])];
  }

  function moved(frame: Frame<'moves'>): Effect[] {
    if (cursor === null) return [];
    const from = cursor.seq;
    const items = frame.items.filter((m) => m.seq > from).sort((a, b) => a.seq - b.seq);
    const last = items.at(-1);
    // A narrow scope hears seldom: where all before it was sent, the next return need not ask for it again.
    cursor = { epoch: cursor.epoch, seq: Math.max(from, last?.seq ?? 0, frame.upTo ?? 0) };
    if (!last) return [];
    return [{ do: 'moves', items, caughtUp: broken && last.seq <= headAtWelcome }];
  }

  return {
    opened() {
      asked = false;
      return [follow()];
    },
    received(frame) {
      asked = false;
      switch (frame.type) {
        case 'welcome':
          return welcomed(frame);
        case 'moves':
          return moved(frame);
        case 'resync':
          if (cursor === null) return [];
          cursor = { epoch: cursor.epoch, seq: frame.head };
          return [{ do: 'resync' }, follow()];
        case 'ring':
          return [{ do: 'ring', ring: frame }];
        case 'quiet':
          return [{ do: 'quiet', assignment: frame.assignment }];
        case 'notice':
          return [{ do: 'notice', notice: frame }];
        case 'acknowledged':
          return [{ do: 'acknowledged', seqs: frame.seqs }];
        case 'work':
          return [{ do: 'work' }];
        case 'positions':
          return [{ do: 'positions', items: frame.items }];
        case 'error':
        // A page that was kept from before an update does not know what a newer service has to say.
        default:
          return [];
      }
    },
    closed(code) {
      if (ended) return [];
      broken = true;
      if (isFinal(code)) {
        ended = true;
        signedOut = code === SIGNED_OUT;
        return [...become('lost'), ...(code === SIGNED_OUT ? [{ do: 'sessionEnded' } as const] : [])];
      }
      failures += 1;
      const ceiling = Math.min(LONGEST_WAIT_MS, 1_000 * 2 ** (failures - 1));
      return [...become('lost'), { do: 'reconnect', afterMs: Math.round(ceiling * (0.3 + 0.7 * random())) }];
    },
    awake() {
      if (ended || state === 'live') return [];
      failures = 0;
      return [{ do: 'reconnect', afterMs: 0 }];
    },
    resumed() {
      if (!ended || !signedOut) return this.awake();
      ended = signedOut = false;
      failures = 0;
      return [{ do: 'reconnect', afterMs: 0 }];
    },
    silent(forMs) {
      if (ended || state !== 'live') return [];
      if (forMs >= GIVE_UP_AFTER_SILENT_MS && asked) return [{ do: 'close' }];
      if (forMs < ASK_AFTER_SILENT_MS || asked) return [];
      asked = true;
      return [follow()];
    },
    get state() {
      return state;
    },
    get cursor() {
      return cursor;
    },
  };
}
