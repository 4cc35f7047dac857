/** The hour that is played, in the address: `?replay=2026-11-20T06:00Z`, so that it can be sent to a colleague. Pure. */

const SHAPE = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,3})?)?Z$/;
const MINUTE_MS = 60_000;
export const HOUR_MS = 3_600_000;

/** @returns epoch milliseconds; null where nothing is played, or what stands there is no time. */
export function readReplay(search: string): number | null {
  const text = new URLSearchParams(search).get('replay') ?? '';
  const ms = SHAPE.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(ms) ? null : ms;
}

/** @returns the query with its question mark, or an empty string; what is not the replay's stays as it was. */
export function writeReplay(search: string, fromMs: number | null): string {
  const query = new URLSearchParams(search);
  if (fromMs === null) query.delete('replay');
  else query.set('replay', `${new Date(fromMs).toISOString().slice(0, 16)}Z`);
  const out = query.toString().replaceAll('%3A', ':').replaceAll('%2C', ',');
  return out ? `?${out}` : '';
}

/** The hour that lies behind, up to this moment: what one wants to see when something has just gone wrong. From a whole minute on, as the address says it. */
export const lastHour = (nowMs: number): number => Math.ceil((nowMs - HOUR_MS) / MINUTE_MS) * MINUTE_MS;
