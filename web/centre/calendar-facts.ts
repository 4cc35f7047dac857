/** What the centre knows of the working calendar: how long a working day is, and which years are missing. Read at the start, after each edit, and a few times a day. */
import { computed, ref, shallowRef } from 'vue';
import type { WorkingSpan } from '../../src/grid/calendar-edit.ts';
import { api } from '../shared/api.ts';
import { me } from '../shared/session.ts';

const LOOK_INTERVAL_MS = 4 * 3_600_000;
const missing = shallowRef<readonly number[]>([]);

/** Counted hours of a working day; until the calendar is read, those of the one that ships: 08:30–12:00 and 14:30–17:30. */
export const workdayHours = ref(6.5);
/** Said only to those who can add them. */
export const missingYears = computed(() => (me.value?.may?.includes('settings') ? missing.value : []));

export interface CalendarFacts {
  readonly hours: readonly WorkingSpan[];
  readonly missing: readonly number[];
}

/** A page that reads the calendar anyway tells what it saw. */
export function sawCalendar(facts: CalendarFacts): void {
  const minutes = (time: string) => Number(time.slice(0, 2)) * 60 + Number(time.slice(3, 5));
  const hours = facts.hours.reduce((sum, { from, to }) => sum + minutes(to) - minutes(from), 0) / 60;
  if (hours > 0) workdayHours.value = hours;
  missing.value = facts.missing;
}

/** @returns the way to stop looking. */
export function watchCalendar(): () => void {
  const look = () =>
    api.get<CalendarFacts>('/calendar').then(sawCalendar, () => {
      // What was known holds; the next look may come through.
    });
  void look();
  const timer = setInterval(() => void look(), LOOK_INTERVAL_MS);
  return () => clearInterval(timer);
}
