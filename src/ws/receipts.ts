/**
 * Push evidence: which ring went to which device, and when it was sent, delivered and shown. Written in batches after the fact: a ring never waits for it.
 *
 * That an answer was asked for at all, and when it came, is in the log of moves; here is only what the log cannot know. Evidence that cannot be written for a long
 * while is given up, oldest first, and counted: push must go on while the database is away.
 */
import type pg from 'pg';
import type { Follower } from './follower.ts';
import type { PushMetrics } from './metrics.ts';
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

interface Sent {
  readonly ring: Ring;
  readonly account: string;
  readonly sessionId: string;
  readonly device: string;
  readonly sentAt: Date;
}
interface Receipt {
  readonly seq: number;
  readonly sessionId: string;
  deliveredAt: Date | null;
  shownAt: Date | null;
}

const MOST_WAITING = 50_000;
const BATCH = 1_000;
const RETRY_MS = 1_000;

const INSERT_SENT = `
  insert into push (district, seq, assignment, session, incident, unit, account, device, queued_at, sent_at)
  select $1, * from unnest($2::bigint[], $3::uuid[], $4::text[], $5::uuid[], $6::text[], $7::text[], $8::text[], $9::timestamptz[], $10::timestamptz[])
  on conflict (district, seq, assignment, session) do nothing`;

const UPDATE_RECEIVED = `
  update push p set delivered_at = coalesce(p.delivered_at, r.delivered, r.shown), shown_at = coalesce(p.shown_at, r.shown)
  from unnest($2::bigint[], $3::text[], $4::timestamptz[], $5::timestamptz[]) as r (seq, session, delivered, shown)
  where p.district = $1 and p.seq = r.seq and p.session = r.session`;

export class Receipts {
  readonly #deps: ReceiptsDeps;
  readonly #scheduler: Scheduler;
  #sent = new Map<string, Sent>();
  #received = new Map<string, Receipt>();
  #writing: Promise<void> | null = null;
  #closed = false;

  constructor(deps: ReceiptsDeps) {
    this.#deps = deps;
    this.#scheduler = deps.scheduler ?? realScheduler;
  }

  /** Rings that were just written to this socket. A ring that is repeated to the same session keeps its first time. */
  sent(follower: Follower, rings: readonly Ring[]): void {
    const { sessionId, device, actor } = follower;
    const sentAt = this.#deps.now();
    for (const ring of rings) {
      const key = `${ring.seq}/${ring.assignment}/${sessionId}`;
      if (!this.#sent.has(key)) this.#sent.set(key, { ring, account: actor.account, sessionId, device, sentAt });
    }
    this.#gathered();
  }

  /** A device says how far the ring of `seq` has come. Unknown seqs are no error: the update then finds nothing. */
  received(sessionId: string, seq: number, stage: Stage): void {
    const key = `${seq}/${sessionId}`;
    const receipt = this.#received.get(key) ?? { seq, sessionId, deliveredAt: null, shownAt: null };
    const now = this.#deps.now();
    receipt.deliveredAt ??= now;
    if (stage === 'shown') receipt.shownAt ??= now;
    this.#received.set(key, receipt);
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
    for (const waiting of [this.#sent, this.#received]) {
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
    while (this.#sent.size > 0 || this.#received.size > 0) {
      const sent = take(this.#sent, BATCH);
      // A receipt may be of a ring in this very batch, so it comes after; and all rings first, for one in the next batch.
      const received = this.#sent.size === 0 ? take(this.#received, BATCH) : [];
      try {
        await this.#writeSent(sent.map(([, s]) => s));
        await this.#writeReceived(received.map(([, r]) => r));
      } catch (error) {
        this.#deps.onError(error);
        if (this.#closed) return;
        if (isRefused(error)) {
          this.#deps.metrics?.receiptsDropped.inc(sent.length + received.length);
          continue;
        }
        this.#sent = new Map([...sent, ...this.#sent]);
        this.#putBack(received);
        await new Promise<void>((resolve) => void this.#scheduler.after(RETRY_MS, resolve));
      }
    }
  }

  #putBack(received: readonly [string, Receipt][]): void {
    const later = this.#received;
    this.#received = new Map(received);
    for (const [key, receipt] of later) {
      const earlier = this.#received.get(key);
      if (earlier) earlier.shownAt ??= receipt.shownAt;
      else this.#received.set(key, receipt);
    }
  }

  async #writeSent(rows: readonly Sent[]): Promise<void> {
    if (rows.length === 0) return;
    await this.#deps.pool.query({
      name: 'ws-sent',
      text: INSERT_SENT,
      values: [
        this.#deps.district,
        rows.map((r) => r.ring.seq),
        rows.map((r) => r.ring.assignment),
        rows.map((r) => r.sessionId),
        rows.map((r) => r.ring.incident),
        rows.map((r) => r.ring.unit),
        rows.map((r) => r.account),
        rows.map((r) => r.device),
        rows.map((r) => r.ring.at),
        rows.map((r) => r.sentAt),
      ],
    });
  }

  async #writeReceived(rows: readonly Receipt[]): Promise<void> {
    if (rows.length === 0) return;
    await this.#deps.pool.query({
      name: 'ws-received',
      text: UPDATE_RECEIVED,
      values: [
        this.#deps.district,
        rows.map((r) => r.seq),
        rows.map((r) => r.sessionId),
        rows.map((r) => r.deliveredAt),
        rows.map((r) => r.shownAt),
      ],
    });
  }
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
