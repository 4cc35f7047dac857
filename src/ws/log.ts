/** The log of moves as push reads it: the head, what comes after a seq, what was open when the node started, and where one incident lies. */
import type pg from 'pg';

import type { ChangedAssignment, Level } from '../dispatch/chain/incident.ts';
import type { State, Verb } from '../dispatch/chain/states.ts';
import type { NoticeKind, Recipient } from '../dispatch/chain/told.ts';
import type { Placed } from '../identity/scope.ts';
import type { PushedMove } from './encode.ts';
import type { OpenAssignment } from './open-work.ts';

export interface FeedHead {
  readonly head: number;
  /** Changes when the database is restored from a backup: seqs of before mean nothing then. */
  readonly epoch: string;
}

export interface MoveLog {
  /** @throws Error if the district has no feed: the database is not set up. */
  head(): Promise<FeedHead>;
  /** Head and all open assignments at the same instant. */
  snapshot(): Promise<FeedHead & { readonly open: readonly OpenAssignment[] }>;
  /** Up to `limit` moves after `seq`, in order, without a hole; fewer means that the head was reached. */
  after(seq: number, limit: number): Promise<readonly PushedMove[]>;
  /** Where these incidents lie; those that do not exist are missing. */
  placesOf(incidents: readonly string[]): Promise<ReadonlyMap<string, Placed>>;
}

/** SQL: the JSON array, or an empty one where a document has none. */
const arrayOf = (json: string): string => `case when json_typeof(${json}) = 'array' then ${json} else '[]'::json end`;

/**
 * `units` are those assigned up to that very move: else a unit would be told, from the log, moves from before it had to do with the incident, which the same
 * unit following live is not. The subquery runs only for moves that were not the incident's newest.
 */
const AFTER = `
  select m.seq, m.incident, i.number, m.verb, m.from_state, m.to_state, m.version, m.level, m.at, m.payload->'changed' as changed,
    m.payload->'told' as told, m.payload->>'notice' as notice,
    i.cell, i.community, i.subdistrict, i.reported_by, i.drill,
    case when m.version = i.version or cardinality(i.units) = 0 then i.units else array(
      select distinct c->>'unit' from move e, json_array_elements(${arrayOf(`e.payload->'changed'`)}) c
      where e.district = m.district and e.incident = m.incident and e.version <= m.version) end as units
  from move m join incident i on i.district = m.district and i.id = m.incident
  where m.district = $1 and m.seq > $2 and m.seq <= $3 order by m.seq`;

/** One statement, so one snapshot: `open` is the state at `head`, neither earlier nor later. */
const SNAPSHOT = `
  select f.head, f.epoch, coalesce((
    select json_agg(json_build_object('incident', i.id, 'level', i.level, 'assignment', a->>'id', 'unit', a->>'unit', 'state', a->>'state', 'until', a->>'until', 'drill', i.drill,
      'seq', assigned.seq, 'at', assigned.at))
    from incident i cross join lateral json_array_elements(${arrayOf(`i.doc->'assignments'`)}) a
    cross join lateral (
      select m.seq, m.at from move m, json_array_elements(${arrayOf(`m.payload->'changed'`)}) c
      where m.district = i.district and m.incident = i.id and c->>'id' = a->>'id' and c->>'state' = 'assigned' order by m.seq desc limit 1) assigned
    where i.district = f.district and i.ended_at is null and cardinality(i.units) > 0
      and a->>'state' in ('assigned', 'acknowledged', 'enRoute', 'onScene')), '[]') as open
  from feed f where f.district = $1`;

interface MoveRow {
  seq: string;
  incident: string;
  number: string;
  verb: Verb;
  from_state: State | 'none';
  to_state: State;
  version: number;
  level: number;
  at: Date;
  changed: readonly ChangedAssignment[] | null;
  told: readonly Recipient[] | null;
  notice: NoticeKind | null;
  cell: string;
  community: string;
  subdistrict: string;
  reported_by: string;
  drill: boolean;
  units: string[];
}

function toMove(district: number, row: MoveRow): PushedMove {
  return {
    district,
    seq: Number(row.seq),
    incident: row.incident,
    number: row.number,
    verb: row.verb,
    from: row.from_state,
    to: row.to_state,
    version: row.version,
    level: `R${row.level}` as Level,
    cell: row.cell,
    community: row.community,
    subdistrict: row.subdistrict,
    reportedBy: row.reported_by,
    units: row.units,
    at: row.at.toISOString(),
    ...(row.drill ? { drill: true as const } : {}),
    ...(row.changed?.length ? { changed: row.changed } : {}),
    ...(row.told !== null && row.notice !== null ? { told: row.told, notice: row.notice } : {}),
  };
}

export function databaseLog(pool: pg.Pool, district: number): MoveLog {
  const headFrom = (row: { head: string; epoch: string } | undefined): FeedHead => {
    if (!row) throw new Error(`the database has no feed for district ${district}`);
    return { head: Number(row.head), epoch: row.epoch };
  };
  return {
    async head() {
      const { rows } = await pool.query<{ head: string; epoch: string }>({
        name: 'ws-head',
        text: 'select head, epoch from feed where district = $1',
        values: [district],
      });
      return headFrom(rows[0]);
    },
    async snapshot() {
      const { rows } = await pool.query<{
        head: string;
        epoch: string;
        open: (Omit<OpenAssignment, 'level' | 'drill'> & { level: number; drill: boolean })[];
      }>(SNAPSHOT, [district]);
      const open = (rows[0]?.open ?? []).map(({ drill, ...a }) => ({
        ...a,
        level: `R${a.level}` as Level,
        at: new Date(a.at).toISOString(),
        ...(drill ? { drill: true as const } : {}),
      }));
      return { ...headFrom(rows[0]), open };
    },
    async after(seq, limit) {
      const { rows } = await pool.query<MoveRow>({ name: 'ws-after', text: AFTER, values: [district, seq, seq + limit] });
      return rows.map((row) => toMove(district, row));
    },
    async placesOf(incidents) {
      const { rows } = await pool.query<Omit<Placed, 'reportedBy'> & { id: string; reported_by: string }>({
        name: 'ws-places',
        text: 'select id, district, subdistrict, community, cell, units, reported_by from incident where district = $1 and id = any($2::uuid[])',
        values: [district, incidents],
      });
      return new Map(rows.map(({ id, reported_by, ...place }) => [id, { ...place, reportedBy: reported_by }]));
    },
  };
}
