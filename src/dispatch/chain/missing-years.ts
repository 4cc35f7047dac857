/** Years that the working calendar should have by now. Pure. */
import { coversYear, type WorkingCalendar } from './calendar.ts';
import { shownInChina } from '../../china-time.ts';

/** The State Council's notice for the next year comes in November; limits that begin in December end in it. */
const NEXT_YEAR_FROM_MONTH = 11;

/** The year that runs, and from November on the next one; in the district's own time. */
export function neededYears(now: Date): number[] {
  const local = shownInChina(now.getTime());
  const year = local.getUTCFullYear();
  return local.getUTCMonth() + 1 >= NEXT_YEAR_FROM_MONTH ? [year, year + 1] : [year];
}

/** Where the calendar says nothing, Monday to Friday count: deadlines near a holiday would be wrong, so somebody has to hear of it. */
export function missingYears(calendar: WorkingCalendar, now: Date): number[] {
  return neededYears(now).filter((year) => !coversYear(calendar, year));
}
