/** Years that the working calendar lacks, for those who can add them: read at the start, after each edit, and a few times a day. */
import { computed, shallowRef } from 'vue';
import { api } from '../../shared/api.ts';
import { me } from '../../shared/session.ts';
import type { WireCalendar } from './types.ts';

const LOOK_INTERVAL_MS = 4 * 3_600_000;
const read = shallowRef<readonly number[]>([]);
export const missingYears = computed(() => (me.value?.may?.includes('settings') ? read.value : []));

export async function lookForMissingYears(): Promise<void> {
  if (!me.value?.may?.includes('settings')) return;
  try {
    read.value = (await api.get<WireCalendar>('/calendar')).missing;
  } catch {
    // Only a warning: the next look may come through.
  }
}
/** The page that reads the calendar anyway tells what it saw. */
export function sawMissingYears(years: readonly number[]): void {
  read.value = years;
}
/** @returns the way to stop looking. */
export function watchMissingYears(): () => void {
  void lookForMissingYears();
  const timer = setInterval(() => void lookForMissingYears(), LOOK_INTERVAL_MS);
  return () => clearInterval(timer);
}
