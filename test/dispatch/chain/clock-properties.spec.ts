/** Clocks and the ladder through the public rules alone, against the reference and the minute counter. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HOURS, MINUTE_MS, midnight, onTheWall, tenYearsOfDays } from './reference-time.ts';
import { figuresOf, PROBE_HOURS, Timeline, type Figures } from './timeline.ts';
import { SUBDISTRICT } from './world.ts';

const HOUR_MS = 60 * MINUTE_MS;
const SEED = 20261127;
const days = tenYearsOfDays(SEED);
const runs = (numRuns: number) => ({ numRuns, seed: SEED });

const hours = fc.constantFrom(...HOURS.slice(0, 4));
/** Any second of two years, those of the seed tables. */
const start = fc.integer({ min: 0, max: 680 * 86_400 }).map((s) => midnight('2026-01-01') + s * 1_000);
const minutes = (max: number) => fc.integer({ min: 1, max }).map((m) => m * MINUTE_MS);
const seconds = (maxMs: number) => fc.integer({ min: 1, max: maxMs / 1_000 }).map((s) => s * 1_000);
const figures = fc.record({ hours, step: fc.integer({ min: 4, max: 300 }) }).map(({ hours, step }) => figuresOf(days, hours, () => step));

/** At work on it at this instant, all steps before done in no time. */
function atWork(of: Figures, startMs: number, resolveMs: number): Timeline {
  const timeline = new Timeline(of, startMs, resolveMs);
  timeline.toHandling('drainage-1', () => 0);
  return timeline;
}

const pause = fc.record({ afterMs: seconds(30 * HOUR_MS), lastsMs: seconds(90 * HOUR_MS) });
type Pause = { readonly afterMs: number; readonly lastsMs: number };

/** Suspends and resumes, each so long after the one before. @returns the stretches in which it stood still. */
function pauseAll(timeline: Timeline, pauses: readonly Pause[]): { fromMs: number; toMs: number }[] {
  return pauses.map(({ afterMs, lastsMs }) => {
    timeline.pass(afterMs);
    const fromMs = timeline.nowMs;
    timeline.suspend(lastsMs + HOUR_MS);
    timeline.pass(lastsMs);
    timeline.do({ verb: 'resume' }, SUBDISTRICT);
    return { fromMs, toMs: timeline.nowMs };
  });
}

/** Counted by minutes from one instant to another, the pauses left out. */
function workedBetween(of: Figures, fromMs: number, toMs: number, pauses: readonly { fromMs: number; toMs: number }[]): number {
  let sum = 0;
  let at = fromMs;
  for (const p of pauses) {
    sum += of.law.counter.between(at, Math.min(p.fromMs, toMs));
    at = Math.min(p.toMs, toMs);
  }
  return sum + of.law.counter.between(at, toMs);
}

describe('a deadline', () => {
  it('Friday to Monday: 4 h from Friday 14:00, suspended at 17:00, resumed on Monday at 09:00, ends on Monday at 10:00', () => {
    const of = figuresOf(new Map(), PROBE_HOURS, () => 60);
    const friday = midnight('2026-11-20') + 14 * HOUR_MS;
    const timeline = atWork(of, friday, 4 * HOUR_MS);
    expect(onTheWall(timeline.stepDueMs)).toBe('2026-11-20 18:00');
    timeline.until(friday + 3 * HOUR_MS);
    timeline.suspend(10 * 24 * HOUR_MS);
    timeline.until(midnight('2026-11-23') + 9 * HOUR_MS);
    timeline.do({ verb: 'resume' }, SUBDISTRICT);
    expect(onTheWall(timeline.stepDueMs)).toBe('2026-11-23 10:00');
  });

  it('has used up limit and extensions exactly, whatever pauses and extensions there were, in whatever order', () => {
    const act = fc.record({ pause, byMs: fc.option(minutes(600)) });
    let extended = 0;
    fc.assert(
      fc.property(figures, start, minutes(2_000), fc.array(act, { minLength: 1, maxLength: 4 }), (of, at, limit, acts) => {
        const timeline = atWork(of, at, limit);
        const pauses = [];
        let granted = 0;
        for (const { pause, byMs } of acts) {
          pauses.push(...pauseAll(timeline, [pause]));
          if (byMs !== null && timeline.extend(byMs)) granted += byMs;
        }
        if (granted > 0) extended += 1;
        const due = timeline.stepDueMs;
        expect(workedBetween(of, at, due, pauses)).toBe(limit + granted);
        expect(workedBetween(of, at, due - 1, pauses)).toBe(limit + granted - 1);
      }),
      runs(200),
    );
    expect(extended).toBeGreaterThan(40);
  });

  it('is never earlier for a longer limit', () => {
    fc.assert(
      fc.property(
        figures,
        start,
        minutes(1_500),
        seconds(20 * HOUR_MS),
        fc.array(pause, { maxLength: 3 }),
        (of, at, limit, more, pauses) => {
          const [one, longer] = [limit, limit + more].map((ms) => atWork(of, at, ms)) as [Timeline, Timeline];
          for (const timeline of [one, longer]) pauseAll(timeline, pauses);
          expect(longer.stepDueMs).toBeGreaterThan(one.stepDueMs);
          expect(longer.totalDueMs).toBeGreaterThan(one.totalDueMs);
        },
      ),
      runs(100),
    );
  });

  it('is never earlier for a longer pause', () => {
    fc.assert(
      fc.property(figures, start, minutes(1_500), pause, seconds(60 * HOUR_MS), pause, (of, at, limit, first, more, then) => {
        const [one, longer] = [atWork(of, at, limit), atWork(of, at, limit)] as const;
        pauseAll(one, [first, { afterMs: more + then.afterMs, lastsMs: then.lastsMs }]);
        pauseAll(longer, [{ ...first, lastsMs: first.lastsMs + more }, then]);
        expect(longer.nowMs).toBe(one.nowMs);
        expect(longer.stepDueMs).toBeGreaterThanOrEqual(one.stepDueMs);
        expect(longer.totalDueMs).toBeGreaterThanOrEqual(one.totalDueMs);
      }),
      runs(100),
    );
  });

  it('is the same when it is paused over a night, a lunch break, a weekend or a holiday', () => {
    let over = 0;
    fc.assert(
      fc.property(figures, start, minutes(2_000), minutes(4_000), fc.array(pause, { maxLength: 2 }), (of, at, limit, after, pauses) => {
        const { counter } = of.law;
        const [plain, closed] = [atWork(of, at, limit), atWork(of, at, limit)] as const;
        for (const timeline of [plain, closed]) pauseAll(timeline, pauses);
        // The next time that counts for nothing, as long as it lasts.
        let fromMs = plain.nowMs + after;
        fromMs += (MINUTE_MS - (fromMs % MINUTE_MS)) % MINUTE_MS;
        while (counter.counts(fromMs)) fromMs += MINUTE_MS;
        let toMs = fromMs;
        while (!counter.counts(toMs)) toMs += MINUTE_MS;
        closed.until(fromMs);
        closed.suspend(toMs - fromMs + HOUR_MS);
        closed.until(toMs);
        closed.do({ verb: 'resume' }, SUBDISTRICT);
        plain.until(toMs);
        if (fromMs < plain.stepDueMs) over += 1;
        expect(closed.stepDueMs).toBe(plain.stepDueMs);
        expect(closed.totalDueMs).toBe(plain.totalDueMs);
        closed.proveNext();
      }),
      runs(100),
    );
    expect(over).toBeGreaterThan(15);
  });

  it('keeps an extension over each pause before and after it', () => {
    fc.assert(
      fc.property(
        figures,
        start,
        minutes(600),
        minutes(900),
        fc.array(pause, { minLength: 1, maxLength: 4 }),
        (of, at, limit, by, pauses) => {
          const [plain, longer] = [atWork(of, at, limit + by), atWork(of, at, limit)] as const;
          expect(longer.extend(by)).toBe(true);
          for (const one of pauses) {
            for (const timeline of [plain, longer]) pauseAll(timeline, [one]);
            expect(longer.stepDueMs).toBe(plain.stepDueMs);
          }
        },
      ),
      runs(100),
    );
  });
});

describe('a step handed back', () => {
  it('goes on for the same unit with what it had left, and begins anew for another', () => {
    fc.assert(
      fc.property(figures, start, minutes(2_000), seconds(40 * HOUR_MS), seconds(40 * HOUR_MS), (of, at, limit, first, away) => {
        const again = (by: string) => {
          const timeline = atWork(of, at, limit);
          timeline.pass(first);
          timeline.do({ verb: 'recall', reason: '先办另一件' }, SUBDISTRICT);
          timeline.pass(away);
          timeline.toHandling(by, () => 0);
          return timeline;
        };
        const back = at + first + away;
        const stood = [{ fromMs: at + first, toMs: back }];
        expect(workedBetween(of, at, again('drainage-1').stepDueMs, stood)).toBe(limit);
        expect(again('police-1').stepDueMs).toBe(of.law.counter.after(back, limit));
      }),
      runs(100),
    );
  });

  it('goes on after a failed check, the check itself left out', () => {
    fc.assert(
      fc.property(figures, start, minutes(2_000), seconds(20 * HOUR_MS), minutes(30), (of, at, limit, first, gap) => {
        const timeline = atWork(of, at, limit);
        timeline.pass(first);
        const fromMs = timeline.nowMs;
        timeline.failedCheck(() => gap);
        expect(workedBetween(of, at, timeline.stepDueMs, [{ fromMs, toMs: timeline.nowMs }])).toBe(limit);
      }),
      runs(100),
    );
  });
});

describe('the total clock', () => {
  it('never restarts: by whatever hands the incident goes, it ends where report, limit and extensions say', () => {
    const hand = fc.record({ by: fc.constantFrom('drainage-1', 'police-1'), afterMs: seconds(30 * HOUR_MS), gapMs: seconds(2 * HOUR_MS) });
    const hands = fc.array(hand, { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(figures, start, minutes(900), minutes(600), hands, (of, at, limit, by, hands) => {
        const timeline = atWork(of, at, limit);
        const granted = timeline.extend(by) ? by : 0;
        for (const { by, afterMs, gapMs } of hands) {
          timeline.pass(afterMs);
          timeline.do({ verb: 'recall', reason: '换一家' }, SUBDISTRICT);
          timeline.toHandling(by, () => 0);
          timeline.failedCheck(() => gapMs);
        }
        const steps = ['call', 'accept', 'acknowledge', 'arrive', 'check'].map((clock) => of.law.limit('R3', clock).ms);
        const total = steps.reduce((sum, ms) => sum + ms, limit);
        expect(timeline.totalDueMs).toBe(of.law.counter.after(at, total + granted));
      }),
      runs(100),
    );
  });
});
