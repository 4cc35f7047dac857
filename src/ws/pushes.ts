/** Who was told what, when, on which device: every time an assignment of the incident asked for an answer, every notice of it to a place, and what became of each. */
import type pg from 'pg';
import type { Push } from './push-item.ts';
import { firstStop, stopInLog, type NextChange, type Stopped } from './stops.ts';

export type { Push };

/** A web push that was over before anything was sent is none: a socket had it, or nobody had to be told. */
const TRIED = '(sends > 0 or attempts > 0 or status is not null)';

/**
 * What was asked and answered comes from the log, so that also a ring that reached nobody is listed; the devices come from the evidence. The answer to a ring is the
 * first `acknowledged` before the assignment rang again.
 */
const RINGS = `
  with changes as (
    select m.seq, m.at, m.verb, m.to_state, m.actor, c->>'id' as assignment, c->>'unit' as unit, c->>'state' as state
    from move m, json_array_elements(case when json_typeof(m.payload->'changed') = 'array' then m.payload->'changed' else '[]'::json end) c
    where m.district = $1 and m.incident = $2),
  asked as (
    select a.*, (select min(n.seq) from changes n where n.assignment = a.assignment and n.seq > a.seq and n.state = 'assigned') as again
    from changes a where a.state = 'assigned')
  select a.seq, a.assignment, a.unit, p.channel, p.account, p.device, p.session, a.at as queued_at, p.sent_at, p.delivered_at, p.shown_at, p.rings, p.last_sent_at,
    p.stop, p.stopped_at, p.outcome, p.status,
    k.at as acknowledged_at, k.actor as acknowledged_by, n.verb as next_verb, n.to_state as next_to, n.state as next_state, n.at as next_at
  from asked a
    left join lateral (select k.at, k.actor from changes k where k.assignment = a.assignment and k.state = 'acknowledged' and k.seq > a.seq
      and (a.again is null or k.seq < a.again) order by k.seq limit 1) k on true
    left join lateral (select n.* from changes n where n.assignment = a.assignment and n.seq > a.seq order by n.seq limit 1) n on true
    left join (
      select 'socket' as channel, seq, assignment, account, device, session, sent_at, delivered_at, shown_at, rings, last_sent_at, stop, stopped_at,
        null as outcome, null::smallint as status
      from push where district = $1 and incident = $2
      union all
      select kind, seq, assignment, account, device, session, sent_at, delivered_at, shown_at, sends, last_sent_at, null, null, outcome, status
      from outbound where district = $1 and incident = $2 and subject = 'ring' and ${TRIED}
    ) p on p.seq = a.seq and p.assignment::text = a.assignment
  order by a.seq, a.assignment, p.sent_at, p.session, p.channel`;

const NOTICES = `
  select n.seq, n.recipient, n.notice, n.at as queued_at, n.acknowledged_at, n.acknowledged_by, n.acknowledged_session = p.session as acknowledged_here,
    p.channel, p.account, p.device, p.session, p.sent_at, p.delivered_at, p.shown_at, p.outcome, p.status
  from notice n left join lateral (
    select 'socket' as channel, account, device, session, sent_at, delivered_at, shown_at, null as outcome, null::smallint as status
    from notice_push where district = $1 and seq = n.seq and recipient = n.recipient
    union all
    select kind, account, device, session, sent_at, delivered_at, shown_at, outcome, status
    from outbound where district = $1 and incident = $2 and subject = 'notice' and seq = n.seq and recipient = n.recipient and ${TRIED}
  ) p on true
  where n.district = $1 and n.incident = $2
  order by n.seq, n.recipient, p.sent_at, p.session, p.channel`;

interface OnDevice {
  seq: number;
  /** Null like the rest of the device: it reached nobody. */
  channel: 'socket' | 'webpush' | null;
  account: string | null;
  device: string | null;
  session: string | null;
  queued_at: Date;
  sent_at: Date | null;
  delivered_at: Date | null;
  shown_at: Date | null;
  acknowledged_at: Date | null;
  acknowledged_by: string | null;
  outcome: Push['outcome'];
  status: number | null;
}
interface RingRow extends OnDevice {
  assignment: string;
  unit: string;
  rings: number | null;
  last_sent_at: Date | null;
  stop: 'signedOut' | 'shiftOver' | null;
  stopped_at: Date | null;
  next_verb: string | null;
  next_to: string;
  next_state: string;
  next_at: Date;
}
interface NoticeRow extends OnDevice {
  recipient: string;
  notice: string;
  acknowledged_here: boolean | null;
}

/** In the order of the log; at the same move the rings come first. */
export async function pushesOf(pool: pg.Pool, district: number, incident: string): Promise<Push[]> {
  const [rings, notices] = await Promise.all([
    pool.query<RingRow>(RINGS, [district, incident]),
    pool.query<NoticeRow>(NOTICES, [district, incident]),
  ]);
  // A session is a device; what it is called inside is nobody's business.
  const numbers = new Map<string, number>();
  const numberOf = ({ session }: OnDevice): number | null => {
    if (session === null) return null;
    if (!numbers.has(session)) numbers.set(session, numbers.size + 1);
    return numbers.get(session)!;
  };
  return [...rings.rows.map((row) => ringItem(row, numberOf(row))), ...notices.rows.map((row) => noticeItem(row, numberOf(row)))].sort(
    (a, b) => a.seq - b.seq,
  );
}

function ringItem(row: RingRow, deviceNumber: number | null): Push {
  const next: NextChange | null =
    row.next_verb === null ? null : { verb: row.next_verb, to: row.next_to, state: row.next_state, at: row.next_at };
  const here: Stopped | null = row.stop && row.stopped_at && { by: row.stop, at: row.stopped_at };
  const stopped = firstStop(stopInLog(next), here);
  return {
    kind: 'ring',
    seq: row.seq,
    recipient: `unit:${row.unit}`,
    notice: null,
    assignment: row.assignment,
    unit: row.unit,
    ...onDevice(row),
    deviceNumber,
    acknowledgedHere: null,
    rings: row.rings ?? 0,
    lastSentAt: time(row.last_sent_at ?? row.sent_at),
    stoppedAt: time(stopped?.at ?? null),
    stoppedBy: stopped?.by ?? null,
  };
}

function noticeItem(row: NoticeRow, deviceNumber: number | null): Push {
  return {
    kind: 'notice',
    seq: row.seq,
    recipient: row.recipient,
    notice: row.notice,
    assignment: null,
    unit: row.recipient.startsWith('unit:') ? row.recipient.slice('unit:'.length) : null,
    ...onDevice(row),
    deviceNumber,
    acknowledgedHere: row.acknowledged_at === null ? null : (row.acknowledged_here ?? false),
    rings: 0,
    lastSentAt: time(row.sent_at),
    stoppedAt: null,
    stoppedBy: null,
  };
}

function onDevice(row: OnDevice) {
  return {
    channel: row.channel ?? 'socket',
    account: row.account,
    device: row.device,
    outcome: row.outcome,
    status: row.status,
    queuedAt: row.queued_at.toISOString(),
    sentAt: time(row.sent_at),
    deliveredAt: time(row.delivered_at),
    shownAt: time(row.shown_at),
    acknowledgedAt: time(row.acknowledged_at),
    acknowledgedBy: row.acknowledged_by,
  };
}

const time = (at: Date | null): string | null => at?.toISOString() ?? null;
