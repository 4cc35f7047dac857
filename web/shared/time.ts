/** Time in words: 还剩 18 分, 超 6 分, 周一 10:00. Pure; the clock of the district (UTC+8) whatever the device is set to. */
import { dayOf } from '../../src/china-time.ts';
import type { Locale } from './types.ts';

export const ZONE = 'Asia/Shanghai';
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
type Instant = string | Date;
const ms = (at: Instant) => (typeof at === 'string' ? Date.parse(at) : at.getTime());

/** Colour of a time: brown from 80 % of the limit, plum when over. */
export type TimeTone = 'calm' | 'near' | 'late';
export const NEAR_FROM = 0.8;

interface Running {
  readonly startedAt: string;
  readonly dueAt: string;
  /** How long it stood still, plain milliseconds. */
  readonly pausedMs?: number | undefined;
}

/** Used part of a limit, 0 and up; over 1 is overdue. By plain time: a page has no working calendar, the service's `dueAt` is exact. */
export function usedPart(clock: Running, now: Date): number {
  const began = ms(clock.startedAt) + (clock.pausedMs ?? 0);
  const whole = ms(clock.dueAt) - began;
  if (whole <= 0) return ms(clock.dueAt) <= now.getTime() ? 1 : 0;
  return Math.max(0, (now.getTime() - began) / whole);
}

export function toneOf(used: number): TimeTone {
  return used >= 1 ? 'late' : used >= NEAR_FROM ? 'near' : 'calm';
}

/** Whole minutes under an hour, hours and minutes under a day, days and hours above. Never rounds up: 还剩 must not promise too much. */
export function span(lengthMs: number, locale: Locale): string {
  const length = Math.max(0, lengthMs);
  const minutes = Math.floor(length / MINUTE);
  if (length < MINUTE) return locale === 'en' ? `${Math.floor(length / 1000)} s` : `${Math.floor(length / 1000)} 秒`;
  if (length < HOUR) return locale === 'en' ? `${minutes} min` : `${minutes} 分`;
  if (length < DAY) {
    const h = Math.floor(minutes / 60);
    const m = minutes % 60;
    if (locale === 'en') return m ? `${h} h ${m} min` : `${h} h`;
    return m ? `${h} 时 ${m} 分` : `${h} 小时`;
  }
  const d = Math.floor(length / DAY);
  const h = Math.floor((length % DAY) / HOUR);
  if (locale === 'en') return h ? `${d} d ${h} h` : `${d} d`;
  return h ? `${d} 天 ${h} 时` : `${d} 天`;
}

/** 还剩 18 分 / 超 6 分. */
export function leftWords(dueAt: Instant, now: Date, locale: Locale): string {
  const left = ms(dueAt) - now.getTime();
  if (left >= 0) return locale === 'en' ? `${span(left, locale)} left` : `还剩 ${span(left, locale)}`;
  return locale === 'en' ? `${span(-left, locale)} over` : `超 ${span(-left, locale)}`;
}

/** For a live list: 9:51 under an hour, 1 时 34 分 under a day, 周一 10:00 beyond, 超 6 分 when over. Screen readers get `leftWords`. */
export function leftShort(dueAt: Instant, now: Date, locale: Locale): string {
  const left = ms(dueAt) - now.getTime();
  if (left < 0) return leftWords(dueAt, now, locale);
  if (left < HOUR) return countdown(left);
  if (left < DAY) return span(left, locale);
  return dayTime(dueAt, now, locale);
}

/** 9:51. */
export function countdown(leftMs: number): string {
  const seconds = Math.floor(Math.max(0, leftMs) / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}

/** 4 秒前, for the age of a position or of the data. Not for logs: those show the time itself. */
export function ago(at: Instant, now: Date, locale: Locale): string {
  const age = now.getTime() - ms(at);
  if (age < 1_000) return locale === 'en' ? 'now' : '刚刚';
  return locale === 'en' ? `${span(age, locale)} ago` : `${span(age, locale)}前`;
}

/** Made once: a new one costs more than all that it formats. */
const PARTS = new Intl.DateTimeFormat('en-GB', {
  timeZone: ZONE,
  year: 'numeric',
  month: 'numeric',
  day: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  weekday: 'short',
  hourCycle: 'h23',
});
function parts(at: Instant): Record<string, string> {
  return Object.fromEntries(PARTS.formatToParts(new Date(ms(at))).map((p) => [p.type, p.value]));
}

/** 15:42. */
export function clockTime(at: Instant, seconds = false): string {
  const p = parts(at);
  return seconds ? `${p.hour}:${p.minute}:${p.second}` : `${p.hour}:${p.minute}`;
}

/** 2026-11-26 15:42, as papers write it: on a sheet that is kept nothing is yesterday. */
export function paperTime(at: Instant): string {
  const p = parts(at);
  return `${p.year}-${p.month!.padStart(2, '0')}-${p.day!.padStart(2, '0')} ${p.hour}:${p.minute}`;
}

const WEEKDAY_ZH = new Map([
  ['Mon', '周一'],
  ['Tue', '周二'],
  ['Wed', '周三'],
  ['Thu', '周四'],
  ['Fri', '周五'],
  ['Sat', '周六'],
  ['Sun', '周日'],
]);

/** 15:42 today; 昨天 15:42, 明天 10:00, 周一 10:00 within a week ahead; 3月5日 10:00 else. */
export function dayTime(at: Instant, now: Date, locale: Locale): string {
  const p = parts(at);
  const clock = `${p.hour}:${p.minute}`;
  const days = dayOf(ms(at)) - dayOf(ms(now));
  const en = locale === 'en';
  if (days === 0) return clock;
  if (days === -1) return en ? `yesterday ${clock}` : `昨天 ${clock}`;
  if (days === 1) return en ? `tomorrow ${clock}` : `明天 ${clock}`;
  if (days > 1 && days < 7) return en ? `${p.weekday} ${clock}` : `${WEEKDAY_ZH.get(p.weekday ?? '') ?? ''} ${clock}`;
  const month = new Date(ms(at)).toLocaleString('en-GB', { timeZone: ZONE, month: 'short' });
  return en ? `${Number(p.day)} ${month} ${clock}` : `${Number(p.month)}月${Number(p.day)}日 ${clock}`;
}

/** 12月2日 周三, Wed 2 Dec; today and tomorrow by their names. */
function dayAndWeekday(at: Instant, now: Date, locale: Locale): string {
  const p = parts(at);
  const en = locale === 'en';
  const days = dayOf(ms(at)) - dayOf(ms(now));
  if (days === 0) return en ? 'today' : '今天';
  if (days === 1) return en ? 'tomorrow' : '明天';
  const month = new Date(ms(at)).toLocaleString('en-GB', { timeZone: ZONE, month: 'short' });
  return en ? `${p.weekday} ${Number(p.day)} ${month}` : `${Number(p.month)}月${Number(p.day)}日 ${WEEKDAY_ZH.get(p.weekday ?? '') ?? ''}`;
}

/** What is arranged for a time: 12月2日 周三 15:00–17:00. The day of the end only where it is another one. */
export function timeRange(from: Instant, until: Instant, now: Date, locale: Locale): string {
  const begins = `${dayAndWeekday(from, now, locale)} ${clockTime(from)}`;
  if (dayOf(ms(from)) === dayOf(ms(until))) return `${begins}–${clockTime(until)}`;
  return `${begins} – ${dayAndWeekday(until, now, locale)} ${clockTime(until)}`;
}
