/** When offices work: days and hours, as rows that anybody may correct. */
import { type Kysely, sql } from 'kysely';
import type { Schema } from '../db/schema.ts';

export interface Calendar {
  /** `YYYY-MM-DD` (China time) → a working day? A date that is missing is not known: say so, do not guess. */
  readonly days: ReadonlyMap<string, boolean>;
  /** What the table calls each date. */
  readonly labels: ReadonlyMap<string, { readonly zh: string; readonly en: string }>;
  readonly hours: readonly { readonly from: string; readonly to: string }[];
}

export async function readCalendar(db: Kysely<Schema>, district: number): Promise<Calendar> {
  const days = await db
    .selectFrom('calendar_day')
    // As text: the driver would make a local midnight of a date.
    .select([sql<string>`to_char(day, 'YYYY-MM-DD')`.as('date'), 'working', 'label_zh', 'label_en'])
    .where('district', '=', district)
    .orderBy('day')
    .execute();
  const hours = await db
    .selectFrom('working_hours')
    .select(['opens as from', 'closes as to'])
    .where('district', '=', district)
    .orderBy('opens')
    .execute();
  return {
    days: new Map(days.map((row) => [row.date, row.working])),
    labels: new Map(days.map((row) => [row.date, { zh: row.label_zh, en: row.label_en }])),
    hours,
  };
}
