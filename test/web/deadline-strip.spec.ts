import { describe, expect, it } from 'vitest';
import { amountWords, stripOf } from '../../web/shared/deadline-strip.ts';

const china = (text: string) => new Date(`${text.replace(' ', 'T')}:00+08:00`);
const at = (text: string) => china(text).toISOString();
const HOURS = [
  { fromMin: 480, toMin: 720 },
  { fromMin: 840, toMin: 1080 },
];
/** Four working hours from Friday 14:00, suspended Friday 17:00 to Monday 09:00. */
const probe = {
  startedAt: at('2026-11-20 14:00'),
  dueAt: at('2026-11-23 10:00'),
  kind: 'working' as const,
  pauses: [{ from: at('2026-11-20 17:00'), to: at('2026-11-23 09:00'), why: 'suspended' as const, savedMs: 0 }],
  rungs: [
    { share: 50 as const, at: at('2026-11-20 16:00'), done: true, tells: [] },
    { share: 100 as const, at: at('2026-11-23 10:00'), done: false, tells: [] },
    { share: 150 as const, at: at('2026-11-23 14:00'), done: false, tells: [] },
  ],
  days: ['2026-11-20', '2026-11-21', '2026-11-22', '2026-11-23'].map((date, i) => ({ date, working: i === 0 || i === 3, label: null })),
  hours: HOURS,
};
const NOW = china('2026-11-23 09:30');
const parts = (day: { parts: readonly { what: string; left: number; width: number }[] }, what: string) =>
  day.parts.filter((p) => p.what === what).map(({ left, width }) => [left, width]);

describe('the picture of a deadline', () => {
  const [friday, saturday, , monday] = stripOf(probe, NOW);
  it('shows on each day what ran, where it stood still, and what is ahead', () => {
    // A day is drawn from 7 to 19: an hour is 8.33 % of it.
    expect(parts(friday!, 'ran')).toEqual([[58.33, 25]]);
    expect(parts(friday!, 'paused')).toEqual([[83.33, 8.34]]);
    expect(parts(friday!, 'ahead')).toEqual([]);
    expect(parts(monday!, 'paused')).toEqual([[8.33, 8.34]]);
    expect(parts(monday!, 'ran')).toEqual([[16.67, 4.16]]);
    expect(parts(monday!, 'ahead')).toEqual([[20.83, 4.17]]);
    expect(saturday).toMatchObject({ working: false, parts: [], ticks: [], due: null });
  });
  it('marks where it runs out and where the ladder speaks', () => {
    expect([friday!.due, monday!.due]).toEqual([null, 25]);
    expect(friday!.ticks).toEqual([{ share: 50, left: 75, done: true }]);
    expect(monday!.ticks).toEqual([{ share: 150, left: 58.33, done: false }]);
    expect(monday!.marks.map((m) => m.minute)).toEqual([480, 720, 840, 1080]);
  });
  it('tells what is past the limit from what was within', () => {
    const [, , , late] = stripOf(probe, china('2026-11-23 11:00'));
    expect(parts(late!, 'ran')).toEqual([[16.67, 8.33]]);
    expect(parts(late!, 'over')).toEqual([[25, 8.33]]);
  });
  it('draws a clock that counts day and night as one piece', () => {
    const one = { ...probe, kind: 'continuous' as const, pauses: [], days: [], hours: [], dueAt: at('2026-11-20 18:00') };
    const [day, ...more] = stripOf(one, china('2026-11-20 15:00'));
    expect(more).toEqual([]);
    expect(parts(day!, 'ran')).toEqual([[0, 25]]);
    expect(parts(day!, 'ahead')).toEqual([[25, 75]]);
    expect(day!.due).toBe(100);
  });
  it('leaves out the middle of many days, and says how many', () => {
    const many = Array.from({ length: 20 }, (_, i) => ({ date: `2026-12-${String(i + 1).padStart(2, '0')}`, working: true, label: null }));
    const days = stripOf({ ...probe, days: many }, NOW);
    expect(days.map((d) => d.date?.slice(8))).toEqual(['01', '02', '03', '16', '17', '18', '19', '20']);
    expect(days.map((d) => d.skipped)).toEqual([0, 0, 0, 12, 0, 0, 0, 0]);
  });
});

describe('counted time in words', () => {
  const clock = { kind: 'working' as const, hours: HOURS };
  it('is whole working days, else hours and minutes', () => {
    const HOUR = 3_600_000;
    expect(amountWords(16 * HOUR, clock, 'zh-CN')).toBe('2 个工作日');
    expect(amountWords(16 * HOUR, { ...clock, kind: 'continuous' }, 'zh-CN')).toBe('16 小时');
    expect(amountWords(-2.5 * HOUR, clock, 'zh-CN')).toBe('2 时 30 分');
    expect(amountWords(45 * 60_000, clock, 'en')).toBe('45 min');
  });
});
