/** Counting a set's rows: by day, level and place in one pass. */
import { type Kysely, type RawBuilder, sql } from 'kysely';
import type { Schema } from '../db/schema.ts';
import type { Rows } from './sources.ts';
import { ageOf, DAY, HOUR, WEEKDAY } from './sources.ts';

export interface Tally {
  readonly n: number;
  readonly late: number;
  readonly solved: number;
  readonly unended: number;
  readonly suspended: number;
}
export const NONE: Tally = { n: 0, late: 0, solved: 0, unended: 0, suspended: 0 };

export interface Tallies {
  readonly all: Tally;
  readonly day: ReadonlyMap<string, Tally>;
  /** By number: 1 is R1. */
  readonly level: ReadonlyMap<string, Tally>;
  readonly place: ReadonlyMap<string, Tally>;
}

const COUNTS = sql`count(*)::integer as n, count(*) filter (where late)::integer as late, count(*) filter (where solved)::integer as solved,
  count(*) filter (where not ended)::integer as unended, count(*) filter (where state = 'suspended')::integer as suspended`;

type Group = Tally & { readonly by: 'all' | 'day' | 'level' | 'place'; readonly key: string };

export async function tally(db: Kysely<Schema>, rows: Rows, where: RawBuilder<unknown> = sql`true`): Promise<Tallies> {
  const { rows: groups } = await sql<Group>`
    select case when grouping(day) = 0 then 'day' when grouping(level) = 0 then 'level' when grouping(place) = 0 then 'place' else 'all' end as by,
      coalesce(day::text, level::text, place, '') as key, ${COUNTS}
    from (select ${DAY} as day, r.level, r.place, r.late, r.solved, r.ended, r.state from (${rows}) r where ${where}) x
    group by grouping sets ((day), (level), (place), ())`.execute(db);
  const of = (by: Group['by']) => new Map(groups.filter((g) => g.by === by).map(({ by: _by, key, ...counts }) => [key, counts]));
  return { all: of('all').get('') ?? NONE, day: of('day'), level: of('level'), place: of('place') };
}

export async function byHour(db: Kysely<Schema>, rows: Rows): Promise<{ weekday: number; hour: number; reported: number }[]> {
  const { rows: hours } = await sql<{ weekday: number; hour: number; reported: number }>`
    select ${WEEKDAY} as weekday, ${HOUR} as hour, count(*)::integer as reported from (${rows}) r group by 1, 2 order by 1, 2`.execute(db);
  return hours;
}

export async function byAge(db: Kysely<Schema>, rows: Rows, now: Date): Promise<ReadonlyMap<string, Tally>> {
  const { rows: ages } = await sql<Tally & { age: string }>`
    select age, ${COUNTS} from (select ${ageOf(now)} as age, r.late, r.solved, r.ended, r.state from (${rows}) r) x group by age`.execute(
    db,
  );
  return new Map(ages.map(({ age, ...counts }) => [age, counts]));
}

export interface Spread {
  readonly decided: number;
  readonly late: number;
  /** Without a value: not ended, or rung nowhere. */
  readonly open: number;
  /** Interpolated between the two nearest; null without a value. */
  readonly p: readonly [p50: number | null, p90: number | null, p95: number | null];
}

/** How the values of a set spread, by clock. */
export async function spreads(db: Kysely<Schema>, rows: Rows): Promise<ReadonlyMap<string, Spread>> {
  const { rows: clocks } = await sql<{ clock: string; decided: number; late: number; open: number; p: [number, number, number] | null }>`
    select clock, count(*)::integer as decided, count(*) filter (where late)::integer as late, count(*) filter (where not ended)::integer as open,
      percentile_cont(array[0.5, 0.9, 0.95]) within group (order by used) filter (where ended) as p
    from (${rows}) r group by clock`.execute(db);
  return new Map(clocks.map(({ clock, p, ...counts }) => [clock, { ...counts, p: p ?? [null, null, null] }]));
}
