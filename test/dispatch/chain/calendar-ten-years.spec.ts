/** 工作时 over ten years of calendar, against a counter that looks at every minute. */
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { addWorking, workdayMs, workingBetween, type WorkingCalendar } from '../../../src/dispatch/chain/calendar.ts';
import { END_MS, HOURS, MINUTE_MS, MinuteCounter, START_MS, midnight, onTheWall, tenYearsOfDays } from './reference-time.ts';

const DAY_MS = 1_440 * MINUTE_MS;
const SEED = 20261126;
/** The longest limit of the seed tables and some more: 40 working days of whole hours. */
const LONGEST_MS = 40 * 8 * 60 * MINUTE_MS;
/** So far from the end of the ten years that no limit runs out of them, also with the shortest hours and a month of holidays. */
const LATEST_MS = END_MS - 200 * DAY_MS;

const days = tenYearsOfDays(SEED);
/** To the millisecond; every other one falls on a whole minute, every other of these on a whole hour, where the edges are. */
const instant = fc
  .tuple(fc.integer({ min: START_MS, max: LATEST_MS }), fc.constantFrom(1, MINUTE_MS, 60 * MINUTE_MS))
  .map(([ms, grain]) => START_MS + Math.floor((ms - START_MS) / grain) * grain);
const amount = fc
  .tuple(fc.integer({ min: 0, max: LONGEST_MS }), fc.constantFrom(1, 1_000, MINUTE_MS, 30 * MINUTE_MS))
  .map(([ms, grain]) => Math.floor(ms / grain) * grain);
const stretch = fc.integer({ min: 0, max: 60 * DAY_MS });
const runs = (numRuns: number) => ({ numRuns, seed: SEED });

describe.each(HOURS)('工作时 over ten years, hours $name', (hours) => {
  const calendar: WorkingCalendar = { days, spans: hours.spans };
  let counter: MinuteCounter;
  beforeAll(() => {
    counter = new MinuteCounter(days, hours);
  });

  it('is the same on every single day', () => {
    let counted = 0;
    for (let day = START_MS; day < END_MS; day += DAY_MS) {
      const ms = workingBetween(calendar, day, day + DAY_MS);
      if (ms !== counter.between(day, day + DAY_MS)) expect.fail(`${onTheWall(day)}: ${ms}`);
      if (ms > 0) counted += 1;
    }
    // Some 250 working days a year.
    expect(counted).toBeGreaterThan(2_300);
    expect(counted).toBeLessThan(2_700);
    expect(workingBetween(calendar, START_MS, END_MS)).toBe(counted * workdayMs(calendar));
  });

  it('ends a limit of a working day, begun at any hour of any day, at the same minute', () => {
    const limit = workdayMs(calendar);
    // 37 hours on, so that each hour of the day is met on each weekday.
    for (let start = START_MS; start < LATEST_MS; start += 37 * 60 * MINUTE_MS) {
      const due = addWorking(calendar, start, limit);
      if (due !== counter.after(start, limit)) expect.fail(`${onTheWall(start)}: ${onTheWall(due)}`);
    }
  });

  it('ends every limit at the same millisecond', () => {
    fc.assert(
      fc.property(instant, amount, (start, limit) => {
        expect(addWorking(calendar, start, limit)).toBe(counter.after(start, limit));
      }),
      runs(200),
    );
  });

  it('counts the same between any two instants', () => {
    fc.assert(
      fc.property(instant, stretch, (from, ms) => {
        expect(workingBetween(calendar, from, from + ms)).toBe(counter.between(from, from + ms));
        expect(workingBetween(calendar, from + ms, from)).toBe(0);
      }),
      runs(200),
    );
  });

  it('has used up exactly the limit at the deadline, and not a millisecond before', () => {
    fc.assert(
      fc.property(instant, amount, (start, limit) => {
        const due = addWorking(calendar, start, limit);
        expect(workingBetween(calendar, start, due)).toBe(limit);
        if (limit > 0) expect(workingBetween(calendar, start, due - 1)).toBe(limit - 1);
      }),
      runs(1_000),
    );
  });

  it('leads back from what was used to the last instant at which it grew', () => {
    fc.assert(
      fc.property(instant, stretch, (from, ms) => {
        const used = workingBetween(calendar, from, from + ms);
        const back = addWorking(calendar, from, used);
        expect(back).toBeLessThanOrEqual(from + ms);
        expect(workingBetween(calendar, back, from + ms)).toBe(0);
      }),
      runs(1_000),
    );
  });

  it('comes to the same in one go and in two', () => {
    fc.assert(
      fc.property(instant, amount, amount, (start, first, then) => {
        expect(addWorking(calendar, addWorking(calendar, start, first), then)).toBe(addWorking(calendar, start, first + then));
      }),
      runs(500),
    );
  });

  it('is never earlier for a later start, nor for a longer limit', () => {
    fc.assert(
      fc.property(instant, stretch, amount, amount, (start, ms, limit, more) => {
        const due = addWorking(calendar, start, limit);
        expect(addWorking(calendar, start + ms, limit)).toBeGreaterThanOrEqual(due);
        expect(addWorking(calendar, start, limit + more)).toBeGreaterThanOrEqual(due);
        if (more > 0) expect(addWorking(calendar, start, limit + more)).toBeGreaterThan(due);
      }),
      runs(500),
    );
  });
});

describe('the minute counter itself', () => {
  const counter = new MinuteCounter(days, HOURS[1]!);

  it('reads the clock on the wall in Qingyuan', () => {
    const wall = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Asia/Shanghai', dateStyle: 'short', timeStyle: 'short' });
    fc.assert(
      fc.property(instant, (ms) => {
        expect(onTheWall(ms)).toBe(wall.format(ms));
      }),
      runs(300),
    );
  });

  it('counts what can be counted by hand: 元旦 2026 is off, the Sunday after it is made up', () => {
    const hours = (date: string) => counter.between(midnight(date), midnight(date) + DAY_MS) / (60 * MINUTE_MS);
    expect(['2026-01-01', '2026-01-02', '2026-01-03', '2026-01-04', '2026-01-05', '2026-01-10'].map(hours)).toEqual([0, 0, 0, 8, 8, 0]);
    const friday = midnight('2026-11-20') + 14 * 60 * MINUTE_MS;
    expect(onTheWall(counter.after(friday, 4 * 60 * MINUTE_MS))).toBe('2026-11-20 18:00');
    expect(onTheWall(counter.after(friday, 4 * 60 * MINUTE_MS + 1))).toBe('2026-11-23 08:00');
    expect(onTheWall(counter.after(friday, 5 * 60 * MINUTE_MS))).toBe('2026-11-23 09:00');
  });

  it('notices a calendar that is wrong by one day or by one minute', () => {
    const monday = '2030-05-06';
    const works = counter.counts(midnight(monday) + 9 * 60 * MINUTE_MS);
    const wrong: WorkingCalendar[] = [
      { days: new Map([...days, [monday, !works]]), spans: HOURS[1]!.spans },
      { days, spans: [{ fromMin: 480, toMin: 721 }, HOURS[1]!.spans[1]!] },
    ];
    for (const calendar of wrong) {
      let missed = 0;
      for (let day = START_MS; day < END_MS; day += DAY_MS) {
        if (workingBetween(calendar, day, day + DAY_MS) !== counter.between(day, day + DAY_MS)) missed += 1;
      }
      expect(missed).toBeGreaterThan(0);
    }
  });
});
