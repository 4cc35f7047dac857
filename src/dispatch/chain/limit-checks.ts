/** What is odd about a table of limits: said to whoever edits it, and never forbidden, because a district may have its reasons. Pure. */
import { workdayMs, type WorkingCalendar } from './calendar.ts';
import { LEVELS, type Level } from './incident.ts';
import { limitMs, type LimitedClock, type Rules } from './levels.ts';

export interface LimitWarning {
  readonly level: Level;
  /** Absent: about the level as a whole. */
  readonly clock?: LimitedClock;
  readonly code: LimitWarningCode;
}

export type LimitWarningCode =
  /** A graver level has more time for the same step than the next one. */
  | 'graver-is-slower'
  /** R1 and R2 stand still at night. Source: the level table (R1 and R2 count continuously). */
  | 'grave-not-continuous'
  /** R1 is extended or suspended, R2 suspended. Source: the level table (never). */
  | 'grave-extended'
  | 'grave-suspended'
  /** A step longer than a quarter of a year. Ours: more is nearly always a slip of the unit. */
  | 'very-long';

const VERY_LONG_DAYS = 92;
const DAY_MS = 86_400_000;

export function checkLimits(rules: Rules): LimitWarning[] {
  return [
    ...LEVELS.flatMap((level, i) => checkLevel(rules, level, LEVELS[i + 1])),
    ...LEVELS.flatMap((level) => checkLevelRule(rules, level)),
  ];
}

function checkLevel({ limits, calendar }: Rules, level: Level, next: Level | undefined): LimitWarning[] {
  const found: LimitWarning[] = [];
  for (const [key, limit] of limits) {
    const [of, clock] = key.split(':') as [Level, LimitedClock];
    if (of !== level) continue;
    const lessGrave = next === undefined ? undefined : limits.get(`${next}:${clock}`);
    // Compared as counted amounts: an hour of working time is never over sooner than an hour.
    if (lessGrave !== undefined && limitMs(limit, calendar) > limitMs(lessGrave, calendar)) {
      found.push({ level, clock, code: 'graver-is-slower' });
    }
    if ((level === 'R1' || level === 'R2') && limit.kind !== 'continuous') found.push({ level, clock, code: 'grave-not-continuous' });
    if (limitMs(limit, calendar) > VERY_LONG_DAYS * lengthOfDay(limit.kind, calendar)) found.push({ level, clock, code: 'very-long' });
  }
  return found;
}

function checkLevelRule({ extensions, suspendDays }: Rules, level: Level): LimitWarning[] {
  const found: LimitWarning[] = [];
  if (level === 'R1' && extensions.R1 > 0) found.push({ level, code: 'grave-extended' });
  if ((level === 'R1' || level === 'R2') && suspendDays[level] > 0) found.push({ level, code: 'grave-suspended' });
  return found;
}

/** Counted milliseconds of a day: of a working day where only working time counts. */
function lengthOfDay(kind: 'working' | 'continuous', calendar: WorkingCalendar): number {
  return kind === 'continuous' ? DAY_MS : workdayMs(calendar);
}
