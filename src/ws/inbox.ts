/** The inboxes of places: what waits there, what was seen by whom; and what is told outside the log of moves. */
import type pg from 'pg';
import type { Level } from '../dispatch/chain/incident.ts';
import type { AnyNotice, NoticeItem } from './notice-item.ts';
import { NAMES } from './notice-names.ts';
import type { Inbox, Notice } from './notices.ts';
import { OneAnswerForMany } from './one-answer.ts';

export interface InboxQuery {
  /** true: what waits for an answer; false: the rest; absent: all. */
  readonly open?: boolean | undefined;
  /** `next` of the page before. */
  readonly after?: NoticeCursor | undefined;
  readonly limit: number;
}

export interface NoticeCursor {
  readonly at: Date;
  readonly seq: number;
}

/** What is told though no move tells it. */
export interface Announcement {
  /** The same key is told once, however often and on however many nodes. */
  readonly key: string;
  readonly recipients: readonly Inbox[];
  readonly notice: AnyNotice;
  /** Codes, no names: which roster, which day. */
  readonly about: Readonly<Record<string, unknown>>;
}

/** A page of open notices for a device that comes: more nobody looks through. */
const MOST_GREETED = 50;
/** Inboxes asked for together. */
const MOST_TOGETHER = 500;

const ITEM = `n.seq, n.recipient, n.incident, i.number, n.level, n.notice, n.about, n.at, i.category, i.cell, i.state, i.drill,
  n.settled_at, n.acknowledged_at, n.acknowledged_by`;
const OPEN = 'n.acknowledged_at is null and n.settled_at is null';

interface ItemRow {
  seq: number;
  recipient: Inbox;
  incident: string | null;
  number: string | null;
  level: number | null;
  notice: AnyNotice;
  about: Record<string, unknown> | null;
  at: Date;
  category: string | null;
  cell: string | null;
  state: string | null;
  drill: boolean | null;
  settled_at: Date | null;
  acknowledged_at: Date | null;
  acknowledged_by: string | null;
}
interface NamedRow extends ItemRow {
  readonly subject: NoticeItem['subject'];
  readonly body: NoticeItem['body'];
}

export class InboxStore {
  readonly #pool: pg.Pool;
  readonly #district: number;
  readonly #opens: OneAnswerForMany<Inbox, Notice[]>;

  constructor(pool: pg.Pool, district: number) {
    this.#pool = pool;
    this.#district = district;
    this.#opens = new OneAnswerForMany((inboxes) => this.#openOf(inboxes), MOST_TOGETHER);
  }

  /** Newest first. */
  async list(inboxes: readonly Inbox[], { open, after, limit }: InboxQuery): Promise<{ items: NoticeItem[]; next: NoticeCursor | null }> {
    if (inboxes.length === 0) return { items: [], next: null };
    const { rows } = await this.#pool.query<NamedRow>(
      `select ${ITEM}, ${NAMES} from notice n left join incident i on i.district = n.district and i.id = n.incident
       where n.district = $1 and n.recipient = any($2::text[]) ${open === undefined ? '' : open ? `and ${OPEN}` : `and not (${OPEN})`}
         and ($3::timestamptz is null or (n.at, n.seq) < ($3, $4::bigint))
       order by n.at desc, n.seq desc limit $5`,
      [this.#district, inboxes, after?.at ?? null, after?.seq ?? null, limit + 1],
    );
    const page = rows.slice(0, limit);
    const last = page.at(-1);
    return { items: page.map(itemOf), next: rows.length > limit && last ? { at: last.at, seq: last.seq } : null };
  }

  async countOpen(inboxes: readonly Inbox[]): Promise<number> {
    if (inboxes.length === 0) return 0;
    const { rows } = await this.#pool.query<{ n: number }>(
      `select count(*)::int as n from notice n where n.district = $1 and n.recipient = any($2::text[]) and ${OPEN}`,
      [this.#district, inboxes],
    );
    return rows[0]?.n ?? 0;
  }

  /**
   * Somebody at the place has seen them. The first who says so is kept; saying it again is no error.
   *
   * @returns the seqs that lie in these inboxes, seen now or before.
   */
  async acknowledge(
    inboxes: readonly Inbox[],
    seqs: readonly number[],
    by: { account: string; sessionId: string },
    at: Date,
  ): Promise<number[]> {
    if (inboxes.length === 0 || seqs.length === 0) return [];
    const { rows } = await this.#pool.query<{ seq: number }>(
      `with own as (select seq, recipient from notice where district = $1 and seq = any($2::bigint[]) and recipient = any($3::text[])),
        seen as (
          update notice n set acknowledged_at = $4, acknowledged_by = $5, acknowledged_session = $6 from own
          where n.district = $1 and n.seq = own.seq and n.recipient = own.recipient and n.acknowledged_at is null)
      select distinct seq from own`,
      [this.#district, seqs, inboxes, at, by.account, by.sessionId],
    );
    return rows.map((r) => r.seq);
  }

  /** What waits in these inboxes, oldest first, the newest of each. Those who ask in the same moment share one query: after a restart everybody comes at once. */
  async openIn(inboxes: readonly Inbox[]): Promise<Notice[]> {
    return (await Promise.all(inboxes.map((inbox) => this.#opens.ask(inbox)))).flatMap((open) => open ?? []);
  }

  /** @returns what is new; empty when the key was told before. */
  async tell({ key, recipients, notice, about }: Announcement, at: Date): Promise<Notice[]> {
    const { rows } = await this.#pool.query<{ seq: number; recipient: Inbox }>(
      `with one as materialized (select nextval('notice_seq') as seq)
       insert into notice (district, seq, recipient, notice, about, key, at)
       select $1, one.seq, r.recipient, $3, $4, $2, $5 from one, unnest($6::text[]) as r (recipient)
       where not exists (select from notice where district = $1 and key = $2)
       on conflict (district, key, recipient) where key is not null do nothing
       returning seq, recipient`,
      [this.#district, key, notice, JSON.stringify(about), at, [...new Set(recipients)]],
    );
    return rows.map((row) => ({ ...row, incident: null, number: null, level: null, notice, at: at.toISOString() }));
  }

  /** Told outside the log, by whichever node, after (that is: below) this seq; newest last. */
  async toldAfter(seq: number, limit: number): Promise<Notice[]> {
    const { rows } = await this.#pool.query<ItemRow>({
      name: 'ws-told-after',
      text: `select ${ITEM} from notice n left join incident i on false where n.district = $1 and n.seq < $2 order by n.seq desc limit $3`,
      values: [this.#district, Math.min(seq, 0), limit],
    });
    return rows.map(noticeOf);
  }

  /** The lowest seq that was told outside the log; 0 for none. */
  async lowest(): Promise<number> {
    const { rows } = await this.#pool.query<{ seq: number | null }>('select min(seq) as seq from notice where district = $1 and seq < 0', [
      this.#district,
    ]);
    return rows[0]?.seq ?? 0;
  }

  async #openOf(inboxes: readonly Inbox[]): Promise<ReadonlyMap<Inbox, Notice[]>> {
    const { rows } = await this.#pool.query<ItemRow>({
      name: 'ws-open-notices',
      text: `select ${ITEM} from unnest($2::text[]) as r (recipient)
        cross join lateral (select * from notice n where n.district = $1 and n.recipient = r.recipient and ${OPEN} order by n.at desc, n.seq desc limit $3) n
        left join incident i on i.district = n.district and i.id = n.incident order by n.at, n.seq`,
      values: [this.#district, inboxes, MOST_GREETED],
    });
    const byInbox = new Map<Inbox, Notice[]>();
    for (const row of rows) byInbox.set(row.recipient, [...(byInbox.get(row.recipient) ?? []), noticeOf(row)]);
    return byInbox;
  }
}

const levelOf = (level: number | null): Level | null => (level === null ? null : (`R${level}` as Level));

function noticeOf({ seq, recipient, incident, number, level, notice, at, drill }: ItemRow): Notice {
  const told = { seq, recipient, incident, number, level: levelOf(level), notice, at: at.toISOString() };
  return drill === true ? { ...told, drill } : told;
}

function itemOf(row: NamedRow): NoticeItem {
  const { seq, recipient, incident, number, notice, about, subject, body, category, cell, state } = row;
  const time = (at: Date | null): string | null => at?.toISOString() ?? null;
  return {
    seq,
    incident,
    number,
    level: levelOf(row.level),
    notice,
    about,
    subject,
    body,
    at: row.at.toISOString(),
    recipient,
    category,
    cell,
    state,
    drill: row.drill ?? false,
    settledAt: time(row.settled_at),
    acknowledgedAt: time(row.acknowledged_at),
    acknowledgedBy: row.acknowledged_by,
  };
}
