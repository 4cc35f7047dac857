/** Days to look at, and the filters of the page in its address. Pure. */
import { weekdayOf } from '../../../src/assessment/view.ts';
import { dateOf, dayNumber } from '../../../src/china-time.ts';

export const PERIODS = ['today', 'week', 'month', 'quarter', 'days'] as const;
export type Period = (typeof PERIODS)[number];

export interface Choice {
  readonly period: Period;
  /** Of `days`: first and last, `YYYY-MM-DD`. */
  readonly from: string;
  readonly to: string;
  /** '' is all. */
  readonly level: string;
  readonly subdistrict: string;
}

/** First and last day of the choice; the week begins on Monday. @param today  days since 1970-01-01 in China's time. */
export function daysOf({ period, from, to }: Pick<Choice, 'period' | 'from' | 'to'>, today: number): { from: string; to: string } {
  const date = dateOf(today);
  switch (period) {
    case 'today':
      return { from: date, to: date };
    case 'week':
      return { from: dateOf(today - weekdayOf(today) + 1), to: date };
    case 'month':
      return { from: `${date.slice(0, 8)}01`, to: date };
    case 'quarter': {
      const month = Math.floor((Number(date.slice(5, 7)) - 1) / 3) * 3 + 1;
      return { from: `${date.slice(0, 5)}${String(month).padStart(2, '0')}-01`, to: date };
    }
    case 'days': {
      const first = valid(from) ?? date;
      const last = valid(to) ?? first;
      return first <= last ? { from: first, to: last } : { from: last, to: first };
    }
  }
}

function valid(date: string): string | null {
  return /^\d{4}-\d\d-\d\d$/.test(date) && dateOf(dayNumber(date)) === date ? date : null;
}

/** What the page adds to the address; the rest of it is the centre's. */
const NAMES = ['period', 'from', 'to', 'levels', 'place'] as const;

export function readChoice(search: string): Choice {
  const query = new URLSearchParams(search);
  const get = (name: (typeof NAMES)[number], shape: RegExp) => {
    const value = query.get(name) ?? '';
    return shape.test(value) ? value : '';
  };
  return {
    period: PERIODS.find((p) => p === query.get('period')) ?? 'today',
    from: get('from', /^\d{4}-\d\d-\d\d$/),
    to: get('to', /^\d{4}-\d\d-\d\d$/),
    level: get('levels', /^R[1-4]$/),
    subdistrict: get('place', /^\d{9}$/),
  };
}

/** @param choice  null takes the page's part out of the address. */
export function writeChoice(search: string, choice: Choice | null): string {
  const query = new URLSearchParams(search);
  for (const name of NAMES) query.delete(name);
  if (choice !== null) {
    if (choice.period !== 'today') query.set('period', choice.period);
    if (choice.period === 'days') {
      if (choice.from) query.set('from', choice.from);
      if (choice.to) query.set('to', choice.to);
    }
    if (choice.level) query.set('levels', choice.level);
    if (choice.subdistrict) query.set('place', choice.subdistrict);
  }
  const text = query.toString();
  return text ? `?${text}` : '';
}
