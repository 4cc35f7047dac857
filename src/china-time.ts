/** The district's own time: China has one time zone and no summer time since 1991. Pure. */

export const CHINA_OFFSET_MS = 8 * 3_600_000;
const DAY_MS = 86_400_000;

/** Date and time as clocks in China show them, in the UTC fields of a `Date`: to be read, not to be reckoned with. */
export function shownInChina(atMs: number): Date {
  return new Date(atMs + CHINA_OFFSET_MS);
}

/** Days since 1970-01-01 in China's time. */
export function dayOf(atMs: number): number {
  return Math.floor((atMs + CHINA_OFFSET_MS) / DAY_MS);
}

/** `YYYY-MM-DD`. @param day  days since 1970-01-01. */
export function dateOf(day: number): string {
  return new Date(day * DAY_MS).toISOString().slice(0, 10);
}

/** Days since 1970-01-01. @param date  `YYYY-MM-DD`; NaN where it is none. */
export function dayNumber(date: string): number {
  return Date.parse(`${date}T00:00:00Z`) / DAY_MS;
}

/** The date in China at an instant, `YYYY-MM-DD`. */
export function dateAt(at: Date): string {
  return dateOf(dayOf(at.getTime()));
}

/** The instant at which a day begins, epoch milliseconds. */
export function startOfDay(day: number): number {
  return day * DAY_MS - CHINA_OFFSET_MS;
}
