/**
 * What figures count, as rows: each set once. A chart's mark is a count over such rows, and the list behind the mark is the same rows, so the two
 * cannot differ. Every row comes through the scope of the caller and through what counts at all.
 */
import { type Kysely, type RawBuilder, sql, type SqlBool } from 'kysely';
import type { Schema } from '../db/schema.ts';
import { levelNumber } from '../dispatch/chain/levels.ts';
import { inScope } from '../dispatch/incidents.ts';
import { COUNTED, WITHDRAWN_BY } from './counted.ts';
import { RING_TARGET_S } from './definitions.ts';
import type { BehindQuery, SetName } from './schemas.ts';
import { periodOf, placesBy, type View } from './view.ts';

export type Rows = RawBuilder<unknown>;

/** The incidents that a view is about, whatever their day. */
export function incidentsOf(db: Kysely<Schema>, view: View, counted: RawBuilder<SqlBool> = COUNTED) {
  const { actor, levels, subdistrict, community } = view;
  return db
    .selectFrom('incident')
    .select(['id', 'number', 'category', 'level', 'state', 'subdistrict', 'community', 'cell', 'lead_unit'])
    .select(['found_at', 'reported_at', 'due_at', 'ended_at', 'drill'])
    .where('district', '=', actor.district)
    .where((eb) => inScope(eb, actor))
    .where(counted)
    .$if(levels !== null, (q) => q.where('level', 'in', levels!.map(levelNumber)))
    .$if(subdistrict !== null, (q) => q.where('subdistrict', '=', subdistrict!))
    .$if(community !== null, (q) => q.where('community', '=', community!));
}

/** Columns of every set: the incident, when it came into the set, and what is said of it there. */
const columns = (
  view: View,
  more: { at: Rows; late?: Rows; solved?: Rows; used?: Rows; clock?: Rows; tie?: Rows; ended?: Rows },
): Rows => sql`
  i.id, i.number, i.category, i.level, i.state, i.subdistrict, i.community, i.reported_at,
  ${placesBy(view) === 'subdistrict' ? sql`i.subdistrict` : sql`i.community`} as place,
  ${more.at} as at, ${more.late ?? sql`null::boolean`} as late, ${more.solved ?? sql`null::boolean`} as solved,
  ${more.used ?? sql`null::float8`} as used, ${more.clock ?? sql`''`} as clock, ${more.tie ?? sql`i.reported_at`} as tie,
  ${more.ended ?? sql`i.ended_at is not null`} as ended`;

const LATE = sql`(s.due_at is not null and (s.ended_at is null or s.ended_at >= s.due_at))`;
const USED = sql`s.used_ms::float8 / nullif(s.limit_ms, 0)`;

const within = (view: View, at: Rows): Rows => {
  const { from, to } = periodOf(view);
  return sql`${at} >= ${from} and ${at} < ${to} and ${at} <= ${view.now}`;
};
const runs = (db: Kysely<Schema>, view: View): Rows =>
  sql`(${incidentsOf(db, view)}) i join step_time s on s.district = ${view.actor.district} and s.incident = i.id`;

export function rowsOf(db: Kysely<Schema>, set: SetName, view: View): Rows {
  switch (set) {
    case 'reported':
      return sql`select ${columns(view, { at: sql`i.reported_at` })} from (${incidentsOf(db, view)}) i where ${within(view, sql`i.reported_at`)}`;
    case 'closed':
      return sql`select ${columns(view, { at: sql`s.ended_at`, late: LATE, used: USED, tie: sql`s.started_at` })} from ${runs(db, view)}
        where s.clock = 'total' and s.ended_to = 'closed' and s.ended_by <> 'forceClose' and not s.undone and ${within(view, sql`s.ended_at`)}`;
    case 'decided':
      return sql`select ${columns(view, {
        at: sql`s.verdict_at`,
        late: LATE,
        solved: sql`(s.ended_at is not null and not s.undone)`,
        used: USED,
        tie: sql`s.started_at`,
      })} from ${runs(db, view)}
        where s.clock = 'total' and (s.ended_at is null or (s.ended_to = 'closed' and s.ended_by <> 'forceClose'))
          and ${within(view, sql`s.verdict_at`)}`;
    case 'step':
      return sql`select ${columns(view, {
        at: sql`s.verdict_at`,
        late: LATE,
        used: USED,
        clock: sql`s.clock`,
        tie: sql`s.started_at`,
        ended: sql`s.ended_at is not null`,
      })} from ${runs(db, view)}
        where s.clock <> 'total' and ${within(view, sql`s.verdict_at`)}
          and not coalesce(s.ended_by = any(${[...WITHDRAWN_BY]}::text[]) and (s.due_at is null or s.ended_at < s.due_at), false)`;
    case 'declined':
      return sql`select ${columns(view, { at: sql`s.ended_at`, clock: sql`s.clock`, tie: sql`s.started_at` })} from ${runs(db, view)}
        where s.ended_by = 'decline' and s.clock <> 'total' and ${within(view, sql`s.ended_at`)}`;
    case 'open':
      return sql`select ${columns(view, { at: sql`i.reported_at`, late: sql`coalesce(i.due_at <= ${view.now}, false)` })}
        from (${incidentsOf(db, view)}) i where i.ended_at is null`;
    case 'rung':
      return rungRows(db, view);
    case 'rated':
      return ratedRows(db, view);
  }
}

/** Critical when reported: one that became it later rang when that was known. A page that is closed rings by web push. */
function rungRows(db: Kysely<Schema>, view: View): Rows {
  const { district } = view.actor;
  const seconds = sql`extract(epoch from p.sent_at - i.reported_at)::float8`;
  const of = sql`district = ${district} and incident = i.id`;
  return sql`select ${columns(view, {
    at: sql`i.reported_at`,
    late: sql`(p.sent_at is null or ${seconds} > ${RING_TARGET_S})`,
    used: seconds,
    ended: sql`p.sent_at is not null`,
  })} from (${incidentsOf(db, view)}) i
    join move m on m.district = ${district} and m.incident = i.id and m.version = 1 and m.level = 1
    left join lateral (select least((select min(sent_at) from push where ${of}),
      (select min(sent_at) from outbound where ${of} and subject = 'ring')) as sent_at) p on true
    where ${within(view, sql`i.reported_at`)}`;
}

/** Each incident as it was judged last: what was undone and done again counts as it ended. */
function ratedRows(db: Kysely<Schema>, view: View): Rows {
  return sql`select ${columns(view, { at: sql`g.at`, late: sql`g.score < 3`, used: sql`g.score::float8`, tie: sql`g.at` })}
    from (${incidentsOf(db, view)}) i join rating g on g.district = ${view.actor.district} and g.incident = i.id
    where ${within(view, sql`g.at`)}
      and not exists (select from rating l where l.district = g.district and l.incident = g.incident and l.round > g.round)`;
}

const CHINA = sql`'Asia/Shanghai'`;
/** Of the rows of a set, called `r`. */
export const DAY = sql`(r.at at time zone ${CHINA})::date`;
export const HOUR = sql`extract(hour from r.at at time zone ${CHINA})::integer`;
export const WEEKDAY = sql`extract(isodow from r.at at time zone ${CHINA})::integer`;

/** How long it has been open. */
export const ageOf = (now: Date): Rows => {
  const age = sql`${now}::timestamptz - r.at`;
  return sql`case when ${age} < interval '1 day' then 'day' when ${age} < interval '3 days' then 'threeDays'
    when ${age} < interval '7 days' then 'week' when ${age} < interval '30 days' then 'month' else 'older' end`;
};

/** What a mark counts of its set. */
export function markOf(query: Omit<BehindQuery, 'limit' | 'after'>, now: Date): Rows {
  const conditions: Rows[] = [sql`true`];
  if (query.late !== undefined) conditions.push(sql`r.late = ${query.late}`);
  if (query.solved !== undefined) conditions.push(sql`r.solved = ${query.solved}`);
  if (query.clock !== undefined) conditions.push(sql`r.clock = ${query.clock}`);
  if (query.hour !== undefined) conditions.push(sql`${HOUR} = ${query.hour}`);
  if (query.weekday !== undefined) conditions.push(sql`${WEEKDAY} = ${query.weekday}`);
  if (query.age !== undefined) conditions.push(sql`${ageOf(now)} = ${query.age}`);
  if (query.suspended !== undefined) conditions.push(sql`(r.state = 'suspended') = ${query.suspended}`);
  return sql.join(conditions, sql` and `);
}
