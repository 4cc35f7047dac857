/** The figures that decisions go by: rows of the database, and the district's calendar. */
import type { Kysely } from 'kysely';
import type { Schema } from '../db/schema.ts';
import type { WorkingCalendar } from './chain/calendar.ts';
import { LEVELS, type Level } from './chain/incident.ts';
import type { Limit, LimitedClock, Rules } from './chain/levels.ts';

/** Days and hours as the reference tables give them. */
export interface OfficeHours {
  readonly days: ReadonlyMap<string, boolean>;
  readonly labels?: WorkingCalendar['labels'];
  /** `HH:MM`, in order. */
  readonly hours: readonly { readonly from: string; readonly to: string }[];
}

/** Steps that have a limit at every level, in the order in which an incident passes them. */
export const LIMITED: readonly LimitedClock[] = [
  'call',
  'verification',
  'accept',
  'dispatch',
  'acknowledge',
  'arrive',
  'resolve',
  'assignCheck',
  'check',
];

/**
 * @param district  whose own figures go before those that all districts share; absent: the shared ones.
 * @throws Error naming the missing figure: nobody should meet it in the middle of an incident.
 */
export async function loadRules(db: Kysely<Schema>, office: OfficeHours, district?: number): Promise<Rules> {
  const limits = await readLimits(db, district);
  const perLevel = await readLevelRules(db, district);
  const figure = (level: Level, name: keyof LevelRule): number => {
    const row = perLevel.get(level);
    if (row === undefined) throw new Error(`level_rule has no row for ${level}`);
    return row[name];
  };
  const each = (name: keyof LevelRule) => Object.fromEntries(LEVELS.map((level) => [level, figure(level, name)])) as Record<Level, number>;
  return { limits, calendar: workingCalendar(office), extensions: each('extensions'), suspendDays: each('suspendDays') };
}

/** Every level has every limited clock. @throws Error naming what is missing. */
export async function readLimits(db: Kysely<Schema>, district?: number): Promise<Rules['limits']> {
  const shared = await db.selectFrom('level_limit').selectAll().execute();
  const own = district === undefined ? [] : await db.selectFrom('district_limit').selectAll().where('district', '=', district).execute();
  const limits = new Map(
    [...shared, ...own].map(({ level, clock, value, unit, kind }): [`${Level}:${LimitedClock}`, Limit] => [
      `${level}:${clock}`,
      { value, unit, kind },
    ]),
  );
  for (const level of LEVELS) {
    for (const clock of LIMITED) if (!limits.has(`${level}:${clock}`)) throw new Error(`level_limit has no row for ${level} ${clock}`);
  }
  return limits;
}

/** What holds for a level besides its limits. */
export interface LevelRule {
  /** How often an extension may be granted. */
  readonly extensions: number;
  /** Longest suspension in days; 0: never. */
  readonly suspendDays: number;
}

export async function readLevelRules(db: Kysely<Schema>, district?: number): Promise<ReadonlyMap<Level, LevelRule>> {
  const shared = await db.selectFrom('level_rule').selectAll().execute();
  const own =
    district === undefined ? [] : await db.selectFrom('district_level_rule').selectAll().where('district', '=', district).execute();
  return new Map(
    [...shared, ...own].map(({ level, extensions, suspend_days }): [Level, LevelRule] => [
      level,
      { extensions, suspendDays: suspend_days },
    ]),
  );
}

/** The calendar as the clocks count by it. */
export function workingCalendar({ days, labels, hours }: OfficeHours): WorkingCalendar {
  return {
    days,
    ...(labels === undefined ? {} : { labels }),
    spans: hours.map(({ from, to }) => ({ fromMin: minutesOf(from), toMin: minutesOf(to) })),
  };
}

function minutesOf(clock: string): number {
  const [hours, minutes] = clock.split(':').map(Number);
  return hours! * 60 + minutes!;
}
