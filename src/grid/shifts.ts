/**
 * 班次: whose turn it is by the shift pattern alone. Pure.
 *
 * The rotation. Shifts are counted without end, `day × spans a day + place of the span`, days from 1970-01-01 in China's time, and shift
 * number n belongs to crew n modulo the number of crews, so that nobody but a lone crew works two shifts in a row. Where a crew would then
 * have the same spans, or the same weekdays, for ever (three or more crews that share a divisor with the spans of a week, as with 三班三运转),
 * one crew is passed over each Monday, so that nights and Sundays go round. Two crews are left as they are: passing over one would make the
 * other work two shifts on end. A pattern of workdays is an office: one crew has the whole day, lunch is no change of crew, and days that are
 * off count too.
 *
 * Ours. Everything follows from the date, so that a corrected calendar moves nobody's turn on another day.
 */
import { dateOf, startOfDay } from '../china-time.ts';

const MINUTE_MS = 60_000;
/** 1970-01-01 was a Thursday: with 3 more days weeks begin on a Monday. */
const DAYS_TO_MONDAY = 3;
/** What a pattern says of the time between its spans when it promises that there is none. */
const NO_GAP = 'no gap';

export interface ShiftPatternRow {
  /** `HH:MM`; `to` not after `from` runs past midnight, `24:00` is the end of the day. Non-empty. */
  readonly spans: readonly { readonly from: string; readonly to: string }[];
  readonly days: 'daily' | 'workdays';
  /** Who answers between the spans; `no gap`: nobody is meant to be needed. */
  readonly offShiftEn: string;
}

export type DutyState = 'on' | 'onCall' | 'off';

/** A piece of time with one crew. Pieces of a pattern follow one another without a gap. */
export interface Turn {
  readonly fromMs: number;
  readonly toMs: number;
  /** `on`: at work. `onCall`: the crew that worked last answers the telephone. `off`: nobody. */
  readonly state: DutyState;
  /** Place in the order of crews, from 0; null when there is nobody. */
  readonly crew: number | null;
}

/** Is it a working day? Where the table says nothing, Monday to Friday are: the same as for deadlines. */
export function isWorkday(days: ReadonlyMap<string, boolean>, day: number): boolean {
  const known = days.get(dateOf(day));
  if (known !== undefined) return known;
  const weekday = (day + DAYS_TO_MONDAY) % 7;
  return weekday < 5;
}

/** The crew, from 0, whose turn span number `span` of a day is. */
export function crewOf(pattern: Pick<ShiftPatternRow, 'spans' | 'days'>, crews: number, day: number, span: number): number {
  const office = pattern.days === 'workdays';
  const aDay = office ? 1 : pattern.spans.length;
  const shift = day * aDay + (office ? 0 : span);
  const sameEveryWeek = crews > 2 && commonDivisor(7 * aDay, crews) > 1;
  const passedOver = sameEveryWeek ? Math.floor((day + DAYS_TO_MONDAY) / 7) : 0;
  return (((shift + passedOver) % crews) + crews) % crews;
}

function commonDivisor(a: number, b: number): number {
  return b === 0 ? a : commonDivisor(b, a % b);
}

interface Mark {
  readonly fromMs: number;
  /** Equal to `fromMs` on a day that is off: from there on the crew of that day is on call. */
  readonly toMs: number;
  readonly crew: number;
}

/**
 * The turns that touch a day, each whole, in order.
 *
 * A span that begins before the last one ends takes over at once. Between spans the crew that worked last is on call; on a day that is off, the
 * crew of that day from the hour at which it would have begun.
 */
export function turnsAround(pattern: ShiftPatternRow, crews: number, days: ReadonlyMap<string, boolean>, day: number): Turn[] {
  const marks = [day - 1, day, day + 1, day + 2].flatMap((d) => marksOf(pattern, crews, isWorkday(days, d), d));
  const turns: Turn[] = [];
  for (const [i, mark] of marks.entries()) {
    const next = marks[i + 1];
    if (next === undefined) break;
    const endMs = Math.min(mark.toMs, next.fromMs);
    if (endMs > mark.fromMs) turns.push(turn(mark.fromMs, endMs, crews === 0 ? 'off' : 'on', mark.crew));
    if (next.fromMs > endMs)
      turns.push(turn(endMs, next.fromMs, crews === 0 || pattern.offShiftEn === NO_GAP ? 'off' : 'onCall', mark.crew));
  }
  return turns.filter((t) => t.toMs > startOfDay(day) && t.fromMs < startOfDay(day + 1));
}

function turn(fromMs: number, toMs: number, state: DutyState, crew: number): Turn {
  return { fromMs, toMs, state, crew: state === 'off' ? null : crew };
}

function marksOf(pattern: ShiftPatternRow, crews: number, workday: boolean, day: number): Mark[] {
  const start = startOfDay(day);
  const marks = pattern.spans
    .map(({ from, to }, span) => {
      const fromMin = minutesOf(from);
      const toMin = minutesOf(to);
      return {
        fromMs: start + fromMin * MINUTE_MS,
        toMs: start + (toMin > fromMin ? toMin : toMin + 24 * 60) * MINUTE_MS,
        crew: crews === 0 ? 0 : crewOf(pattern, crews, day, span),
      };
    })
    .sort((a, b) => a.fromMs - b.fromMs);
  if (pattern.days === 'daily' || workday) return marks;
  return marks.slice(0, 1).map((first) => ({ ...first, toMs: first.fromMs }));
}

function minutesOf(clock: string): number {
  const [hours, minutes] = clock.split(':').map(Number);
  return hours! * 60 + minutes!;
}
