import { describe, expect, it } from 'vitest';
import { before, periodOf, viewOf, type View, weekdayOf } from '../../src/assessment/view.ts';
import type { Actor } from '../../src/identity/actor.ts';

const office: Actor = { account: 'district.441802', role: 'district', district: 441802 };
/** Thursday 26 November, half past one at night in the district; in Greenwich it is still the 25th. */
const NIGHT = new Date('2026-11-25T17:30:00.000Z');
const asked = (q: Parameters<typeof viewOf>[0]) => viewOf(q, office, NIGHT) as View;
const days = (q: Parameters<typeof viewOf>[0]) => {
  const { from, to } = periodOf(asked(q));
  return [from.toISOString(), to.toISOString()];
};

describe('days', () => {
  it('are the district’s own: today begins at its midnight', () => {
    expect(days({})).toEqual(['2026-11-25T16:00:00.000Z', '2026-11-26T16:00:00.000Z']);
    expect(days({ from: '2026-11-01', to: '2026-11-30' })).toEqual(['2026-10-31T16:00:00.000Z', '2026-11-30T16:00:00.000Z']);
  });
  it('are one day where only one is named', () => {
    expect(days({ from: '2026-11-03' })).toEqual(days({ from: '2026-11-03', to: '2026-11-03' }));
    expect(days({ to: '2026-11-03' })).toEqual(days({ from: '2026-11-03' }));
  });
  it('are refused backwards, and more than a year', () => {
    expect(viewOf({ from: '2026-11-02', to: '2026-11-01' }, office, NIGHT)).toHaveProperty('path', 'to');
    expect(viewOf({ from: '2024-01-01', to: '2024-12-31' }, office, NIGHT)).not.toHaveProperty('path');
    expect(viewOf({ from: '2025-01-01', to: '2026-01-02' }, office, NIGHT)).toHaveProperty('path', 'from');
  });
  it('before them are as many', () => {
    const week = before(asked({ from: '2026-11-16', to: '2026-11-22' }));
    expect(periodOf(week)).toEqual(periodOf(asked({ from: '2026-11-09', to: '2026-11-15' })));
  });
  it('have the weekday of the calendar', () => {
    for (let day = -400; day < 20_800; day += 37) {
      expect(weekdayOf(day)).toBe(new Date(day * 86_400_000).getUTCDay() || 7);
    }
  });
});
