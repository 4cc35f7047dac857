/** The figures of some days, read in one snapshot so that they add up. */
import { type Kysely, sql, type SqlBool } from 'kysely';
import type { Schema } from '../db/schema.ts';
import { LEVELS } from '../dispatch/chain/incident.ts';
import { STATES } from '../dispatch/chain/states.ts';
import { dateOf, dayOf } from '../china-time.ts';
import { FIGURES, type FigureName } from './definitions.ts';
import { AGES, type DayFigures } from './schemas.ts';
import { incidentsOf, rowsOf } from './sources.ts';
import { byAge, byHour, NONE, spreads, tally, type Spread, type Tallies, type Tally } from './tally.ts';
import { before, periodOf, placesBy, weekdayOf, type View } from './view.ts';

type Db = Kysely<Schema>;
type Figure = DayFigures['figures'][number];

/** Everything that ran when the view was asked for must be in the ledger. */
export function dayFigures(db: Db, view: View): Promise<DayFigures> {
  return db
    .transaction()
    .setIsolationLevel('repeatable read')
    .setAccessMode('read only')
    .execute((tx) => read(tx, view));
}

async function read(db: Db, view: View): Promise<DayFigures> {
  const reported = await tally(db, rowsOf(db, 'reported', view));
  const closed = await tally(db, rowsOf(db, 'closed', view));
  const open = await tally(db, rowsOf(db, 'open', view));
  const declined = await tally(db, rowsOf(db, 'declined', view));
  const heads = await headsOf(db, view);
  const { decided, answered } = heads;
  const tallies = { reported, closed, decided };
  const ages = await byAge(db, rowsOf(db, 'open', view), view.now);
  const days = daysOf(view);
  return {
    from: dateOf(view.firstDay),
    to: dateOf(view.lastDay),
    asOf: view.now.toISOString(),
    places: placesBy(view),
    counts: {
      reported: reported.all.n,
      closed: closed.all.n,
      open: open.all.n,
      overdue: open.all.late,
      suspended: open.all.suspended,
      critical: (open.level.get('1') ?? NONE).n,
    },
    leftOut: { ...(await leftOut(db, view)), suspended: open.all.suspended },
    figures: figuresOf(heads, await headsOf(db, before(view))),
    steps: stepsOf(await spreads(db, rowsOf(db, 'step', view))),
    days: days.map((day) => ({ day: dateOf(day), ...sums(tallies, 'day', dateOf(day)) })),
    hours: await byHour(db, rowsOf(db, 'reported', view)),
    weekdays: [1, 2, 3, 4, 5, 6, 7].map((weekday) => ({ weekday, days: days.filter((day) => weekdayOf(day) === weekday).length })),
    byLevel: LEVELS.map((level, i) => {
      const still = open.level.get(String(i + 1)) ?? NONE;
      return { level, ...sums(tallies, 'level', String(i + 1)), open: still.n, overdue: still.late };
    }),
    byPlace: placesOf(tallies, { open, declined, answered }),
    backlog: AGES.map((age) => {
      const { n, late, suspended } = ages.get(age) ?? NONE;
      return { age, open: n, overdue: late, suspended };
    }),
  };
}

/** Up to today: a day that has not come has nothing to show. */
function daysOf({ firstDay, lastDay, now }: View): number[] {
  const last = Math.min(lastDay, dayOf(now.getTime()));
  return Array.from({ length: Math.max(0, last - firstDay + 1) }, (_, i) => firstDay + i);
}

interface Heads {
  readonly answered: Tallies;
  readonly decided: Tallies;
  readonly rung: Spread | undefined;
  readonly rated: Tally;
}

/** What the five figures are made of. */
async function headsOf(db: Db, view: View): Promise<Heads> {
  return {
    answered: await tally(db, rowsOf(db, 'step', view), sql`r.clock = 'acknowledge'`),
    decided: await tally(db, rowsOf(db, 'decided', view)),
    rung: (await spreads(db, rowsOf(db, 'rung', view))).get(''),
    rated: (await tally(db, rowsOf(db, 'rated', view))).all,
  };
}

/** Per cent to one decimal; null of nothing. */
const share = (part: number, of: number): number | null => (of === 0 ? null : Math.round((1_000 * part) / of) / 10);
const tenth = (value: number | null | undefined): number | null => (value == null ? null : Math.round(value * 10) / 10);

function figuresOf(now: Heads, then: Heads): Figure[] {
  const value = (name: FigureName, { answered, decided, rated, rung }: Heads): number | null => {
    switch (name) {
      case 'responseRate':
        return share(answered.all.n - answered.all.late, answered.all.n);
      case 'resolutionRate':
        return share(decided.all.solved, decided.all.n);
      case 'satisfactionRate':
        return share(rated.n - rated.late, rated.n);
      case 'onTimeRate':
        return share(decided.all.n - decided.all.late, decided.all.n);
      case 'ringDelay':
        return tenth(rung?.p[1]);
    }
  };
  const counted = (name: FigureName): Pick<Figure, 'of' | 'missed'> => {
    const { answered, decided, rated, rung } = now;
    switch (name) {
      case 'responseRate':
        return { of: answered.all.n, missed: answered.all.late };
      case 'resolutionRate':
        return { of: decided.all.n, missed: decided.all.n - decided.all.solved };
      case 'satisfactionRate':
        return { of: rated.n, missed: rated.late };
      case 'onTimeRate':
        return { of: decided.all.n, missed: decided.all.late };
      case 'ringDelay':
        return { of: rung?.decided ?? 0, missed: rung?.late ?? 0 };
    }
  };
  return Object.values(FIGURES).map(({ name, target }) => ({
    name,
    value: value(name, now),
    target,
    ...counted(name),
    before: value(name, then),
    ...(name === 'ringDelay' ? { median: tenth(now.rung?.p[0]), p95: tenth(now.rung?.p[2]), unrung: now.rung?.open ?? 0 } : {}),
  }));
}

/** In the order of the chain; the date of a suspension is no step. */
function stepsOf(found: ReadonlyMap<string, Spread>): DayFigures['steps'] {
  return STATES.flatMap(({ clock, step }) => {
    if (clock === null || clock === 'resume') return [];
    const { decided, late, open, p } = found.get(clock) ?? { decided: 0, late: 0, open: 0, p: [null, null, null] as const };
    return [{ clock, step, decided, late, lateOpen: open, p50: p[0], p90: p[1], p95: p[2] }];
  });
}

type Three = Readonly<Record<'reported' | 'closed' | 'decided', Tallies>>;

function sums({ reported, closed, decided }: Three, by: 'day' | 'level' | 'place', key: string) {
  const done = decided[by].get(key) ?? NONE;
  return { reported: (reported[by].get(key) ?? NONE).n, closed: (closed[by].get(key) ?? NONE).n, decided: done.n, late: done.late };
}

/** Worst first: the lowest share in time, then the most late ones. Where nothing is decided yet comes last. */
function placesOf(three: Three, more: { open: Tallies; declined: Tallies; answered: Tallies }): DayFigures['byPlace'] {
  const all = [...Object.values(three), ...Object.values(more)] as Tallies[];
  const codes = [...new Set(all.flatMap((t) => [...t.place.keys()]))];
  const places = codes.map((code) => {
    const total = sums(three, 'place', code);
    const of = (tallies: Tallies) => tallies.place.get(code) ?? NONE;
    const answered = of(more.answered);
    return {
      code,
      ...total,
      open: of(more.open).n,
      overdue: of(more.open).late,
      toAnswer: answered.n,
      answeredLate: answered.late,
      declined: of(more.declined).n,
      responseRate: share(answered.n - answered.late, answered.n),
      onTimeRate: share(total.decided - total.late, total.decided),
    };
  });
  const rank = (rate: number | null) => rate ?? Number.POSITIVE_INFINITY;
  return places.sort((a, b) => {
    const [x, y] = [rank(a.onTimeRate), rank(b.onTimeRate)];
    if (x !== y) return x < y ? -1 : 1;
    return b.late - a.late || b.overdue - a.overdue || (a.code < b.code ? -1 : 1);
  });
}

/** What the period had and the figures do not: said, so that nobody wonders where it went. */
async function leftOut(db: Db, view: View): Promise<Omit<DayFigures['leftOut'], 'suspended'>> {
  const { from, to } = periodOf(view);
  const { rows } = await sql<Omit<DayFigures['leftOut'], 'suspended'>>`
    select count(*) filter (where not i.drill and i.state = 'merged')::integer as merged,
      count(*) filter (where not i.drill and i.state = 'cancelled')::integer as cancelled, count(*) filter (where i.drill)::integer as drill,
      (select count(*)::integer from (${incidentsOf(db, view)}) i join step_time s on s.district = ${view.actor.district} and s.incident = i.id
        where s.clock = 'total' and s.ended_to = 'closed' and s.ended_by = 'forceClose' and s.ended_at >= ${from} and s.ended_at < ${to}) as forced
    from (${incidentsOf(db, view, sql<SqlBool>`true`)}) i where i.reported_at >= ${from} and i.reported_at < ${to}`.execute(db);
  return rows[0]!;
}
