/** Step clock and total clock: when they start, when they run out, what was left of them. Pure. */
import type { CategoryRules, Clock, Incident, Level, Time } from './incident.ts';
import { countedBetween, dueAfter, limitMs, limitOf, type LimitedClock, type Rules } from './levels.ts';
import { stateRow, type State } from './states.ts';

/** Limits after which 督办 level 1, 2 and 3 follow, as shares of the limit. Source: the ladder of the rules (100 %, 150 %, 200 %). */
const RUNG_SHARES: readonly number[] = [1, 1.5, 2];
/** After level 3 the district is told again at least this often. Ours: nobody is forgotten, and nobody is flooded. */
const REPEAT_MS = 86_400_000;

const iso = (ms: number): Time => new Date(ms).toISOString();

/** A clock that starts at `startMs` with a limit in counted milliseconds. */
export function startClock(rules: Rules, name: Clock['name'], kind: Clock['kind'], startMs: number, limit: number): Clock {
  const dueAt = iso(dueAfter(rules, kind, startMs, limit));
  return { name, startedAt: iso(startMs), limitMs: limit, kind, dueAt, rungAt: dueAt, rung: 0 };
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
  return startClock(rules, name, kind, now.getTime(), ms);
}

/** Until when one unit should acknowledge or be there. */
export function unitUntil(rules: Rules, level: Level, clock: 'acknowledge' | 'arrive', fromMs: number): Time {
  const limit = limitOf(rules, level, clock);
  return iso(dueAfter(rules, limit.kind, fromMs, limitMs(limit, rules.calendar)));
}

/** Steps that every incident passes; their limits add up to the total clock's. */
const TOTAL_OF: readonly LimitedClock[] = ['call', 'accept', 'acknowledge', 'arrive', 'resolve', 'check'];

/** The total clock runs from the report to the end: the sum of the steps at this level. */
export function totalClock(rules: Rules, level: Level, category: CategoryRules, startMs: number): Clock {
  const limit = TOTAL_OF.reduce((sum, name) => sum + stepLimit(rules, level, category, name).ms, 0);
  return startClock(rules, 'total', limitOf(rules, level, 'call').kind, startMs, limit);
}

/** The clock of a suspended incident: it runs to the agreed date. */
export function resumeClock(rules: Rules, now: Date, until: Date): Clock {
  return startClock(rules, 'resume', 'continuous', now.getTime(), until.getTime() - now.getTime());
}

/** Counted milliseconds that a clock still has; 0 when it ran out. */
export function leftOf(rules: Rules, clock: Clock, now: Date): number {
  return countedBetween(rules, clock.kind, now.getTime(), Date.parse(clock.dueAt));
}

/** The same clock with more time. What it caused so far stays, but the ladder starts again from the new limit. */
export function extended(rules: Rules, clock: Clock, byMs: number): Clock {
  return startClock(rules, clock.name, clock.kind, Date.parse(clock.startedAt), clock.limitMs + byMs);
}

/** A clock whose rung just fired: it waits for the next one. */
export function afterRung(rules: Rules, clock: Clock, rung: 1 | 2 | 3, now: Date): Clock {
  const share = RUNG_SHARES[rung];
  const next =
    share === undefined
      ? now.getTime() + Math.max(REPEAT_MS, clock.limitMs)
      : Math.max(now.getTime(), dueAfter(rules, clock.kind, Date.parse(clock.startedAt), clock.limitMs * share));
  return { ...clock, rung, rungAt: iso(next) };
}

/** Clocks after a change of level: same start, the new level's limits. */
export function regraded(rules: Rules, incident: Incident, level: Level): { step: Clock | null; total: Clock | null } {
  const { step, total } = incident.clocks;
  const fresh = step === null ? null : stepClock(rules, incident.state, level, incident.categoryRules, new Date(step.startedAt));
  return {
    step: fresh ?? step,
    total: total === null ? null : totalClock(rules, level, incident.categoryRules, Date.parse(total.startedAt)),
  };
}
