/** The rows of push evidence, each kind written in one statement for all that wait. */
import type pg from 'pg';
import type { NoticeSignal } from './notices.ts';
import type { Ring } from './rings.ts';

export interface SentRing {
  readonly ring: Pick<Ring, 'seq' | 'assignment' | 'incident' | 'unit' | 'at'>;
  readonly account: string;
  readonly sessionId: string;
  readonly device: string;
  readonly sentAt: Date;
  /** How often it was rung since the row was last written, and the last time. */
  rings: number;
  lastSentAt: Date;
}

export interface SentNotice {
  readonly notice: Pick<NoticeSignal, 'seq' | 'recipient'>;
  readonly account: string;
  readonly sessionId: string;
  readonly device: string;
  readonly sentAt: Date;
}

export interface Receipt {
  readonly seq: number;
  readonly sessionId: string;
  deliveredAt: Date | null;
  shownAt: Date | null;
}

/** A device that fell silent: for one ring when the shift was over, for all when the session ended. */
export type Stop =
  | { readonly stop: 'signedOut'; readonly sessionId: string; readonly at: Date }
  | { readonly stop: 'shiftOver'; readonly sessionId: string; readonly at: Date; readonly seq: number; readonly assignment: string };

/** Two tabs of one session are one device: what reaches it within this time is one ring, ms. */
export const SAME_RING_MS = 1_000;

/** A ring that is sent again to the same device keeps its first time, and is counted. */
const SENT_RINGS = `
  insert into push as p (district, seq, assignment, session, incident, unit, account, device, queued_at, sent_at, last_sent_at, rings)
  select $1, * from unnest($2::bigint[], $3::uuid[], $4::text[], $5::uuid[], $6::text[], $7::text[], $8::text[], $9::timestamptz[], $10::timestamptz[],
    $11::timestamptz[], $12::integer[])
  on conflict (district, seq, assignment, session) do update set
    rings = p.rings + excluded.rings - case when excluded.sent_at < coalesce(p.last_sent_at, p.sent_at) + interval '${SAME_RING_MS} ms' then 1 else 0 end,
    last_sent_at = greatest(coalesce(p.last_sent_at, p.sent_at), excluded.last_sent_at),
    stop = case when excluded.last_sent_at > p.stopped_at then null else p.stop end,
    stopped_at = case when excluded.last_sent_at > p.stopped_at then null else p.stopped_at end`;

const SENT_NOTICES = `
  insert into notice_push (district, seq, session, recipient, account, device, sent_at)
  select $1, * from unnest($2::bigint[], $3::text[], $4::text[], $5::text[], $6::text[], $7::timestamptz[])
  on conflict (district, seq, session) do nothing`;

const received = (table: 'push' | 'notice_push'): string => `
  update ${table} p set delivered_at = coalesce(p.delivered_at, r.delivered, r.shown), shown_at = coalesce(p.shown_at, r.shown)
  from unnest($2::bigint[], $3::text[], $4::timestamptz[], $5::timestamptz[]) as r (seq, session, delivered, shown)
  where p.district = $1 and p.seq = r.seq and p.session = r.session`;

const SIGNED_OUT = `
  update push p set stop = 'signedOut', stopped_at = s.at from unnest($2::text[], $3::timestamptz[]) as s (session, at)
  where p.district = $1 and p.session = s.session and p.stopped_at is null`;

const SHIFT_OVER = `
  update push p set stop = 'shiftOver', stopped_at = s.at
  from unnest($2::text[], $3::timestamptz[], $4::bigint[], $5::uuid[]) as s (session, at, seq, assignment)
  where p.district = $1 and p.seq = s.seq and p.assignment = s.assignment and p.session = s.session and p.stopped_at is null`;

export class ReceiptRows {
  readonly #pool: pg.Pool;
  readonly #district: number;

  constructor(pool: pg.Pool, district: number) {
    this.#pool = pool;
    this.#district = district;
  }

  async sentRings(rows: readonly SentRing[]): Promise<void> {
    await this.#write('ws-sent', SENT_RINGS, rows, [
      (r) => r.ring.seq,
      (r) => r.ring.assignment,
      (r) => r.sessionId,
      (r) => r.ring.incident,
      (r) => r.ring.unit,
      (r) => r.account,
      (r) => r.device,
      (r) => r.ring.at,
      (r) => r.sentAt,
      (r) => r.lastSentAt,
      (r) => r.rings,
    ]);
  }

  async sentNotices(rows: readonly SentNotice[]): Promise<void> {
    await this.#write('ws-noticed', SENT_NOTICES, rows, [
      (r) => r.notice.seq,
      (r) => r.sessionId,
      (r) => r.notice.recipient,
      (r) => r.account,
      (r) => r.device,
      (r) => r.sentAt,
    ]);
  }

  /** Whether `seq` was a ring or a notice the device does not say: the update of the other finds nothing. */
  async received(rows: readonly Receipt[]): Promise<void> {
    const columns = [(r: Receipt) => r.seq, (r: Receipt) => r.sessionId, (r: Receipt) => r.deliveredAt, (r: Receipt) => r.shownAt];
    const ofMoves = rows.filter((r) => r.seq > 0);
    await this.#write('ws-received', received('push'), ofMoves, columns);
    await this.#write('ws-notices-received', received('notice_push'), rows, columns);
  }

  async stopped(rows: readonly Stop[]): Promise<void> {
    const signedOut = rows.filter((r) => r.stop === 'signedOut');
    const shiftOver = rows.filter((r) => r.stop === 'shiftOver');
    await this.#write('ws-signed-out', SIGNED_OUT, signedOut, [(r) => r.sessionId, (r) => r.at]);
    await this.#write('ws-shift-over', SHIFT_OVER, shiftOver, [(r) => r.sessionId, (r) => r.at, (r) => r.seq, (r) => r.assignment]);
  }

  async #write<R>(name: string, text: string, rows: readonly R[], columns: readonly ((row: R) => unknown)[]): Promise<void> {
    if (rows.length === 0) return;
    await this.#pool.query({ name, text, values: [this.#district, ...columns.map((column) => rows.map(column))] });
  }
}
