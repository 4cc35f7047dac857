/** How long a working day is, from its spans as they are typed. */
import type { WorkingSpan } from '../../../src/grid/calendar-edit.ts';

/** Minutes from midnight; null for what is no time of a day. */
export function minutesOf(time: string): number | null {
  const [, hours, minutes] = /^([01]\d|2[0-4]):([0-5]\d)$/.exec(time) ?? [];
  return hours === undefined ? null : Number(hours) * 60 + Number(minutes);
}

/** @returns hours to two places; null while one of the times cannot be read. */
export function dayHours(spans: readonly WorkingSpan[]): number | null {
  let sum = 0;
  for (const { from, to } of spans) {
    const [start, end] = [minutesOf(from), minutesOf(to)];
    if (start === null || end === null) return null;
    sum += Math.max(0, end - start);
  }
  return Math.round((sum / 60) * 100) / 100;
}
