/** Working time: which minutes of which days count. Pure; the days come from the district's own table. */
import { CHINA_OFFSET_MS, dateOf } from '../../china-time.ts';

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;
/** No limit is longer than a few hundred days; a calendar without working days must not loop for ever. */
const MAX_DAYS = 3_660;

export interface WorkingCalendar {
  /** `YYYY-MM-DD` → is it a working day? Make-up workdays (调休) are true, holidays false. */
  readonly days: ReadonlyMap<string, boolean>;
  /** What the district's table calls a day: only for people. */
  readonly labels?: ReadonlyMap<string, { readonly zh: string; readonly en: string }>;
  /** Counted parts of a working day, in minutes from midnight, in order and apart. */
  readonly spans: readonly { readonly fromMin: number; readonly toMin: number }[];
}

/** Counted milliseconds of one whole working day: 6.5 h with the hours 08:30–12:00 and 14:30–17:30. */
export function workdayMs(calendar: WorkingCalendar): number {
  return calendar.spans.reduce((sum, s) => sum + (s.toMin - s.fromMin) * MINUTE_MS, 0);
}

/** Does the table say anything about this year? Where it does not, Monday to Friday are taken as working days, so warn before. */
export function coversYear(calendar: WorkingCalendar, year: number): boolean {
  return calendar.days.has(`${year}-01-01`) && calendar.days.has(`${year}-12-31`);
}

/** What was found for each day, so that a date is written out once and not for each incident. A few hundred days a calendar. */
const FOUND = new WeakMap<WorkingCalendar, Map<number, boolean>>();

/** @param dayIndex  whole days since 1970-01-01, China's calendar */
export function isWorkingDay(calendar: WorkingCalendar, dayIndex: number): boolean {
  let found = FOUND.get(calendar);
  if (found === undefined) FOUND.set(calendar, (found = new Map()));
  let workday = found.get(dayIndex);
  if (workday === undefined) found.set(dayIndex, (workday = findWorkday(calendar, dayIndex)));
  return workday;
}

/** The name that the calendar gives a day beyond what its weekday says; null for an ordinary one. */
export function workdayLabel({ labels, days }: WorkingCalendar, date: string): { readonly zh: string; readonly en: string } | null {
  const weekday = new Date(`${date}T00:00:00Z`).getUTCDay();
  const ordinary = weekday >= 1 && weekday <= 5;
  return days.get(date) === ordinary ? null : (labels?.get(date) ?? null);
}

function findWorkday(calendar: WorkingCalendar, dayIndex: number): boolean {
  const known = calendar.days.get(dateOf(dayIndex));
  if (known !== undefined) return known;
  const weekday = (dayIndex + 4) % 7; // 1970-01-01 was a Thursday
  return weekday >= 1 && weekday <= 5;
}

/**
 * The instant at which `amountMs` of working time have passed since `startMs`; `startMs` itself when the amount is 0.
 *
 * @param startMs epoch milliseconds
 * @throws RangeError if the calendar has no working time for ten years.
 */
export function addWorking(calendar: WorkingCalendar, startMs: number, amountMs: number): number {
  let left = amountMs;
  if (left <= 0) return startMs;
  const local = startMs + CHINA_OFFSET_MS;
  const first = Math.floor(local / DAY_MS);
  for (let day = first; day < first + MAX_DAYS; day++) {
    if (!isWorkingDay(calendar, day)) continue;
    for (const span of calendar.spans) {
      const from = Math.max(day * DAY_MS + span.fromMin * MINUTE_MS, local);
      const to = day * DAY_MS + span.toMin * MINUTE_MS;
      if (to <= from) continue;
      if (left <= to - from) return from + left - CHINA_OFFSET_MS;
      left -= to - from;
    }
  }
  throw new RangeError('the calendar has no working time for ten years');
}

/** Working milliseconds between two instants; 0 when `toMs` is not later. */
export function workingBetween(calendar: WorkingCalendar, fromMs: number, toMs: number): number {
  let sum = 0;
  const from = fromMs + CHINA_OFFSET_MS;
  const to = toMs + CHINA_OFFSET_MS;
  for (let day = Math.floor(from / DAY_MS); day * DAY_MS < to; day++) {
    if (!isWorkingDay(calendar, day)) continue;
    for (const span of calendar.spans) {
      const a = Math.max(day * DAY_MS + span.fromMin * MINUTE_MS, from);
      const b = Math.min(day * DAY_MS + span.toMin * MINUTE_MS, to);
      if (b > a) sum += b - a;
    }
  }
  return sum;
}
