/** A press that waited for the network has two times: when it was pressed, by the device, and when the service had it. Clocks run by the second one. Pure. */
import { dayTime } from './time.ts';
import type { Locale, WireMove } from './types.ts';

/** Less apart is the way of the answer, and a clock that is not quite right [ours]. */
const SAME_MS = 30_000;

/** Both times in words; null where they are as good as the same, or the device said none. */
export function twoTimes(
  { at, payload }: Pick<WireMove, 'at' | 'payload'>,
  now: Date,
  locale: Locale,
): { readonly device: string; readonly received: string } | null {
  const { deviceAt } = payload;
  if (typeof deviceAt !== 'string' || Number.isNaN(Date.parse(deviceAt))) return null;
  if (Math.abs(Date.parse(at) - Date.parse(deviceAt)) < SAME_MS) return null;
  return { device: dayTime(deviceAt, now, locale), received: dayTime(at, now, locale) };
}
