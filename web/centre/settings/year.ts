/** A year as twelve months of weeks, Monday first. Pure. */

export interface Month {
  /** 1–12. */
  readonly month: number;
  /** Days as `YYYY-MM-DD`; null before the first and after the last. */
  readonly weeks: readonly (readonly (string | null)[])[];
}

const two = (n: number) => String(n).padStart(2, '0');

export function monthsOf(year: number): Month[] {
  return Array.from({ length: 12 }, (_, i) => {
    const first = new Date(Date.UTC(year, i, 1));
    const length = new Date(Date.UTC(year, i + 1, 0)).getUTCDate();
    const lead = (first.getUTCDay() || 7) - 1;
    const cells: (string | null)[] = [
      ...Array.from({ length: lead }, () => null),
      ...Array.from({ length }, (_unused, d) => `${year}-${two(i + 1)}-${two(d + 1)}`),
    ];
    while (cells.length % 7 !== 0) cells.push(null);
    return { month: i + 1, weeks: Array.from({ length: cells.length / 7 }, (_unused, w) => cells.slice(w * 7, w * 7 + 7)) };
  });
}

/** Where an arrow leads; null for another key. Stays within the year. */
export function dayByKey(day: string, key: string): string | null {
  const by = ({ ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7 } as Record<string, number>)[key];
  const at = new Date(`${day}T00:00:00Z`);
  if (by !== undefined) at.setUTCDate(at.getUTCDate() + by);
  else if (key === 'PageUp' || key === 'PageDown') {
    const days = at.getUTCDate();
    at.setUTCDate(1);
    at.setUTCMonth(at.getUTCMonth() + (key === 'PageUp' ? -1 : 1));
    at.setUTCDate(Math.min(days, new Date(Date.UTC(at.getUTCFullYear(), at.getUTCMonth() + 1, 0)).getUTCDate()));
  } else if (key === 'Home' || key === 'End')
    at.setUTCDate(at.getUTCDate() + (key === 'Home' ? 1 - (at.getUTCDay() || 7) : 7 - (at.getUTCDay() || 7)));
  else return null;
  const next = at.toISOString().slice(0, 10);
  return next.slice(0, 4) === day.slice(0, 4) ? next : day;
}
