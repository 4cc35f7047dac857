/** Step clock and total clock: when they start, when they run out, what was left of them. Pure. */
import type { CategoryRules, Clock, Incident, Level, Time } from './incident.ts';
import { countedBetween, dueAfter, limitMs, limitOf, type LimitedClock, type Rules } from './levels.ts';
import { stateRow, type State } from './states.ts';

/** Limits after which 督办 level 1, 2 and 3 follow, as shares of the limit. Source: the ladder of the rules (100 %, 150 %, 200 %). */
const RUNG_SHARES: readonly number[] = [1, 1.5, 2];
/** After level 3 the district is told again at least this often. Ours: nobody is forgotten, and nobody is flooded. */
const REPEAT_MS = 86_400_000;

/** The same few instants are written again and again: when a move was made, and when offices close. */
const WRITTEN = Array.from({ length: 64 }, () => ({ ms: 0, text: new Date(0).toISOString() }));

function iso(ms: number): Time {
  const slot = Math.abs(ms) % WRITTEN.length;
  const kept = WRITTEN[slot];
  if (kept?.ms === ms) return kept.text;
  const text = new Date(ms).toISOString();
  if (kept !== undefined) WRITTEN[slot] = { ms, text };
  return text;
}

interface Start {
  readonly name: Clock['name'];
  readonly kind: Clock['kind'];
  readonly startMs: number;
  /** Whole limit, counted milliseconds. */
  readonly limitMs: number;
  readonly extendedMs?: number;
  readonly usedMs?: number;
  readonly rung?: Clock['rung'];
}

/** When so much of the limit is used up. */
function shareAt(rules: Rules, { kind, startMs, limitMs, usedMs = 0 }: Start, share: number): number {
  return dueAfter(rules, kind, startMs, Math.max(0, limitMs * share - usedMs));
}

/** A clock that starts at `startMs`, perhaps with a part of its limit used before. */
export function startClock(rules: Rules, start: Start): Clock {
  const { name, kind, startMs, limitMs, extendedMs = 0, usedMs = 0, rung = 0 } = start;
  const clock: Clock = {
    name,
    startedAt: iso(startMs),
    limitMs,
    kind,
    dueAt: iso(shareAt(rules, start, 1)),
    rungAt: iso(shareAt(rules, start, RUNG_SHARES[rung] ?? 1)),
    rung,
    ...(extendedMs === 0 ? {} : { extendedMs }),
    ...(usedMs === 0 ? {} : { usedMs }),
  };
  // Past the last rung the reminders of each day go on.
  return rung === 3 ? { ...clock, rungAt: iso(startMs + Math.max(REPEAT_MS, limitMs)) } : clock;
}

/** The resolve limit is the category's own as long as the incident keeps the category's level; regraded, the level's. */
function stepLimit(rules: Rules, level: Level, category: CategoryRules, clock: LimitedClock): { ms: number; kind: Clock['kind'] } {
  if (clock === 'resolve' && level === category.level) return { ms: category.resolveMs, kind: category.resolveKind };
  const limit = limitOf(rules, level, clock);
  return { ms: limitMs(limit, rules.calendar), kind: limit.kind };
}

/** The clock of a state that the incident enters now; null where the state has none or the date was agreed (`suspended`). */
export function stepClock(rules: Rules, state: State, level: Level, category: CategoryRules, now: Date): Clock | null {
  const name = stateRow(state).clock;
  if (name === null || name === 'resume') return null;
  const { ms, kind } = stepLimit(rules, level, category, name);
  return startClock(rules, { name, kind, startMs: now.getTime(), limitMs: ms });
}

/** Until when one unit should acknowledge or be there. */
export function unitUntil(rules: Rules, level: Level, clock: 'acknowledge' | 'arrive', fromMs: number): Time {
  const limit = limitOf(rules, level, clock);
  return iso(dueAfter(rules, limit.kind, fromMs, limitMs(limit, rules.calendar)));
}

/** Steps that every incident passes; their limits add up to the total clock's. */
const TOTAL_OF: readonly LimitedClock[] = ['call', 'accept', 'acknowledge', 'arrive', 'resolve', 'check'];

function totalLimit(rules: Rules, level: Level, category: CategoryRules): { limitMs: number; kind: Clock['kind'] } {
  const limitMs = TOTAL_OF.reduce((sum, name) => sum + stepLimit(rules, level, category, name).ms, 0);
  return { limitMs, kind: limitOf(rules, level, 'call').kind };
}

/** The total clock runs from the report to the end: the sum of the steps at this level. */
export function totalClock(rules: Rules, level: Level, category: CategoryRules, startMs: number): Clock {
  return startClock(rules, { name: 'total', ...totalLimit(rules, level, category), startMs });
}

/** The clock of a suspended incident: it runs to the agreed date. */
export function resumeClock(rules: Rules, now: Date, until: Date): Clock {
  return startClock(rules, { name: 'resume', kind: 'continuous', startMs: now.getTime(), limitMs: until.getTime() - now.getTime() });
}

/** A clock as it stands still: with all that was used of it by now. */
export function stopped(rules: Rules, clock: Clock, now: Date): Clock {
  const usedMs = (clock.usedMs ?? 0) + countedBetween(rules, clock.kind, Date.parse(clock.startedAt), now.getTime());
  return { ...clock, usedMs };
}

/** A clock that stood still goes on: what it used counts, and what it already caused is not caused again. */
export function goesOn(rules: Rules, clock: Clock, now: Date): Clock {
  return startClock(rules, { ...clock, startMs: now.getTime() });
}

/** The same clock with more time. The ladder starts again from the new limit. */
export function extended(rules: Rules, clock: Clock, byMs: number): Clock {
  return startClock(rules, {
    ...clock,
    startMs: Date.parse(clock.startedAt),
    limitMs: clock.limitMs + byMs,
    extendedMs: (clock.extendedMs ?? 0) + byMs,
    rung: 0,
  });
}

/** A clock whose rung just fired: it waits for the next one. */
export function afterRung(rules: Rules, clock: Clock, rung: 1 | 2 | 3, now: Date): Clock {
  const share = RUNG_SHARES[rung];
  const next =
    share === undefined
      ? now.getTime() + Math.max(REPEAT_MS, clock.limitMs)
      : Math.max(now.getTime(), shareAt(rules, { ...clock, startMs: Date.parse(clock.startedAt) }, share));
  return { ...clock, rung, rungAt: iso(next) };
}

/** Clocks after a change of level: same start, the new level's limits, and what was granted or used stays granted and used. */
export function regraded(rules: Rules, incident: Incident, level: Level): { step: Clock | null; total: Clock | null } {
  const { step, total } = incident.clocks;
  const { categoryRules, state } = incident;
  const name = step === null || step.name === 'resume' || step.name === 'total' ? null : step.name;
  const renewed = (clock: Clock, limit: { limitMs: number; kind: Clock['kind'] }) =>
    startClock(rules, {
      ...clock,
      kind: limit.kind,
      startMs: Date.parse(clock.startedAt),
      limitMs: limit.limitMs + (clock.extendedMs ?? 0),
      rung: 0,
    });
  const stepOf = (clock: Clock, of: LimitedClock) => {
    const { ms, kind } = stepLimit(rules, level, categoryRules, of);
    return renewed(clock, { limitMs: ms, kind });
  };
  return {
    step: step === null || name === null || stateRow(state).end ? step : stepOf(step, name),
    total: total === null ? null : renewed(total, totalLimit(rules, level, categoryRules)),
  };
}
