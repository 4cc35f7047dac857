/** The table of what goes out: taken in once for each target, looked at by one node at a time, ended with an outcome. */
import type pg from 'pg';
import type { Level, Time } from '../dispatch/chain/incident.ts';
import type { accountOf } from '../identity/accounts.ts';
import type { PushOutcome } from '../ws/push-item.ts';
import { NOTICE_FRESH_MS, NOTICE_GRACE_MS, RING_GRACE_MS, type After } from './decide.ts';
import type { NoticePayload, PushLocale, RingPayload } from './payload.ts';

/** A ring as the log asks for it. */
export interface AskedRing {
  readonly seq: number;
  readonly incident: string;
  readonly assignment: string;
  readonly unit: string;
  readonly level: Level;
  readonly until: Time | null;
  readonly at: Time;
  readonly drill?: true | undefined;
}

/** A row that this node works on, with what the database knows of its device and of what it is about. */
export interface Claimed {
  readonly id: number;
  readonly target: string;
  readonly subject: 'ring' | 'notice' | 'test';
  readonly payload: RingPayload | NoticePayload | null;
  readonly recipient: string;
  readonly seq: number | null;
  readonly incident: string | null;
  readonly assignment: string | null;
  readonly session: string;
  readonly queued_at: Date;
  readonly due_at: Date;
  readonly next_at: Date;
  readonly attempts: number;
  readonly retry_at: Date | null;
  readonly showing: boolean;
  readonly sends: number;
  /** Null with the rest of the subscription: it is no more. */
  readonly endpoint: string | null;
  readonly p256dh: string | null;
  readonly auth: string | null;
  readonly contact: string | null;
  readonly locale: PushLocale | null;
  /** The session lives, and its account is open. */
  readonly signed_in: boolean;
  /** Whose session it is, and where that account works now; null: nobody's. */
  readonly works: Parameters<typeof accountOf>[0] | null;
  /** When a socket of the same session last had it and said so. */
  readonly heard_at: Date | null;
  readonly seen: boolean;
}

/** Subscriptions whose session lives; `$1` is the district, `$2` now. */
const LIVING = `push_subscription s join session x on x.district = s.district and x.id = s.session
  join account a on a.district = s.district and a.account = s.account
  where s.district = $1 and s.ended_at is null and x.ended_at is null and x.expires_at > $2::timestamptz and not a.disabled`;

const RINGS = `
  insert into outbound (district, kind, target, key, subject, payload, recipient, seq, incident, assignment, account, session, device, queued_at, due_at, next_at, showing)
  select $1, 'webpush', s.id, 'ring ' || r.seq || ' ' || r.assignment, 'ring', r.payload, r.recipient, r.seq, r.incident, r.assignment, s.account, s.session, s.device,
    r.at, r.at, r.at + interval '${RING_GRACE_MS} ms',
    exists (select from outbound o where o.district = $1 and o.incident = r.incident and o.assignment = r.assignment and o.target = s.id::text and o.showing)
  from unnest($3::bigint[], $4::uuid[], $5::uuid[], $6::text[], $7::json[], $8::timestamptz[]) r (seq, incident, assignment, recipient, payload, at)
  cross join lateral (select s.* from ${LIVING} and s.places @> array[r.recipient]) s
  on conflict (district, kind, target, key) do nothing`;

/** From the inboxes, not from the moves: there they stand once, whichever node wrote them, also those that no move tells. */
const NOTICES = `
  insert into outbound (district, kind, target, key, subject, payload, recipient, seq, incident, account, session, device, queued_at, due_at, next_at)
  select $1, 'webpush', s.id, 'notice ' || n.seq, 'notice', json_strip_nulls(json_build_object('notice', n.notice, 'drill', case when n.drill then true end)), n.recipient, n.seq, n.incident, s.account, s.session, s.device,
    n.at, n.at, $2::timestamptz
  from (select s.* from ${LIVING}) s
  cross join lateral (
    select distinct on (n.seq) n.*, i.drill from notice n left join incident i on i.district = n.district and i.id = n.incident
    where n.district = $1 and n.recipient = any(s.places) and n.acknowledged_at is null and n.settled_at is null
      and n.at > greatest(s.at, $2::timestamptz - interval '${NOTICE_FRESH_MS} ms') and n.at < $2::timestamptz - interval '${NOTICE_GRACE_MS} ms') n
  where not exists (
    select from notice_push p where p.district = $1 and p.seq = n.seq and p.session = s.session::text and p.delivered_at is not null)
  on conflict (district, kind, target, key) do nothing`;

const TEST = `
  with before as (
    delete from outbound where district = $1 and kind = 'webpush' and session = $3::text and subject = 'test' and queued_at < $2::timestamptz - interval '5 s')
  insert into outbound (district, kind, target, key, subject, payload, recipient, account, session, device, queued_at, due_at, next_at)
  select $1, 'webpush', s.id, 'test ' || floor(extract(epoch from $2::timestamptz) / 5), 'test', 'null'::json, 'self', s.account, s.session, s.device,
    $2::timestamptz, $2::timestamptz, $2::timestamptz
  from (select s.* from ${LIVING} and s.session = $3::text::uuid) s
  on conflict (district, kind, target, key) do update set queued_at = outbound.queued_at
  returning id`;

/**
 * Takes rows that are due, each for one node: what another is taking is skipped, what another works on is left to it. A node that dies in the middle leaves the row to
 * whoever comes after the lease.
 */
const CLAIM = `
  with due as (
    select district, id from outbound
    where district = $1 and next_at <= $2 and (leased_until is null or leased_until <= $2)
    order by next_at limit $4 for update skip locked),
  taken as (update outbound o set leased_until = $3 from due where o.district = due.district and o.id = due.id returning o.*)
  select t.id, t.target, t.subject, t.payload, t.recipient, t.seq, t.incident, t.assignment, t.session, t.queued_at, t.due_at, t.next_at, t.attempts, t.retry_at, t.showing, t.sends,
    s.endpoint, s.p256dh, s.auth, s.contact, s.locale,
    coalesce(s.ended_at is null and x.ended_at is null and x.expires_at > $2 and not a.disabled, false) as signed_in,
    row_to_json(a) as works,
    case t.subject
      when 'ring' then (select coalesce(p.last_sent_at, p.sent_at) from push p
        where p.district = t.district and p.seq = t.seq and p.assignment = t.assignment and p.session = t.session and p.delivered_at is not null)
      when 'notice' then (select p.delivered_at from notice_push p where p.district = t.district and p.seq = t.seq and p.session = t.session) end as heard_at,
    coalesce(n.acknowledged_at is not null or n.settled_at is not null, false) as seen
  from taken t
    left join push_subscription s on s.district = t.district and s.id = t.target::uuid
    left join session x on x.district = t.district and x.id = t.session::uuid
    left join lateral (
      select a.district, a.account, a.role, a.name_zh, a.name_en, a.subdistrict, a.community, a.cell, a.unit, a.communities, a.disabled
      from account a where a.district = x.district and a.account = x.account) a on true
    left join notice n on t.subject = 'notice' and n.district = t.district and n.seq = t.seq and n.recipient = t.recipient`;

/** Before it is sent: should this node die now, the next one knows that the device may show it. */
const BEGUN = 'update outbound set showing = true where district = $1 and id = any($2::bigint[])';

/** A row that somebody woke meanwhile (`next_at` is another than was taken) is looked at when they said. */
const FINISH = `
  update outbound o set leased_until = null, due_at = r.due, attempts = r.attempts, retry_at = r.retry, showing = r.showing, status = coalesce(r.status, o.status),
    sends = o.sends + r.sent, sent_at = case when r.sent = 1 then coalesce(o.sent_at, $2) else o.sent_at end,
    last_sent_at = case when r.sent = 1 then $2 else o.last_sent_at end,
    outcome = r.outcome,
    next_at = case when r.outcome is not null then null when o.next_at is distinct from r.was then o.next_at else r.next end
  from unnest($3::bigint[], $4::timestamptz[], $5::timestamptz[], $6::timestamptz[], $7::integer[], $8::boolean[], $9::integer[], $10::integer[], $11::text[],
    $12::timestamptz[])
    r (id, was, next, due, attempts, showing, sent, status, outcome, retry)
  where o.district = $1 and o.id = r.id`;

/** What a later ring of the same assignment takes over: the notification that stands on the device is now its own. */
const HAND_ON = `
  update outbound o set showing = true from outbound r
  where r.district = $1 and r.id = any($2::bigint[]) and r.showing and o.district = r.district and o.kind = r.kind and o.target = r.target
    and o.assignment = r.assignment and o.seq > r.seq and o.next_at is not null`;

export interface Finished extends After {
  readonly row: Pick<Claimed, 'id' | 'next_at'>;
  readonly status: number | null;
}

export class OutboundRows {
  readonly #pool: pg.Pool;
  readonly #district: number;

  constructor(pool: pg.Pool, district: number) {
    this.#pool = pool;
    this.#district = district;
  }

  /** Once for each device of the unit; a ring that is known already changes nothing. */
  async takeRings(rings: readonly AskedRing[], now: Date): Promise<void> {
    if (rings.length === 0) return;
    const payload = ({ level, until, drill }: AskedRing): string =>
      JSON.stringify({ level, until, ...(drill ? { drill } : {}) } satisfies RingPayload);
    await this.#pool.query({
      name: 'outbound-rings',
      text: RINGS,
      values: [
        this.#district,
        now,
        rings.map((r) => r.seq),
        rings.map((r) => r.incident),
        rings.map((r) => r.assignment),
        rings.map((r) => `unit:${r.unit}`),
        rings.map(payload),
        rings.map((r) => r.at),
      ],
    });
  }

  /** What lies in inboxes and no page has. */
  async takeNotices(now: Date): Promise<void> {
    await this.#pool.query({ name: 'outbound-notices', text: NOTICES, values: [this.#district, now] });
  }

  /** @returns its id; null: the session has no subscription. Asked again within five seconds it is the same. */
  async takeTest(session: string, now: Date): Promise<number | null> {
    const { rows } = await this.#pool.query<{ id: number }>(TEST, [this.#district, now, session]);
    return rows[0]?.id ?? null;
  }

  /** Rings that may be over. */
  async wakeRings(assignments: readonly string[], now: Date): Promise<void> {
    await this.#wake('assignment = any($3::uuid[])', assignments, now);
  }

  /** A session that may have ended. */
  async wakeSession(session: string, now: Date): Promise<void> {
    await this.#wake('session = any($3::text[])', [session], now);
  }

  async #wake(which: string, values: readonly string[], now: Date): Promise<void> {
    if (values.length === 0) return;
    await this.#pool.query(`update outbound set next_at = $2 where district = $1 and next_at > $2 and ${which}`, [
      this.#district,
      now,
      values,
    ]);
  }

  async claim(now: Date, leaseMs: number, most: number): Promise<Claimed[]> {
    const { rows } = await this.#pool.query<Claimed>({
      name: 'outbound-claim',
      text: CLAIM,
      values: [this.#district, now, new Date(now.getTime() + leaseMs), most],
    });
    return rows;
  }

  async begun(ids: readonly number[]): Promise<void> {
    if (ids.length > 0) await this.#pool.query(BEGUN, [this.#district, ids]);
  }

  async finish(rows: readonly Finished[], now: Date): Promise<void> {
    if (rows.length === 0) return;
    const replaced = rows.filter((r) => r.outcome === 'replaced').map((r) => r.row.id);
    if (replaced.length > 0) await this.#pool.query(HAND_ON, [this.#district, replaced]);
    const time = (ms: number | null): Date | null => (ms === null ? null : new Date(ms));
    await this.#pool.query({
      name: 'outbound-finish',
      text: FINISH,
      values: [
        this.#district,
        now,
        rows.map((r) => r.row.id),
        rows.map((r) => r.row.next_at),
        rows.map((r) => time(r.nextMs)),
        rows.map((r) => time(r.dueMs)),
        rows.map((r) => r.attempts),
        rows.map((r) => r.showing),
        rows.map((r) => (r.sent ? 1 : 0)),
        rows.map((r) => r.status),
        rows.map((r): PushOutcome | null => r.outcome),
        rows.map((r) => time(r.retryMs)),
      ],
    });
  }

  /** How far a message has come, as the device says; only its own. Told twice, the first time counts. */
  async received(session: string, id: number, stage: 'delivered' | 'shown', now: Date): Promise<void> {
    await this.#pool.query(
      `update outbound set delivered_at = coalesce(delivered_at, $4), shown_at = case when $5 then coalesce(shown_at, $4) else shown_at end
       where district = $1 and id = $2 and session = $3`,
      [this.#district, id, session, now, stage === 'shown'],
    );
  }

  /** Rows that were over before anything was sent say nothing that the log does not. */
  async prune(now: Date): Promise<void> {
    await this.#pool.query(
      `delete from outbound where district = $1 and outcome in ('over', 'replaced') and sends = 0 and not showing
       and queued_at < $2::timestamptz - interval '1 day'`,
      [this.#district, now],
    );
  }
}
