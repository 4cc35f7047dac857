/** Who was told what, when, on which device: every time an assignment of the incident asked for an answer, and what became of it. */
import type pg from 'pg';
import type { Push } from './push-item.ts';

export type { Push };

/**
 * What was asked and answered comes from the log, so that also a ring that reached nobody is listed; the devices come from the evidence. The answer to a ring is the
 * first `acknowledged` before the assignment rang again.
 */
const PUSHES = `
  with changes as (
    select m.seq, m.at, c->>'id' as assignment, c->>'unit' as unit, c->>'state' as state
    from move m, json_array_elements(case when json_typeof(m.payload->'changed') = 'array' then m.payload->'changed' else '[]'::json end) c
    where m.district = $1 and m.incident = $2),
  asked as (
    select a.*, (select min(n.seq) from changes n where n.assignment = a.assignment and n.seq > a.seq and n.state = 'assigned') as again
    from changes a where a.state = 'assigned')
  select a.assignment, a.unit, p.account, p.device, a.at as queued_at, p.sent_at, p.delivered_at, p.shown_at,
    (select min(k.at) from changes k where k.assignment = a.assignment and k.state = 'acknowledged' and k.seq > a.seq and (a.again is null or k.seq < a.again)) as acknowledged_at
  from asked a left join push p on p.district = $1 and p.incident = $2 and p.seq = a.seq and p.assignment::text = a.assignment
  order by a.seq, a.assignment, p.sent_at, p.session`;

interface Row {
  assignment: string;
  unit: string;
  account: string | null;
  device: string | null;
  queued_at: Date;
  sent_at: Date | null;
  delivered_at: Date | null;
  shown_at: Date | null;
  acknowledged_at: Date | null;
}

export async function pushesOf(pool: pg.Pool, district: number, incident: string): Promise<Push[]> {
  const { rows } = await pool.query<Row>(PUSHES, [district, incident]);
  return rows.map((row) => ({
    assignment: row.assignment,
    unit: row.unit,
    account: row.account,
    device: row.device,
    queuedAt: row.queued_at.toISOString(),
    sentAt: row.sent_at?.toISOString() ?? null,
    deliveredAt: row.delivered_at?.toISOString() ?? null,
    shownAt: row.shown_at?.toISOString() ?? null,
    acknowledgedAt: row.acknowledged_at?.toISOString() ?? null,
  }));
}
