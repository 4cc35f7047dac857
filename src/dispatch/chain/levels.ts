/** 分级响应: how grave, and how long each step may take. The figures are rows of the table `level_limit`; these are their shapes. */
import { addWorking, workdayMs, workingBetween, type WorkingCalendar } from './calendar.ts';
import { LEVELS, type Level } from './incident.ts';
import type { ClockName } from './states.ts';

/** `workdays` are whole working days of the district's calendar. */
export type LimitUnit = 'minutes' | 'hours' | 'workdays';
export type ClockKind = 'working' | 'continuous';

export interface Limit {
  readonly value: number;
  readonly unit: LimitUnit;
  readonly kind: ClockKind;
}

/** Clocks that have a limit by level; `resume` runs to the date that was agreed. */
export type LimitedClock = Exclude<ClockName, 'resume'>;

export interface Rules {
  /** Every level has every limited clock. */
  readonly limits: ReadonlyMap<`${Level}:${LimitedClock}`, Limit>;
  readonly calendar: WorkingCalendar;
  /** How often an extension may be granted. Source: the level table of the rules (R1 never, R2 once, R3 and R4 twice). */
  readonly extensions: Readonly<Record<Level, number>>;
  /** Longest suspension in days, 0 for never. Source: as above (R3 ≤ 30 days, R4 ≤ 1 year). */
  readonly suspendDays: Readonly<Record<Level, number>>;
}

/** R1 → 1 … R4 → 4, as the database keeps it. */
export function levelNumber(level: Level): number {
  return LEVELS.indexOf(level) + 1;
}

/** @throws RangeError for anything but 1–4. */
export function levelFromNumber(n: number): Level {
  const level = LEVELS[n - 1];
  if (level === undefined) throw new RangeError(`no level ${n}`);
  return level;
}

/** The graver of two levels: R1 before R4. */
export function graver(a: Level, b: Level): Level {
  return levelNumber(a) <= levelNumber(b) ? a : b;
}

/** Counted milliseconds of a limit; a working day is one whole day of the calendar, also for a continuous clock. */
export function limitMs(limit: { readonly value: number; readonly unit: LimitUnit }, calendar: WorkingCalendar): number {
  switch (limit.unit) {
    case 'minutes':
      return limit.value * 60_000;
    case 'hours':
      return limit.value * 3_600_000;
    case 'workdays':
      return limit.value * workdayMs(calendar);
  }
}

/** @throws RangeError if the table has no such row: a missing figure must not silently become none. */
export function limitOf(rules: Rules, level: Level, clock: LimitedClock): Limit {
  const limit = rules.limits.get(`${level}:${clock}`);
  if (limit === undefined) throw new RangeError(`no limit for ${level} ${clock}`);
  return limit;
}

/** When `amountMs` of counted time have passed since `fromMs`. */
export function dueAfter(rules: Rules, kind: ClockKind, fromMs: number, amountMs: number): number {
  return kind === 'continuous' ? fromMs + amountMs : addWorking(rules.calendar, fromMs, amountMs);
}

/** Counted milliseconds between two instants. */
export function countedBetween(rules: Rules, kind: ClockKind, fromMs: number, toMs: number): number {
  return kind === 'continuous' ? Math.max(0, toMs - fromMs) : workingBetween(rules.calendar, fromMs, toMs);
}
