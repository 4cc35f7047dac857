/** The working calendar as rows: read whole, changed whole, with who changed it and with the deadlines that have to follow. */
import { createHash } from 'node:crypto';
import { type Kysely, sql } from 'kysely';
import { recordChange } from '../db/settings-change.ts';
import { bumpSettings } from '../db/settings-version.ts';
import type { Schema } from '../db/schema.ts';
import type { CalendarDay } from './calendar-days.ts';
import { type CalendarBook, type CalendarEdit, editCalendar, sameDay, type WorkingSpan } from './calendar-edit.ts';
import type { CalendarFault } from './calendar-faults.ts';

/** Two people's edits, or an edit and an import, come one after the other. */
const CALENDAR_LOCK = 441802003;

export async function readCalendarBook(db: Kysely<Schema>, district: number): Promise<CalendarBook> {
  const rows = await db
    .selectFrom('calendar_day')
    .select([sql<string>`to_char(day, 'YYYY-MM-DD')`.as('date'), 'kind', 'working', 'statutory', 'label_zh', 'label_en', 'status'])
    .where('district', '=', district)
    .orderBy('day')
    .execute();
  const hours = await db
    .selectFrom('working_hours')
    .select(['opens as from', 'closes as to'])
    .where('district', '=', district)
    .orderBy('opens')
    .execute();
  const days = rows.map(({ date, label_zh, label_en, ...same }): [string, CalendarDay] => [
    date,
    { ...same, day: date, labelZh: label_zh, labelEn: label_en },
  ]);
  return { days: new Map(days), hours };
}

/** Same content, same text: who edits says what the edit was made on. */
export function basisOf(book: CalendarBook): string {
  return createHash('sha256')
    .update(JSON.stringify([[...book.days.values()], book.hours]))
    .digest('base64url')
    .slice(0, 22);
}

export type SavedCalendar =
  | { readonly ok: true; readonly book: CalendarBook; readonly version: number; readonly changed: number }
  | { readonly ok: false; readonly code: 'settings-changed' }
  | { readonly ok: false; readonly code: 'invalid-calendar'; readonly faults: readonly CalendarFault[] };

/**
 * Checks and writes an edit, all of it or nothing.
 *
 * @param basis  refuses with `settings-changed` if the calendar is another one by now; absent: the edit holds on whatever is there.
 * @param account  who asks.
 */
export function saveCalendar(
  db: Kysely<Schema>,
  district: number,
  edit: CalendarEdit,
  { account, basis }: { readonly account: string; readonly basis?: string | undefined },
): Promise<SavedCalendar> {
  return db.transaction().execute(async (tx): Promise<SavedCalendar> => {
    await sql`select pg_advisory_xact_lock(${CALENDAR_LOCK})`.execute(tx);
    const before = await readCalendarBook(tx, district);
    if (basis !== undefined && basis !== basisOf(before)) return { ok: false, code: 'settings-changed' };
    const edited = editCalendar(before, edit);
    if (!edited.ok) return { ok: false, code: 'invalid-calendar', faults: edited.faults };
    const { book, changed, hoursChanged } = edited;
    await writeDays(tx, district, changed);
    if (hoursChanged) await writeHours(tx, district, book.hours);
    const version = await calendarChanged(tx, district, account, before, { changed, hours: hoursChanged ? book.hours : null });
    return { ok: true, book, version, changed: changed.length };
  });
}

/** Days of whole years in place of those that are there, already checked. Belongs into a transaction of the caller. */
export async function replaceDays(tx: Kysely<Schema>, district: number, days: readonly CalendarDay[], account: string): Promise<void> {
  await sql`select pg_advisory_xact_lock(${CALENDAR_LOCK})`.execute(tx);
  const before = await readCalendarBook(tx, district);
  const changed = days.filter((day) => !sameDay(day, before.days.get(day.day)));
  if (changed.length === 0) return;
  await writeDays(tx, district, changed);
  await calendarChanged(tx, district, account, before, { changed, hours: null });
}

/** Adds days, and changes those that are there. */
async function writeDays(tx: Kysely<Schema>, district: number, days: readonly CalendarDay[]): Promise<void> {
  const rows = days.map(({ labelZh, labelEn, ...same }) => ({ district, ...same, label_zh: labelZh, label_en: labelEn }));
  // Eight columns: some thousand rows are far below what one statement takes.
  for (let from = 0; from < rows.length; from += 2_000) {
    await tx
      .insertInto('calendar_day')
      .values(rows.slice(from, from + 2_000))
      .onConflict((on) =>
        on.columns(['district', 'day']).doUpdateSet((eb) => ({
          kind: eb.ref('excluded.kind'),
          working: eb.ref('excluded.working'),
          statutory: eb.ref('excluded.statutory'),
          label_zh: eb.ref('excluded.label_zh'),
          label_en: eb.ref('excluded.label_en'),
          status: eb.ref('excluded.status'),
        })),
      )
      .execute();
  }
}

async function writeHours(tx: Kysely<Schema>, district: number, hours: readonly WorkingSpan[]): Promise<void> {
  const named = await tx
    .selectFrom('working_hours')
    .select(['code', 'label_zh', 'label_en'])
    .where('district', '=', district)
    .orderBy('opens')
    .execute();
  await tx.deleteFrom('working_hours').where('district', '=', district).execute();
  const taken = new Set(named.map((row) => row.code));
  const free = Array.from({ length: hours.length }, (_, i) => `span-${i + 1}`).filter((code) => !taken.has(code));
  const rows = hours.map(({ from, to }, i) => ({
    district,
    ...(named[i] ?? { code: free[i - named.length]!, label_zh: `第 ${i + 1} 段`, label_en: `Span ${i + 1}` }),
    opens: from,
    closes: to,
  }));
  await tx.insertInto('working_hours').values(rows).execute();
}

/**
 * What goes with every change of the calendar: a row of who changed what, nodes that read again, and open incidents whose deadlines follow.
 *
 * @returns version of the settings.
 */
async function calendarChanged(
  tx: Kysely<Schema>,
  district: number,
  account: string,
  before: CalendarBook,
  after: { readonly changed: readonly CalendarDay[]; readonly hours: readonly WorkingSpan[] | null },
): Promise<number> {
  const version = await bumpSettings(tx, district);
  const replaced = after.changed.flatMap((day) => before.days.get(day.day) ?? []);
  await recordChange(tx, district, {
    account,
    subject: 'calendar',
    version,
    before: { days: inRuns(replaced), ...(after.hours === null ? {} : { hours: before.hours }) },
    after: { days: inRuns(after.changed), ...(after.hours === null ? {} : { hours: after.hours }) },
  });
  const feed = await tx.selectFrom('feed').select('head').where('district', '=', district).executeTakeFirst();
  await tx
    .insertInto('recount')
    .values({ district, version, account, head: feed?.head ?? 0, passed: null, finished_at: null, checked_at: null })
    .execute();
  return version;
}

/** Days that follow each other and are alike, as one entry. */
function inRuns(days: readonly CalendarDay[]): (Omit<CalendarDay, 'day' | 'working'> & { from: string; to: string })[] {
  const runs: (Omit<CalendarDay, 'day' | 'working'> & { from: string; to: string })[] = [];
  for (const { day, working: _, ...same } of [...days].sort((a, b) => (a.day < b.day ? -1 : 1))) {
    const last = runs.at(-1);
    if (last !== undefined && follows(last.to, day) && alike(last, same)) last.to = day;
    else runs.push({ from: day, to: day, ...same });
  }
  return runs;
}

const follows = (a: string, b: string): boolean => Date.parse(b) - Date.parse(a) === 86_400_000;
const alike = (a: object, b: object): boolean =>
  Object.entries(b).every(([name, value]) => (a as Readonly<Record<string, unknown>>)[name] === value);
