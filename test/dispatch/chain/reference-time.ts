/**
 * Working time counted the slow way: one mark for each minute of ten years, looked at one after the other. The specs compare the rules
 * with this; it shares no code with them and knows no shortcut.
 */
import { readFileSync } from 'node:fs';
import { seeded } from '../../../scripts/replay/random.ts';

export const MINUTE_MS = 60_000;
const DAY_MIN = 1_440;
export const FIRST_YEAR = 2026;
export const LAST_YEAR = 2035;

/** Midnight of a day in Qingyuan, eight hours ahead of UTC, as epoch milliseconds. */
export const midnight = (date: string): number => Date.parse(`${date}T00:00:00+08:00`);
/** An instant as the clock on the wall in Qingyuan shows it. */
export const onTheWall = (ms: number): string => new Date(ms + 8 * 60 * MINUTE_MS).toISOString().slice(0, 16).replace('T', ' ');

export const START_MS = midnight(`${FIRST_YEAR}-01-01`);
export const END_MS = midnight(`${LAST_YEAR + 1}-01-01`);

export interface Hours {
  readonly name: string;
  readonly spans: readonly { readonly fromMin: number; readonly toMin: number }[];
}

const span = (from: number, to: number) => ({ fromMin: from * 60, toMin: to * 60 });

/** Working hours of one day, also such as no office has, up to both midnights. */
export const HOURS: readonly Hours[] = [
  { name: '08:30–12:00, 14:30–17:30', spans: [span(8.5, 12), span(14.5, 17.5)] },
  { name: '08–12, 14–18', spans: [span(8, 12), span(14, 18)] },
  { name: '09–17 without a break', spans: [span(9, 17)] },
  { name: '00–02, 22–24', spans: [span(0, 2), span(22, 24)] },
  { name: 'all day', spans: [span(0, 24)] },
  { name: 'two spans that touch', spans: [span(7, 12), span(12, 13), span(20, 20.25)] },
];

/** Days of the first two years as the seed tables have them. */
function seedDays(): Map<string, boolean> {
  const days = new Map<string, boolean>();
  for (const year of [2026, 2027]) {
    const [, ...lines] = readFileSync(`data/seed/calendar_${year}.csv`, 'utf8').trim().split('\n');
    for (const line of lines) {
      const [date, , , working] = line.split(',');
      days.set(date!, working === '1');
    }
  }
  return days;
}

const isoDate = (year: number, dayOfYear: number): string => new Date(Date.UTC(year, 0, 1 + dayOfYear)).toISOString().slice(0, 10);

/**
 * Ten years of days: two from the seed tables, the others with holidays of up to eight days and made-up weekends wherever the seed puts them.
 * The last year has none at all, as when nobody has entered it yet.
 */
export function tenYearsOfDays(seed: number): Map<string, boolean> {
  const random = seeded(seed);
  const days = seedDays();
  for (let year = FIRST_YEAR + 2; year < LAST_YEAR; year++) {
    for (let i = 0; i < 8; i++) {
      const first = Math.floor(random() * 365);
      const length = 1 + Math.floor(random() * 8);
      for (let d = first; d < first + length; d++) days.set(isoDate(year, d), false);
    }
    for (let i = 0; i < 7; i++) days.set(isoDate(year, Math.floor(random() * 365)), true);
  }
  return days;
}

/** Counts by looking at each minute. */
export class MinuteCounter {
  /** 1 for each minute that counts, from START_MS on. */
  readonly marks: Uint8Array;

  constructor(days: ReadonlyMap<string, boolean>, hours: Hours) {
    const count = (END_MS - START_MS) / MINUTE_MS;
    this.marks = new Uint8Array(count);
    for (let dayStart = 0; dayStart < count; dayStart += DAY_MIN) {
      const wall = new Date(START_MS + dayStart * MINUTE_MS + 8 * 60 * MINUTE_MS);
      const weekend = wall.getUTCDay() === 0 || wall.getUTCDay() === 6;
      if (!(days.get(wall.toISOString().slice(0, 10)) ?? !weekend)) continue;
      for (let minute = 0; minute < DAY_MIN; minute++) {
        if (hours.spans.some((s) => s.fromMin <= minute && minute < s.toMin)) this.marks[dayStart + minute] = 1;
      }
    }
  }

  /** Does time count at this instant? */
  counts(ms: number): boolean {
    return this.marks[this.index(ms)] === 1;
  }

  /** Counted milliseconds from one instant to another. */
  between(fromMs: number, toMs: number): number {
    let sum = 0;
    for (let at = fromMs; at < toMs;) {
      const next = Math.min(this.endOfMinute(at), toMs);
      if (this.counts(at)) sum += next - at;
      at = next;
    }
    return sum;
  }

  /**
   * The first instant by which so much has been counted, leaving out what `skips` says.
   *
   * @throws RangeError past the end of the ten years.
   */
  after(startMs: number, amountMs: number, skips: (ms: number) => number | null = () => null): number {
    let left = amountMs;
    let at = startMs;
    while (left > 0) {
      const skipTo = skips(at);
      if (skipTo !== null) {
        at = skipTo;
        continue;
      }
      const end = this.endOfMinute(at);
      if (this.counts(at)) {
        if (left <= end - at) return at + left;
        left -= end - at;
      }
      at = end;
    }
    return at;
  }

  private endOfMinute(ms: number): number {
    return START_MS + (Math.floor((ms - START_MS) / MINUTE_MS) + 1) * MINUTE_MS;
  }

  private index(ms: number): number {
    const index = Math.floor((ms - START_MS) / MINUTE_MS);
    if (index < 0 || index >= this.marks.length) throw new RangeError(`${new Date(ms).toISOString()} lies outside the ten years`);
    return index;
  }
}
