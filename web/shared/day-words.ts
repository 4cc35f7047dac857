/** Days in words: 12月5日, 5 Dec; with the year where it is another one. Pure. */
import { dateAt } from '../../src/china-time.ts';
import type { Locale } from './types.ts';

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** @param day  `YYYY-MM-DD`. @param thisYear  four digits: the year that goes without saying; absent: the year is always said. */
export function dayWords(day: string, locale: Locale, thisYear?: string): string {
  const [year, month, date] = day.split('-') as [string, string, string];
  const m = Number(month);
  const d = Number(date);
  const same = year === thisYear;
  if (locale === 'en') return `${d} ${MONTHS[m - 1]}${same ? '' : ` ${year}`}`;
  return `${same ? '' : `${year}年`}${m}月${d}日`;
}

/** 2026 年第四季度, Q4 2026. */
export function quarterWords(quarter: string, locale: Locale): string {
  const [year, number] = quarter.split('Q') as [string, string];
  return locale === 'en' ? `Q${number} ${year}` : `${year} 年第${'一二三四'[Number(number) - 1]}季度`;
}

/** The day in China, `YYYY-MM-DD`. */
export function dayInChina(at: Date): string {
  return dateAt(at);
}

/** What a field of date and time says is China's time, wherever the device is. @param local  `YYYY-MM-DDTHH:MM`. @returns RFC 3339. */
export function instantInChina(local: string): string {
  return new Date(`${local}:00+08:00`).toISOString();
}

/** `2026Q4`. */
export function quarterAt(at: Date): string {
  const day = dayInChina(at);
  return `${day.slice(0, 4)}Q${Math.ceil(Number(day.slice(5, 7)) / 3)}`;
}

/** The quarter after it. */
export function nextQuarter(quarter: string): string {
  const year = Number(quarter.slice(0, 4));
  return quarter.endsWith('4') ? `${year + 1}Q1` : `${year}Q${Number(quarter[5]) + 1}`;
}

/** The next day. */
export function dayAfter(day: string): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + 86_400_000).toISOString().slice(0, 10);
}

/** So many years on, one day less: a term of three years from 2026-11-20 ends on 2029-11-19. */
export function yearsOn(day: string, years: number): string {
  const end = new Date(`${day}T00:00:00Z`);
  end.setUTCFullYear(end.getUTCFullYear() + years);
  end.setUTCDate(end.getUTCDate() - 1);
  return end.toISOString().slice(0, 10);
}
