/** Days of 共建共治, `YYYY-MM-DD` in China's time: terms, quarters, and when something is due or warned of. Pure. */
import { dayOf, startOfDay } from '../../china-time.ts';
import { addWorking, isWorkingDay, type WorkingCalendar } from '../../dispatch/chain/calendar.ts';

export type Day = string;
/** `2026Q4`. */
export type Quarter = string;

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;

/** Days since 1970-01-01. @throws RangeError if it is no date. */
export function dayIndex(day: Day): number {
  const ms = Date.parse(`${day}T00:00:00Z`);
  if (Number.isNaN(ms)) throw new RangeError(`no date: ${day}`);
  return ms / DAY_MS;
}

export function dayFrom(index: number): Day {
  return new Date(index * DAY_MS).toISOString().slice(0, 10);
}

/** The day in China at an instant. */
export function dayAt(at: Date): Day {
  return dayFrom(dayOf(at.getTime()));
}

export function addDays(day: Day, days: number): Day {
  return dayFrom(dayIndex(day) + days);
}

/** Days from the one to the other; below zero when it is earlier. */
export function daysBetween(from: Day, to: Day): number {
  return dayIndex(to) - dayIndex(from);
}

/** The same day so many years on; 29 February becomes the 28th where there is none. */
export function addYears(day: Day, years: number): Day {
  const year = Number(day.slice(0, 4)) + years;
  const same = `${String(year).padStart(4, '0')}${day.slice(4)}`;
  return isDate(same) ? same : `${same.slice(0, 5)}02-28`;
}

/** A day that a paper can name. [ours] Of this millennium: the database has no year 0, and `0226-12-31` is a slip of the hand. */
export function isDay(text: string): boolean {
  return text.startsWith('2') && isDate(text);
}

/** `2027-02-30` has the form of a date and is none. */
function isDate(text: string): boolean {
  const at = new Date(`${text}T00:00:00Z`);
  return /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(at.getTime()) && at.toISOString().startsWith(text);
}

export function quarterOf(day: Day): Quarter {
  return `${day.slice(0, 4)}Q${Math.ceil(Number(day.slice(5, 7)) / 3)}`;
}

/** Of the years of `isDay`. */
export const QUARTER = /^2\d{3}Q[1-4]$/;

/** First and last day. */
export function quarterSpan(quarter: Quarter): { readonly first: Day; readonly last: Day } {
  const year = Number(quarter.slice(0, 4));
  const first = `${quarter.slice(0, 4)}-${String(Number(quarter[5]) * 3 - 2).padStart(2, '0')}-01`;
  const next = quarter[5] === '4' ? `${year + 1}-01-01` : `${year}-${String(Number(quarter[5]) * 3 + 1).padStart(2, '0')}-01`;
  return { first, last: addDays(next, -1) };
}

/**
 * When the work of a day is over: what is due on it is late from then on. On a day on which nobody works, at its midnight: whoever has to
 * do it still has the whole day.
 */
export function dueAt(calendar: WorkingCalendar, day: Day): Date {
  const index = dayIndex(day);
  const last = calendar.spans.at(-1);
  if (last === undefined || !isWorkingDay(calendar, index)) return new Date(startOfDay(index + 1));
  return new Date(startOfDay(index) + last.toMin * MINUTE_MS);
}

/**
 * When somebody is told that something happens in `ahead` days: with the first working minute of that day. Where nobody works then, on the
 * working day before it: a warning on a holiday is read when the time is shorter than it says.
 */
export function warnAt(calendar: WorkingCalendar, day: Day, ahead: number): Date {
  const wanted = dayIndex(day) - ahead;
  // A holiday is a week or so; a month of none would be a calendar without working days.
  for (let index = wanted; index > wanted - 31; index--) {
    if (isWorkingDay(calendar, index)) return new Date(addWorking(calendar, startOfDay(index), 1) - 1);
  }
  return new Date(startOfDay(wanted));
}
