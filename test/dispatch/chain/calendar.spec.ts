import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addWorking, coversYear, workdayMs, workingBetween, type WorkingCalendar } from '../../../src/dispatch/chain/calendar.ts';
import { DAY, HOUR, MINUTE } from './world.ts';

/** 国庆 2026: 1–7 October off, Saturday 10 October made up. */
const calendar: WorkingCalendar = {
  days: new Map([...['01', '02', '03', '04', '05', '06', '07'].map((d) => [`2026-10-${d}`, false] as const), ['2026-10-10', true]]),
  spans: [
    { fromMin: 8 * 60, toMin: 12 * 60 },
    { fromMin: 14 * 60, toMin: 18 * 60 },
  ],
};
const at = (local: string) => Date.parse(`${local}:00+08:00`);
const local = (ms: number) => new Date(ms + 8 * HOUR).toISOString().slice(0, 16).replace('T', ' ');

describe('工作时 (working time)', () => {
  it('counts no lunch break, no night and no weekend', () => {
    expect(local(addWorking(calendar, at('2026-11-20T11:30'), HOUR))).toBe('2026-11-20 14:30');
    expect(local(addWorking(calendar, at('2026-11-20T17:30'), HOUR))).toBe('2026-11-23 08:30');
  });
  it('ends at the end of the day, not at the start of the next', () => {
    expect(local(addWorking(calendar, at('2026-11-20T17:00'), HOUR))).toBe('2026-11-20 18:00');
  });
  it('counts a make-up workday and no holiday', () => {
    expect(local(addWorking(calendar, at('2026-09-30T17:00'), 2 * HOUR))).toBe('2026-10-08 09:00');
    expect(workingBetween(calendar, at('2026-10-10T00:00'), at('2026-10-11T00:00'))).toBe(8 * HOUR);
  });
  it('knows when a year is missing', () => {
    expect(coversYear(calendar, 2026)).toBe(false);
    expect(workdayMs(calendar)).toBe(8 * HOUR);
  });
  it('agrees with a counter that looks at every minute', () => {
    const counts = (ms: number) => {
      const d = new Date(ms + 8 * HOUR);
      const known = calendar.days.get(d.toISOString().slice(0, 10));
      const workday = known ?? (d.getUTCDay() !== 0 && d.getUTCDay() !== 6);
      const min = d.getUTCHours() * 60 + d.getUTCMinutes();
      return workday && ((min >= 480 && min < 720) || (min >= 840 && min < 1080));
    };
    const minute = fc.integer({ min: 0, max: 30 * 1440 }).map((m) => at('2026-09-20T00:00') + m * MINUTE);
    fc.assert(
      fc.property(minute, fc.integer({ min: 1, max: 3_000 }), (start, amount) => {
        let left = amount;
        let ms = start;
        for (; left > 0; ms += MINUTE) if (counts(ms)) left -= 1;
        expect(addWorking(calendar, start, amount * MINUTE)).toBe(ms);
        expect(workingBetween(calendar, start, ms)).toBe(amount * MINUTE);
      }),
      { numRuns: 60 },
    );
  });
  it('gives up on a calendar that never works instead of looping', () => {
    expect(() => addWorking({ ...calendar, spans: [] }, at('2026-11-20T08:00'), DAY)).toThrow(RangeError);
  });
});
