/** 效能: the choice of days, level and place on the page. */
import { describe, expect, it } from 'vitest';
import { dayOf } from '../../src/china-time.ts';
import { daysOf, readChoice, writeChoice } from '../../web/centre/figures/period.ts';

/** Thursday 26 November, half past one at night in the district; in Greenwich it is still the 25th. */
const NIGHT = dayOf(Date.parse('2026-11-25T17:30:00.000Z'));

describe('the choice on the page', () => {
  const period = (name: 'today' | 'week' | 'month' | 'quarter') => daysOf({ period: name, from: '', to: '' }, NIGHT);
  it('is of the district’s day, too', () => {
    expect(period('today')).toEqual({ from: '2026-11-26', to: '2026-11-26' });
    expect(period('week')).toEqual({ from: '2026-11-23', to: '2026-11-26' });
    expect(period('month')).toEqual({ from: '2026-11-01', to: '2026-11-26' });
    expect(period('quarter')).toEqual({ from: '2026-10-01', to: '2026-11-26' });
  });
  it('puts days that were typed backwards in order, and drops what is none', () => {
    expect(daysOf({ period: 'days', from: '2026-11-09', to: '2026-11-02' }, NIGHT)).toEqual({
      from: '2026-11-02',
      to: '2026-11-09',
    });
    expect(daysOf({ period: 'days', from: '2026-02-30', to: '' }, NIGHT)).toEqual({ from: '2026-11-26', to: '2026-11-26' });
  });
  it('survives the address, which keeps what is the centre’s', () => {
    const choice = { period: 'days', from: '2026-11-01', to: '2026-11-05', level: 'R2', subdistrict: '441802006' } as const;
    const search = writeChoice('?view=figures&incident=x', choice);
    expect(readChoice(search)).toEqual(choice);
    expect(writeChoice(search, null)).toBe('?view=figures&incident=x');
    expect(readChoice('?period=ever&levels=R9&place=1')).toEqual({ period: 'today', from: '', to: '', level: '', subdistrict: '' });
  });
});
