/** Which clock a state has, how long its limit is, and what is left of it for a unit that gets a step back. Pure. */
import { derived, derivedAgain, goesOn, iso, limitOf as ownLimitOf, nextShare, rowsOf, startClock, type CountedLimit } from './clocks.ts';
import type { CategoryRules, Clock, Incident, LeadClock, Level, Pause, Spent, SpentBy, Time } from './incident.ts';
import { dueAfter, limitMs, limitOf, type LimitedClock, type Rules } from './levels.ts';
import { stateRow, type State } from './states.ts';

/** The resolve limit is the category's own as long as the incident keeps the category's level; regraded, the level's. */
export function stepLimit(rules: Rules, level: Level, category: CategoryRules, clock: LimitedClock): CountedLimit {
  if (clock === 'resolve' && level === category.level) return { ms: category.resolveMs, kind: category.resolveKind };
  const limit = limitOf(rules, level, clock);
  return { ms: limitMs(limit, rules.calendar), kind: limit.kind };
}

/** The clock of a state that somebody new gets now; null where the state has none or the date was agreed (`suspended`). */
export function stepClock(rules: Rules, state: State, level: Level, category: CategoryRules, now: Date): Clock | null {
  const name = stateRow(state).clock;
  if (name === null || name === 'resume') return null;
  return startClock(rules, name, stepLimit(rules, level, category, name), now.getTime());
}

/** Until when one unit should acknowledge or be there. */
export function unitUntil(rules: Rules, level: Level, clock: 'acknowledge' | 'arrive', fromMs: number): Time {
  const limit = limitOf(rules, level, clock);
  return iso(dueAfter(rules, limit.kind, fromMs, limitMs(limit, rules.calendar)));
}

/** Steps that every incident passes; their limits add up to the total clock's. */
const TOTAL_OF: readonly LimitedClock[] = ['call', 'accept', 'acknowledge', 'arrive', 'resolve', 'check'];

export function totalLimit(rules: Rules, level: Level, category: CategoryRules): CountedLimit {
  const ms = TOTAL_OF.reduce((sum, name) => sum + stepLimit(rules, level, category, name).ms, 0);
  return { ms, kind: limitOf(rules, level, 'call').kind };
}

/** The total clock runs from the report to the end: the sum of the steps at this level. */
export function totalClock(rules: Rules, level: Level, category: CategoryRules, startMs: number): Clock {
  return startClock(rules, 'total', totalLimit(rules, level, category), startMs);
}

/** The clock of a suspended incident: it runs to the agreed date, and no ladder speaks before. */
export function resumeClock(now: Date, until: Date): Clock {
  const dueAt = iso(until.getTime());
  return {
    name: 'resume',
    startedAt: iso(now.getTime()),
    limitMs: until.getTime() - now.getTime(),
    kind: 'continuous',
    dueAt,
    rungAt: dueAt,
    share: 100,
  };
}

/** Both clocks at a level, under the limits that hold now: same start, and what was granted or used stays granted and used. */
export function recounted(rules: Rules, incident: Incident, level: Level, now: Date): Incident['clocks'] {
  const { categoryRules } = incident;
  return eachClock(incident, (clock, name) => {
    const limit = name === 'total' ? totalLimit(rules, level, categoryRules) : stepLimit(rules, level, categoryRules, name);
    return derived(rules, name, rowsOf(clock), limit, now);
  });
}

/**
 * Both clocks by the calendar that holds now. Each keeps the limit that it started with, in counted milliseconds: an edit of the limits, and a
 * longer or shorter working day, change no running clock. As what the category says is taken at the report. So what the ladder told stays
 * told, and only the time of its next rung is derived.
 */
export function recountedByCalendar(rules: Rules, incident: Incident, now: Date): Incident['clocks'] {
  return eachClock(incident, (clock, name) => derivedAgain(rules, name, rowsOf(clock), ownLimitOf(clock), now));
}

function eachClock(
  { clocks: { step, total } }: Incident,
  derive: (clock: Clock, name: LimitedClock | 'total') => Clock,
): Incident['clocks'] {
  const again = (clock: Clock | null): Clock | null => {
    // That of a suspension ends at a date, and not when something is used up.
    if (clock === null || clock.name === 'resume') return clock;
    const next = derive(clock, clock.name);
    // Past the last rung before and now: when people are told again stays as it was.
    return next.share === 'done' && nextShare(clock) === 'done' ? { ...next, rungAt: clock.rungAt } : next;
  };
  return { step: again(step), total: again(total) };
}

const LEAD_CLOCKS: ReadonlySet<string> = new Set<LeadClock>(['acknowledge', 'arrive', 'resolve']);
const isLeadClock = (name: string | null | undefined): name is LeadClock => name !== null && name !== undefined && LEAD_CLOCKS.has(name);

/**
 * The clock of a state that the lead gets: the same unit goes on with what it used before, another starts anew. So does one that has
 * nothing left to acknowledge or to be there: what it is asked for now it could only answer too late, and it would lapse at once.
 *
 * @param anew  after a lapse, which hands nothing over: else it would lapse again at once
 */
export function leadClock(
  rules: Rules,
  incident: Incident,
  { state, level, unit, anew = false }: { state: State; level: Level; unit: string; anew?: boolean },
  now: Date,
): Clock | null {
  const name = stateRow(state).clock;
  const spent = isLeadClock(name) && !anew ? incident.spent.find((s) => s.unit === unit)?.[name] : undefined;
  if (!isLeadClock(name) || spent === undefined) return stepClock(rules, state, level, incident.categoryRules, now);
  const { to, ...rows } = spent;
  const why: Pause['why'] = incident.state === 'checking' ? 'check' : 'away';
  const pauses = [...(rows.pauses ?? []), { from: to, to: iso(now.getTime()), why }];
  const limit = stepLimit(rules, level, incident.categoryRules, name);
  const back = derived(rules, name, { ...rows, pauses }, limit, now);
  return name === 'resolve' || Date.parse(back.dueAt) > now.getTime() ? back : startClock(rules, name, limit, now.getTime());
}

/** What is kept of the step's clock as it is left, by the fold: `before` has the clock, and the lead that had it. */
export function withSpent(before: readonly SpentBy[], clock: Clock | null, unit: string | undefined, at: Time): readonly SpentBy[] {
  if (unit === undefined || !isLeadClock(clock?.name)) return before;
  const spent: Spent = { ...rowsOf(clock!), to: at };
  const own = before.find((s) => s.unit === unit);
  return [...before.filter((s) => s.unit !== unit), { ...(own ?? { unit }), [clock!.name]: spent }];
}

/** After a lapse the unit begins anew, with the acknowledgement and with the way. */
export function withoutLapsed(before: readonly SpentBy[], unit: string | undefined): readonly SpentBy[] {
  return before.flatMap((by) => {
    if (by.unit !== unit) return [by];
    return by.resolve === undefined ? [] : [{ unit: by.unit, resolve: by.resolve }];
  });
}

/** The total clock of an incident that comes back from an end: it never stood still. Work on a closed one begins anew. */
export function totalAfterEnd(rules: Rules, incident: Incident, level: Level, now: Date): Clock {
  const kept = incident.paused?.total ?? null;
  if (kept !== null) return derivedAgain(rules, 'total', rowsOf(kept), ownLimitOf(kept), now);
  const start = incident.state === 'closed' ? now.getTime() : Date.parse(incident.reportedAt);
  return totalClock(rules, level, incident.categoryRules, start);
}

/** The clocks of a suspended incident as they go on. */
export function resumedClocks(rules: Rules, incident: Incident, now: Date): { step?: Clock; total?: Clock } {
  const { step = null, total = null } = incident.paused ?? {};
  return {
    ...(step === null ? {} : { step: goesOn(rules, step, now) }),
    ...(total === null ? {} : { total: goesOn(rules, total, now) }),
  };
}
