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

const LIMITED: readonly LimitedClock[] = [
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

/** @throws Error naming the missing figure: nobody should meet it in the middle of an incident. */
export async function loadRules(db: Kysely<Schema>, office: OfficeHours): Promise<Rules> {
  const limits = await readLimits(db);
  const perLevel = await db.selectFrom('level_rule').selectAll().execute();
  const figure = (level: Level, name: 'extensions' | 'suspend_days'): number => {
    const row = perLevel.find((r) => r.level === level);
    if (row === undefined) throw new Error(`level_rule has no row for ${level}`);
    return row[name];
  };
  const each = (name: 'extensions' | 'suspend_days') =>
    Object.fromEntries(LEVELS.map((level) => [level, figure(level, name)])) as Record<Level, number>;
  return { limits, calendar: workingCalendar(office), extensions: each('extensions'), suspendDays: each('suspend_days') };
}

async function readLimits(db: Kysely<Schema>): Promise<Rules['limits']> {
  const rows = await db.selectFrom('level_limit').selectAll().execute();
  const limits = new Map(rows.map((r): [`${Level}:${LimitedClock}`, Limit] => [`${r.level}:${r.clock}`, r]));
  for (const level of LEVELS) {
    for (const clock of LIMITED) if (!limits.has(`${level}:${clock}`)) throw new Error(`level_limit has no row for ${level} ${clock}`);
  }
  return limits;
}

function workingCalendar({ days, labels, hours }: OfficeHours): WorkingCalendar {
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
