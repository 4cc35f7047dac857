/**
 * Push evidence: which ring and which notice went to which device, when it was sent, delivered and shown, and why a device fell silent. Written in batches after the
 * fact: a push never waits for it.
 *
 * That an answer was asked for at all, and when it came, is in the log of moves; here is only what the log cannot know. Evidence that cannot be written for a long
 * while is given up, oldest first, and counted: push must go on while the database is away.
 */
import type pg from 'pg';
import type { Follower } from './follower.ts';
import type { PushMetrics } from './metrics.ts';
import type { NoticeSignal } from './notices.ts';
import type { OpenAssignment } from './open-work.ts';
import { ReceiptRows, SAME_RING_MS, type Receipt, type SentNotice, type SentRing, type Stop } from './receipt-rows.ts';
import type { Ring } from './rings.ts';
import { realScheduler, type Scheduler } from './scheduler.ts';

export type Stage = 'delivered' | 'shown';

export interface ReceiptsDeps {
  readonly pool: pg.Pool;
  readonly district: number;
  /** The database's time. */
  readonly now: () => Date;
  readonly onError: (error: unknown) => void;
  readonly metrics?: PushMetrics;
  readonly scheduler?: Scheduler;
  /** Most rows that wait to be written. */
  readonly mostWaiting?: number;
}

const MOST_WAITING = 50_000;
const BATCH = 1_000;
const RETRY_MS = 1_000;
/** Notices whose receipts one socket may still send: more than anybody looks at. */
const MOST_NOTICED = 500;

export class Receipts {
  readonly #deps: ReceiptsDeps;
  readonly #scheduler: Scheduler;
  readonly #rows: ReceiptRows;
  #rings = new Map<string, SentRing>();
  #notices = new Map<string, SentNotice>();
  #received = new Map<string, Receipt>();
  #stops = new Map<string, Stop>();
  #writing: Promise<void> | null = null;
  #closed = false;

  constructor(deps: ReceiptsDeps) {
    this.#deps = deps;
    this.#scheduler = deps.scheduler ?? realScheduler;
    this.#rows = new ReceiptRows(deps.pool, deps.district);
  }

  /** Rings that were just written to this socket. One that is repeated to the same session keeps its first time and is counted. */
  ringsSent({ sessionId, device, actor }: Follower, rings: readonly Ring[]): void {
    const sentAt = this.#deps.now();
    for (const ring of rings) {
      const key = `${ring.seq}/${ring.assignment}/${sessionId}`;
      const sent = this.#rings.get(key);
      if (!sent) this.#rings.set(key, { ring, account: actor.account, sessionId, device, sentAt, rings: 1, lastSentAt: sentAt });
      else if (sentAt.getTime() - sent.lastSentAt.getTime() >= SAME_RING_MS) {
        sent.rings++;
        sent.lastSentAt = sentAt;
      }
    }
    this.#gathered();
  }

  /** Notices that were just written to this socket: from now on its receipts for them count. */
  noticesSent(follower: Follower, notices: readonly NoticeSignal[]): void {
    const { sessionId, device, actor } = follower;
    const sentAt = this.#deps.now();
    const noticed = (follower.noticed ??= new Set());
    for (const { seq, recipient } of notices) {
      noticed.add(seq);
      if (noticed.size > MOST_NOTICED) noticed.delete(noticed.values().next().value!);
      const key = `${seq}/${sessionId}`;
      if (!this.#notices.has(key))
        this.#notices.set(key, { notice: { seq, recipient }, account: actor.account, sessionId, device, sentAt });
    }
    this.#gathered();
  }

  /** A device says how far the push of `seq` has come. Unknown seqs are no error: the update then finds nothing. */
  received(sessionId: string, seq: number, stage: Stage): void {
    const key = `${seq}/${sessionId}`;
    const receipt = this.#received.get(key) ?? { seq, sessionId, deliveredAt: null, shownAt: null };
    const now = this.#deps.now();
    receipt.deliveredAt ??= now;
    if (stage === 'shown') receipt.shownAt ??= now;
    this.#received.set(key, receipt);
    this.#gathered();
  }

  /** The device fell silent because the shift of the person at it was over. */
  ringsHushed({ sessionId }: Follower, ringing: readonly OpenAssignment[], since: Date): void {
    for (const { seq, assignment } of ringing) {
      this.#stops.set(`${seq}/${assignment}/${sessionId}`, { stop: 'shiftOver', sessionId, at: since, seq, assignment });
    }
    this.#gathered();
  }

  /** The person signed out, or the session ran out: whatever rang there has stopped, also where the device has no network and cannot be told. */
  sessionEnded(sessionId: string): void {
    this.#stops.set(sessionId, { stop: 'signedOut', sessionId, at: this.#deps.now() });
    this.#gathered();
  }

  /** Resolves when what was handed in so far is written or given up. */
  async settled(): Promise<void> {
    while (this.#writing) await this.#writing;
  }

  /** Writes what is left, once. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.settled();
  }

  #gathered(): void {
    const most = this.#deps.mostWaiting ?? MOST_WAITING;
    for (const waiting of [this.#rings, this.#notices, this.#received, this.#stops]) {
      while (waiting.size > most) {
        waiting.delete(waiting.keys().next().value!);
        this.#deps.metrics?.receiptsDropped.inc();
      }
    }
    // No timer: while a batch is on its way the next one gathers.
    this.#writing ??= this.#write().finally(() => (this.#writing = null));
  }

  async #write(): Promise<void> {
    await new Promise<void>((resolve) => this.#scheduler.soon(resolve));
    while (this.#rings.size + this.#notices.size + this.#received.size + this.#stops.size > 0) {
      const rings = take(this.#rings, BATCH);
      const notices = take(this.#notices, BATCH);
      // A receipt may be of a push in this very batch, so it comes after; and all pushes first, for one in the next batch.
      const allSent = this.#rings.size + this.#notices.size === 0;
      const received = allSent ? take(this.#received, BATCH) : [];
      const stops = allSent ? take(this.#stops, BATCH) : [];
      try {
        await this.#rows.sentRings(rings.map(([, r]) => r));
        await this.#rows.sentNotices(notices.map(([, n]) => n));
        await this.#rows.received(received.map(([, r]) => r));
        await this.#rows.stopped(stops.map(([, s]) => s));
      } catch (error) {
        this.#deps.onError(error);
        if (this.#closed) return;
        if (isRefused(error)) {
          this.#deps.metrics?.receiptsDropped.inc(rings.length + notices.length + received.length + stops.length);
          continue;
        }
        this.#putBack(rings, notices, received, stops);
        await new Promise<void>((resolve) => void this.#scheduler.after(RETRY_MS, resolve));
      }
    }
  }

  /** What came meanwhile is later than what is put back. */
  #putBack(
    rings: readonly [string, SentRing][],
    notices: readonly [string, SentNotice][],
    received: readonly [string, Receipt][],
    stops: readonly [string, Stop][],
  ): void {
    this.#rings = before(rings, this.#rings, (earlier, later) => {
      earlier.rings += later.rings;
      earlier.lastSentAt = later.lastSentAt;
    });
    this.#notices = before(notices, this.#notices, () => undefined);
    this.#received = before(received, this.#received, (earlier, later) => void (earlier.shownAt ??= later.shownAt));
    this.#stops = before(stops, this.#stops, () => undefined);
  }
}

/** The earlier entries, then the later ones; where both have one the earlier takes the later in. */
function before<V>(earlier: readonly [string, V][], later: ReadonlyMap<string, V>, join: (earlier: V, later: V) => void): Map<string, V> {
  const all = new Map(earlier);
  for (const [key, value] of later) {
    const known = all.get(key);
    if (known) join(known, value);
    else all.set(key, value);
  }
  return all;
}

/** SQLSTATE classes 22 and 23: the rows themselves are refused. The same rows would be refused for ever and hold up all that come after. */
function isRefused(error: unknown): boolean {
  return /^2[23]/.test(String((error as { code?: unknown }).code ?? ''));
}

function take<V>(from: Map<string, V>, most: number): [string, V][] {
  const taken: [string, V][] = [];
  for (const entry of from) {
    if (taken.length === most) break;
    taken.push(entry);
  }
  for (const [key] of taken) from.delete(key);
  return taken;
}
