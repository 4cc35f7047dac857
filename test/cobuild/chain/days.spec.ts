import { describe, expect, it } from 'vitest';
import { addDays, addYears, dayAt, daysBetween, dueAt, isDay, quarterOf, quarterSpan, warnAt } from '../../../src/cobuild/chain/days.ts';
import { missingWarnings } from '../../../src/cobuild/chain/conference.ts';
import type { WorkingCalendar } from '../../../src/dispatch/chain/calendar.ts';

/** National Day 2026: 1–7 October off, Saturday 10 October made up. 08:30–12:00, 14:30–17:30. */
const calendar: WorkingCalendar = {
  days: new Map([...['01', '02', '03', '04', '05', '06', '07'].map((day) => [`2026-10-${day}`, false] as const), ['2026-10-10', true]]),
  spans: [
    { fromMin: 510, toMin: 720 },
    { fromMin: 870, toMin: 1050 },
  ],
};
const local = (at: Date) => new Date(at.getTime() + 8 * 3_600_000).toISOString().slice(0, 16).replace('T', ' ');

describe('days', () => {
  it('are China’s, whatever the server’s time zone', () => {
    expect(dayAt(new Date('2026-11-19T16:00:00Z'))).toBe('2026-11-20');
    expect(dayAt(new Date('2026-11-19T15:59:59Z'))).toBe('2026-11-19');
  });
  it('go over months, years and 29 February', () => {
    expect(addDays('2026-12-31', 1)).toBe('2027-01-01');
    expect(daysBetween('2026-11-20', '2026-12-12')).toBe(22);
    expect(addYears('2024-02-29', 3)).toBe('2027-02-28');
    expect(addYears('2024-12-30', 3)).toBe('2027-12-30');
    expect(isDay('2027-02-30')).toBe(false);
    expect(['0000-01-01', '0226-12-31', '1999-12-31', '2000-01-01', '2999-12-31', '9999-12-31'].map(isDay)).toEqual([
      false,
      false,
      false,
      true,
      true,
      false,
    ]);
  });
  it('belong to quarters', () => {
    expect(quarterOf('2026-11-20')).toBe('2026Q4');
    expect(quarterSpan('2026Q4')).toEqual({ first: '2026-10-01', last: '2026-12-31' });
    expect(quarterSpan('2027Q1')).toEqual({ first: '2027-01-01', last: '2027-03-31' });
  });
});

describe('what is due', () => {
  it('is late when the work of its day is over', () => {
    expect(local(dueAt(calendar, '2026-11-20'))).toBe('2026-11-20 17:30');
  });
  it('is late at midnight where nobody works on that day', () => {
    expect(local(dueAt(calendar, '2026-11-21'))).toBe('2026-11-22 00:00');
  });
  it('is warned of with the first working minute, and never on a holiday', () => {
    expect(local(warnAt(calendar, '2026-12-11', 30))).toBe('2026-11-11 08:30');
    // 30 days before 3 November is 4 October, in the holiday: the last working day before it is 30 September.
    expect(local(warnAt(calendar, '2026-11-03', 30))).toBe('2026-09-30 08:30');
    // 10 October is a Saturday that is worked.
    expect(local(warnAt(calendar, '2026-11-09', 30))).toBe('2026-10-10 08:30');
  });
});

describe('a quarter without a meeting', () => {
  it('is warned of when half of it is over, and once more near its end', () => {
    expect(missingWarnings('2026Q4', '2026-11-14')).toEqual([]);
    expect(missingWarnings('2026Q4', '2026-11-15')).toEqual([46]);
    expect(missingWarnings('2026Q4', '2026-12-16')).toEqual([46, 15]);
    expect(missingWarnings('2026Q4', '2027-01-01')).toEqual([]);
  });
});
