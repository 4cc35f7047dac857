import { describe, expect, it } from 'vitest';
import { dayHours } from '../../web/centre/settings/day-hours.ts';
import { withChange } from '../../web/centre/settings/draft.ts';
import { dayByKey, monthsOf } from '../../web/centre/settings/year.ts';

const holiday = (from: string, to: string, labelZh: string) => ({ from, to, kind: 'holiday' as const, labelZh });

describe('changes that are not saved yet', () => {
  it('give way where a newer one lies over them, and keep the rest', () => {
    const first = holiday('2026-10-01', '2026-10-07', '国庆节放假');
    const inside = { from: '2026-10-04', to: '2026-10-04', kind: 'makeup_workday' as const };
    expect(withChange([first], inside)).toEqual([{ ...first, to: '2026-10-03' }, inside, { ...first, from: '2026-10-05' }]);
    const over = { from: '2026-09-30', to: '2026-10-05', kind: 'usual' as const };
    expect(withChange([first], over)).toEqual([over, { ...first, from: '2026-10-06' }]);
    expect(withChange([first], { ...first, labelZh: '停办' })).toEqual([{ ...first, labelZh: '停办' }]);
  });
});

describe('a year on the page', () => {
  it('has each day once, in weeks from Monday', () => {
    for (const year of [2026, 2027, 2028]) {
      const months = monthsOf(year);
      const days = months.flatMap((m) => m.weeks.flat()).filter((day) => day !== null);
      expect(new Set(days).size).toBe(year === 2028 ? 366 : 365);
      expect([...days].sort()).toEqual(days);
      for (const { weeks } of months) {
        for (const week of weeks) {
          week.forEach((day, i) => day && expect(new Date(`${day}T00:00:00Z`).getUTCDay()).toBe((i + 1) % 7));
        }
      }
    }
  });

  it('is walked by keys, and not left', () => {
    expect(dayByKey('2026-11-26', 'ArrowRight')).toBe('2026-11-27');
    expect(dayByKey('2026-11-26', 'ArrowUp')).toBe('2026-11-19');
    expect(dayByKey('2026-11-26', 'Home')).toBe('2026-11-23');
    expect(dayByKey('2026-11-29', 'End')).toBe('2026-11-29');
    expect(dayByKey('2026-01-31', 'PageDown')).toBe('2026-02-28');
    expect(dayByKey('2026-12-31', 'ArrowRight')).toBe('2026-12-31');
    expect(dayByKey('2026-11-26', 'x')).toBeNull();
  });
});

describe('the hours of a day', () => {
  it('have no sum while one of the times cannot be read', () => {
    const morning = { from: '08:30', to: '12:00' };
    expect(dayHours([morning, { from: '14:30', to: '17:30' }])).toBe(6.5);
    for (const wrong of ['', '8h', '25:00', '08:75']) expect(dayHours([morning, { from: '14:30', to: wrong }])).toBeNull();
  });
});
