/** Days of the working calendar: their shape, what a weekday says by itself, and a year before its notice is out. Pure. */

export const DAY_KINDS = ['workday', 'weekend', 'holiday', 'makeup_workday'] as const;
export type DayKind = (typeof DAY_KINDS)[number];

export interface CalendarDay {
  /** `YYYY-MM-DD`, China time. */
  readonly day: string;
  readonly kind: DayKind;
  readonly working: boolean;
  /** One of the days that the law names, and not only moved to or bridged. */
  readonly statutory: boolean;
  readonly labelZh: string;
  readonly labelEn: string;
  /** `provisional`: before the State Council's notice for the year is out. */
  readonly status: 'announced' | 'provisional';
}

const DAY_MS = 86_400_000;
/**
 * First day of 春节 (正月初一), 端午 and 中秋, month and day. Computed from the common table of lunar months and compared with ICU's Chinese calendar:
 * the two differ only in 2027 and 2030, where the new moon comes within minutes of midnight and ICU's is a day off; the almanac's day stands here.
 */
const LUNAR_FEASTS: Readonly<Record<number, string>> = {
  2026: '02-17 06-19 09-25',
  2027: '02-06 06-09 09-15',
  2028: '01-26 05-28 10-03',
  2029: '02-13 06-16 09-22',
  2030: '02-03 06-05 09-12',
  2031: '01-23 06-24 10-01',
  2032: '02-11 06-12 09-19',
  2033: '01-31 06-01 09-08',
  2034: '02-19 06-20 09-27',
  2035: '02-08 06-10 09-16',
  2036: '01-28 05-30 10-04',
  2037: '02-15 06-18 09-24',
  2038: '02-04 06-07 09-13',
  2039: '01-24 05-27 10-02',
  2040: '02-12 06-14 09-20',
  2041: '02-01 06-03 09-10',
  2042: '01-22 06-22 09-28',
  2043: '02-10 06-11 09-17',
  2044: '01-30 05-31 10-05',
  2045: '02-17 06-19 09-25',
  2046: '02-06 06-08 09-15',
  2047: '01-26 05-29 10-04',
  2048: '02-14 06-15 09-22',
  2049: '02-02 06-04 09-11',
};
export const FIRST_YEAR = 2026;
export const LAST_YEAR = 2049;

/** 1 Monday … 7 Sunday. */
export function weekdayOf(day: string): number {
  return new Date(`${day}T00:00:00Z`).getUTCDay() || 7;
}

export function isWeekend(day: string): boolean {
  return weekdayOf(day) > 5;
}

/** Each day from one to the other, both included; none when they are in the wrong order. */
export function daysBetween(from: string, to: string): string[] {
  const days: string[] = [];
  for (let at = Date.parse(`${from}T00:00:00Z`); at <= Date.parse(`${to}T00:00:00Z`); at += DAY_MS) {
    days.push(new Date(at).toISOString().slice(0, 10));
  }
  return days;
}

/** `2027-02-30` has the form of a date and is none. */
export function isDay(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const day = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(text);
}

/** What the weekday says by itself. */
export function usualDay(day: string, status: CalendarDay['status']): CalendarDay {
  return isWeekend(day)
    ? { day, kind: 'weekend', working: false, statutory: false, labelZh: '周末', labelEn: 'weekend', status }
    : { day, kind: 'workday', working: true, statutory: false, labelZh: '工作日', labelEn: 'workday', status };
}

/**
 * A year before its notice is out: weekends and the 13 statutory days, without bridging and make-up days, all provisional.
 * Source: Regulation on Public Holidays for National Festivals and Memorial Days as amended from 2025-01-01, article 2.
 *
 * @param year  2026–2049. @throws RangeError for another: the lunar days are known for these.
 */
export function provisionalYear(year: number): CalendarDay[] {
  if (LUNAR_FEASTS[year] === undefined) throw new RangeError(`no calendar for the year ${year}`);
  const statutory = statutoryDays(year);
  return daysBetween(`${year}-01-01`, `${year}-12-31`).map((day) => {
    const feast = statutory.get(day);
    if (feast === undefined) return usualDay(day, 'provisional');
    const [zh, en] = feast;
    return {
      day,
      kind: 'holiday',
      working: false,
      statutory: true,
      labelZh: `${zh}放假`,
      labelEn: `${en} holiday`,
      status: 'provisional',
    };
  });
}

type Feast = readonly [zh: string, en: string];

function statutoryDays(year: number): Map<string, Feast> {
  const days = new Map<string, Feast>();
  const add = (feast: Feast, ...dates: string[]) => dates.forEach((date) => days.set(`${year}-${date}`, feast));
  add(['元旦', "New Year's Day"], '01-01');
  add(['清明', 'Tomb-sweeping Day'], `04-0${qingming(year)}`);
  add(['劳动节', 'Labour Day'], '05-01', '05-02');
  add(['国庆节', 'National Day'], '10-01', '10-02', '10-03');
  const [spring, dragonBoat, midAutumn] = LUNAR_FEASTS[year]!.split(' ') as [string, string, string];
  const firstMs = Date.parse(`${year}-${spring}T00:00:00Z`);
  // 除夕, 初一, 初二, 初三.
  for (const by of [-1, 0, 1, 2]) days.set(new Date(firstMs + by * DAY_MS).toISOString().slice(0, 10), ['春节', 'Spring Festival']);
  add(['端午', 'Dragon Boat Festival'], dragonBoat);
  // When 中秋 falls on one of the first days of October, that year's notice gives a day for it elsewhere: until then there are 12.
  if (!days.has(`${year}-${midAutumn}`)) add(['中秋', 'Mid-autumn Festival'], midAutumn);
  return days;
}

/** Day of April: the rule of thumb for the sun at 15°, exact for 2000–2099. */
function qingming(year: number): number {
  const y = year % 100;
  return Math.floor(y * 0.2422 + 4.81) - Math.floor(y / 4);
}
