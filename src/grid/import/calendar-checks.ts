/** What must hold for calendars and working hours. Pure. */
import { type Finding, finding } from './findings.ts';
import { doubled, type Numbered } from './read-rows.ts';
import type { CalendarDayRow, WorkingHoursRow } from './rows.ts';

/** By the Regulation on Public Holidays as amended from 2025-01-01. */
const STATUTORY_DAYS = 13;
const DAY_MS = 86_400_000;

/** One year: every day once, weekdays right, kinds that fit the weekday, and as many statutory days as the law gives. */
export function checkCalendar(rows: readonly Numbered<CalendarDayRow>[], year: number): Finding[] {
  const found = doubled(rows, 'date', (row) => row.day);
  const days = new Map(rows.map((row) => [row.value.day, row]));
  for (let at = Date.UTC(year, 0, 1); at < Date.UTC(year + 1, 0, 1); at += DAY_MS) {
    const day = new Date(at).toISOString().slice(0, 10);
    const row = days.get(day);
    if (row) found.push(...checkDay(row, new Date(at).getUTCDay() || 7));
    else found.push(finding(null, 'date', 'day-missing', { value: day }));
  }
  const statutory = rows.filter(({ value }) => value.statutory).length;
  if (statutory !== STATUTORY_DAYS) found.push(finding(null, 'statutory', 'statutory-count', { value: year, other: statutory }));
  return found;
}

function checkDay({ number, value: row }: Numbered<CalendarDayRow>, weekday: number): Finding[] {
  const wrong: string[] = [];
  const weekend = weekday > 5;
  if (row.weekday !== weekday) wrong.push('weekday');
  if (row.working !== (row.kind === 'workday' || row.kind === 'makeup_workday')) wrong.push('working');
  if ((row.kind === 'workday' && weekend) || ((row.kind === 'weekend' || row.kind === 'makeup_workday') && !weekend)) wrong.push('kind');
  if (row.statutory && row.kind !== 'holiday') wrong.push('statutory');
  // Make-up days come with the State Council's notice; before it there are none.
  if (row.status === 'provisional' && row.kind === 'makeup_workday') wrong.push('status');
  return wrong.map((column) => finding(number, column, 'day-differs', { value: row.day, expected: column }));
}

/** Spans of a day: each with its end after its start, none inside another. */
export function checkWorkingHours(rows: readonly Numbered<WorkingHoursRow>[]): Finding[] {
  const found = doubled(rows, 'code', (row) => row.code);
  const sorted = [...rows].sort((a, b) => (a.value.opens < b.value.opens ? -1 : 1));
  sorted.forEach(({ number, value }, k) => {
    const next = sorted[k + 1]?.value.opens;
    if (value.opens >= value.closes || (next !== undefined && next < value.closes)) {
      found.push(finding(number, 'from', 'hours-order', { value: `${value.opens}-${value.closes}` }));
    }
  });
  return found;
}
