/**
 * Sockets that follow and count. The log is gapless: for an account that sees the whole district, whatever lies between the head at the
 * start and the head at the end must have come, once.
 */
import { Counter, Trend } from 'k6/metrics';
import { setTimeout } from 'k6/timers';
import { WebSocket } from 'k6/websockets';
import { BASE_URL } from './service.ts';

/** The service takes 50 sockets of one session; ten are left for those that only ask for the head. */
export const SOCKETS_PER_SESSION = 40;
/** How long a follower waits at the end for what is still on its way, milliseconds. */
const PATIENCE_MS = 20_000;

export const received = new Counter('pushes_received');
export const doubled = new Counter('pushes_doubled');
export const missed = new Counter('pushes_missed');
/** Sockets refused, broken, or told to read anew before their end. */
export const lost = new Counter('sockets_lost');
/** Followers that came to their end and were counted. */
export const finished = new Counter('followers_finished');
/** Service and k6 run on one machine here, so their clocks agree; an item's `at` is when the service decided. */
export const pushMs = new Trend('decided_to_pushed_ms', true);

export interface Item {
  readonly seq: number;
  readonly incident: string;
  readonly verb: string;
  readonly cell: string;
  readonly at: string;
  readonly assignments?: readonly { readonly id: string; readonly unit: string; readonly state: string }[];
}
export interface Ring {
  readonly seq: number;
  readonly assignment: string;
}

export interface FollowOptions {
  /** Replays from there. */
  readonly since?: number;
  /** Measures from decision to push; without, items are only counted, which costs k6 a tenth. */
  readonly timed?: boolean;
  readonly onItem?: (item: Item, atMs: number) => void;
  readonly onRing?: (ring: Ring, atMs: number) => void;
  /** Called after each frame of moves. */
  readonly onFrame?: (follower: Follower) => void;
}

/** How `moves` frames begin; a service that wrote them otherwise would be counted as having pushed nothing. */
const MOVES = '{"type":"moves"';
const SEQ = '"seq":';

export class Follower {
  /** The head at which it began; -1 before the welcome. */
  first = -1;
  readonly seen = new Set<number>();
  readonly welcomed: Promise<void>;
  readonly #options: FollowOptions;
  readonly #socket: WebSocket;
  #onWelcome: () => void = () => {};
  #over = false;

  constructor(token: string, options: FollowOptions = {}) {
    this.#options = options;
    this.welcomed = new Promise((resolve) => (this.#onWelcome = resolve));
    this.#socket = new WebSocket(`${BASE_URL.replace(/^http/, 'ws')}/ws`, null, { headers: { authorization: `Bearer ${token}` } });
    this.#socket.onopen = () => this.#socket.send(JSON.stringify({ type: 'follow', since: options.since }));
    this.#socket.onmessage = (event) => this.#take(event!.data as string);
    this.#socket.onerror = () => this.#lose();
    this.#socket.onclose = () => this.#lose();
  }

  #lose(): void {
    if (this.#over) return;
    this.#over = true;
    lost.add(1);
    this.#onWelcome();
  }

  #take(text: string): void {
    if (this.#over) return;
    const nowMs = Date.now();
    if (!text.startsWith(MOVES)) return this.#takeOther(text, nowMs);
    if (this.#options.timed || this.#options.onItem) {
      for (const item of JSON.parse(text).items as Item[]) {
        if (!this.#count(item.seq)) continue;
        if (this.#options.timed) pushMs.add(nowMs - Date.parse(item.at));
        this.#options.onItem?.(item, nowMs);
      }
    } else {
      // JSON.parse costs k6 15 µs an item, this costs 1: with ten thousand sockets k6 would be what is measured.
      for (let at = text.indexOf(SEQ); at >= 0; at = text.indexOf(SEQ, at)) {
        at += SEQ.length;
        this.#count(parseInt(text.slice(at, at + 16), 10));
      }
    }
    this.#options.onFrame?.(this);
  }

  #takeOther(text: string, nowMs: number): void {
    const frame = JSON.parse(text);
    if (frame.type === 'welcome') {
      this.first = this.#options.since ?? frame.head;
      this.#onWelcome();
    } else if (frame.type === 'ring') this.#options.onRing?.(frame, nowMs);
    else if (frame.type === 'resync') this.#lose();
  }

  /** @returns false for one that had come before. */
  #count(seq: number): boolean {
    if (isPlanted('drop', seq)) return false;
    if (this.seen.has(seq) || isPlanted('double', seq)) doubled.add(1);
    if (this.seen.has(seq)) return false;
    this.seen.add(seq);
    return true;
  }

  /** What of `(first, head]` has not come. */
  missing(head: number): number {
    if (this.seen.size >= head - this.first) return 0;
    let count = 0;
    for (let seq = this.first + 1; seq <= head; seq++) if (!this.seen.has(seq)) count++;
    return count;
  }

  /** Closes without being counted. */
  discard(): void {
    this.#over = true;
    this.#socket.close();
  }

  /** Closes; nothing that comes afterwards is counted. @param notCome  how many pushes it should have had and has not. */
  end(notCome: number): void {
    received.add(this.seen.size);
    if (notCome > 0) missed.add(notCome);
    if (this.#over) return;
    this.#over = true;
    finished.add(1);
    this.#socket.close();
  }
}

/** FAULT plants a fault into the counting, to show that the thresholds fail when a push is missing or comes twice. */
function isPlanted(fault: string, seq: number): boolean {
  return __ENV.FAULT === fault && seq % 50 === 0;
}

export function waitMs(ms: number): Promise<void> {
  return new Promise((resolve) => void setTimeout(resolve, ms));
}

/** The head of the log, from a socket of its own. */
export async function headOf(token: string): Promise<number> {
  const asking = new Follower(token);
  await asking.welcomed;
  const head = asking.first;
  asking.discard();
  if (head < 0) throw new Error('the service did not say the head of its log');
  return head;
}

/** Waits until all have everything up to the head of the log, or for PATIENCE_MS, and counts. All of them see the whole district. */
export async function endAll(token: string, followers: readonly Follower[]): Promise<void> {
  const head = await headOf(token);
  const until = Date.now() + PATIENCE_MS;
  while (Date.now() < until && followers.some((f) => f.missing(head) > 0)) await waitMs(200);
  // One that was never let in has missed what can not be counted; it is among the lost.
  for (const f of followers) f.end(f.first < 0 ? 0 : f.missing(head));
}

/** Thresholds of a test with this many followers: each came to its end, has all, and has nothing twice. */
export function followerThresholds(followers: number): Record<string, string[]> {
  return {
    followers_finished: [`count==${followers}`],
    sockets_lost: ['count==0'],
    pushes_missed: ['count==0'],
    pushes_doubled: ['count==0'],
  };
}
