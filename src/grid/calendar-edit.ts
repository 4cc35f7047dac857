/** An edit of the working calendar: days, hours, and years that are missing; checked as a whole, so that all of it holds or nothing. Pure. */
import { type CalendarDay, daysBetween, FIRST_YEAR, isDay, isWeekend, LAST_YEAR, provisionalYear, usualDay } from './calendar-days.ts';
import { type CalendarFault, calendarFault } from './calendar-faults.ts';

/** A counted part of a working day, `HH:MM`; `24:00` ends a day. */
export interface WorkingSpan {
  readonly from: string;
  readonly to: string;
}

/** Everything that the calendar is made of. */
export interface CalendarBook {
  readonly days: ReadonlyMap<string, CalendarDay>;
  /** In order and apart. */
  readonly hours: readonly WorkingSpan[];
}

/** What days shall be: `usual` is what the weekday says by itself. */
export const CHANGE_KINDS = ['holiday', 'makeup_workday', 'usual'] as const;

export interface DaysChange {
  readonly from: string;
  readonly to: string;
  /** Absent: the kind stays, and only what is given beside it changes. */
  readonly kind?: (typeof CHANGE_KINDS)[number] | undefined;
  readonly labelZh?: string | undefined;
  readonly labelEn?: string | undefined;
  readonly statutory?: boolean | undefined;
  /** Absent: `announced`, as somebody has looked at it. */
  readonly status?: CalendarDay['status'] | undefined;
}

export interface CalendarEdit {
  /** Years to add as they are known before their notice. */
  readonly fill?: readonly number[] | undefined;
  readonly days?: readonly DaysChange[] | undefined;
  /** All spans of a working day, in place of those that hold. */
  readonly hours?: readonly WorkingSpan[] | undefined;
}

export type EditedCalendar =
  | { readonly ok: true; readonly book: CalendarBook; readonly changed: readonly CalendarDay[]; readonly hoursChanged: boolean }
  | { readonly ok: false; readonly faults: readonly CalendarFault[] };

const MOST_DAYS = 366;
const MOST_SPANS = 6;

/** The book after the edit, and what of it is new; or all that is wrong with the edit. */
export function editCalendar(book: CalendarBook, edit: CalendarEdit): EditedCalendar {
  const days = new Map(book.days);
  const faults = [...fillYears(days, edit.fill ?? []), ...changeDays(days, edit.days ?? []), ...checkHours(edit.hours)];
  if (faults.length > 0) return { ok: false, faults };
  const changed = [...days.values()].filter((day) => !sameDay(day, book.days.get(day.day)));
  const hours = edit.hours ?? book.hours;
  const hoursChanged = JSON.stringify(hours.map(spanText)) !== JSON.stringify(book.hours.map(spanText));
  if (changed.length === 0 && !hoursChanged) return { ok: false, faults: [calendarFault('', 'nothing')] };
  return { ok: true, book: { days, hours: hours.map(({ from, to }) => ({ from, to })) }, changed, hoursChanged };
}

function fillYears(days: Map<string, CalendarDay>, years: readonly number[]): CalendarFault[] {
  return years.flatMap((year, i) => {
    if (hasYear(days, year)) return [calendarFault(`fill.${i}`, 'year-there', year)];
    if (year < FIRST_YEAR || year > LAST_YEAR) return [calendarFault(`fill.${i}`, 'year-unknown', year)];
    // Single days of that year which somebody entered stay as they are.
    for (const day of provisionalYear(year)) if (!days.has(day.day)) days.set(day.day, day);
    return [];
  });
}

function changeDays(days: Map<string, CalendarDay>, changes: readonly DaysChange[]): CalendarFault[] {
  const seen = new Set<string>();
  return changes.flatMap((change, i) => {
    const path = `days.${i}`;
    for (const end of ['from', 'to'] as const) if (!isDay(change[end])) return [calendarFault(`${path}.${end}`, 'not-a-day', change[end])];
    const range = `${change.from} – ${change.to}`;
    if (change.to < change.from) return [calendarFault(`${path}.to`, 'days-order', range)];
    const dates = daysBetween(change.from, change.to);
    if (dates.length > MOST_DAYS) return [calendarFault(`${path}.to`, 'days-many', range)];
    for (const date of dates) {
      const before = days.get(date);
      if (before === undefined || !hasYear(days, Number(date.slice(0, 4)))) return [calendarFault(path, 'year-missing', date.slice(0, 4))];
      if (seen.has(date)) return [calendarFault(path, 'days-overlap', date)];
      seen.add(date);
      const after = changed(before, change);
      const wrong = wrongWith(after);
      if (wrong !== null) return [calendarFault(path, wrong, date)];
      days.set(date, after);
    }
    return [];
  });
}

function changed(before: CalendarDay, change: DaysChange): CalendarDay {
  const { day } = before;
  const status = change.status ?? 'announced';
  const own = { labelZh: change.labelZh?.trim(), labelEn: change.labelEn?.trim() };
  switch (change.kind) {
    case undefined:
      return {
        ...before,
        status,
        labelZh: own.labelZh || before.labelZh,
        labelEn: own.labelEn || before.labelEn,
        statutory: change.statutory ?? before.statutory,
      };
    case 'usual':
      return usualDay(day, status);
    case 'holiday': {
      const kept = before.kind === 'holiday' ? before : null;
      const labelZh = own.labelZh ?? kept?.labelZh ?? '';
      const sameName = kept !== null && kept.labelZh === labelZh;
      return {
        day,
        kind: 'holiday',
        working: false,
        statutory: change.statutory ?? kept?.statutory ?? false,
        labelZh,
        labelEn: own.labelEn || (sameName ? kept.labelEn : 'holiday'),
        status,
      };
    }
    case 'makeup_workday': {
      const labels = { labelZh: own.labelZh || '调休上班', labelEn: own.labelEn || 'make-up workday' };
      return { day, kind: 'makeup_workday', working: true, statutory: change.statutory ?? false, ...labels, status };
    }
  }
}

function wrongWith(day: CalendarDay): 'makeup-not-weekend' | 'makeup-provisional' | 'name-missing' | 'statutory-not-holiday' | null {
  if (day.kind === 'makeup_workday' && !isWeekend(day.day)) return 'makeup-not-weekend';
  if (day.kind === 'makeup_workday' && day.status === 'provisional') return 'makeup-provisional';
  if (day.kind === 'holiday' && day.labelZh === '') return 'name-missing';
  if (day.statutory && day.kind !== 'holiday') return 'statutory-not-holiday';
  return null;
}

function checkHours(hours: readonly WorkingSpan[] | undefined): CalendarFault[] {
  if (hours === undefined) return [];
  if (hours.length === 0) return [calendarFault('hours', 'hours-none')];
  if (hours.length > MOST_SPANS) return [calendarFault('hours', 'hours-many')];
  return hours.flatMap(({ from, to }, i) => {
    for (const [end, time] of [['from', from] as const, ['to', to] as const]) {
      if (!isTime(time) || (end === 'from' && time === '24:00')) return [calendarFault(`hours.${i}.${end}`, 'hours-form', time)];
    }
    if (to <= from) return [calendarFault(`hours.${i}.to`, 'hours-order', `${from}–${to}`)];
    // Two that touch are one span, and a lunch break of no length would be a slip.
    const before = hours[i - 1];
    return before !== undefined && from <= before.to ? [calendarFault(`hours.${i}.from`, 'hours-overlap', `${from}–${to}`)] : [];
  });
}

const isTime = (text: string): boolean => /^(([01]\d|2[0-3]):[0-5]\d|24:00)$/.test(text);
const spanText = ({ from, to }: WorkingSpan): string => `${from}-${to}`;

/** Its first and its last day are there: as the working calendar of the chain asks. */
function hasYear(days: ReadonlyMap<string, CalendarDay>, year: number): boolean {
  return days.has(`${year}-01-01`) && days.has(`${year}-12-31`);
}

/** Alike in all that a person can change. */
export function sameDay(a: CalendarDay, b: CalendarDay | undefined): boolean {
  return (
    b !== undefined &&
    a.kind === b.kind &&
    a.statutory === b.statutory &&
    a.labelZh === b.labelZh &&
    a.labelEn === b.labelEn &&
    a.status === b.status
  );
}
