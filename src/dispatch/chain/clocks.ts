/**
 * A clock is a value: its limit, its start, and rows of pauses and extensions. When it runs out, and what was used of it, is derived from
 * these and the calendar, never edited: limit + extensions − what was used outside pauses. Pure.
 */
import { workdayMs } from './calendar.ts';
import type { Clock, ClockRows, Extension, Pause, Time } from './incident.ts';
import { countedBetween, dueAfter, type ClockKind, type Rules } from './levels.ts';
import { SHARES, type Share } from './told.ts';

/** After the last rung the district is told again at least this often. Ours: nobody is forgotten, and nobody is flooded. */
const REPEAT_MS = 86_400_000;

/** The same few instants are written again and again: when a move was made, and when offices close. */
const WRITTEN = Array.from({ length: 64 }, () => ({ ms: 0, text: new Date(0).toISOString() }));

/** RFC 3339 of epoch milliseconds. */
export function iso(ms: number): Time {
  const slot = Math.abs(ms) % WRITTEN.length;
  const kept = WRITTEN[slot];
  if (kept?.ms === ms) return kept.text;
  const text = new Date(ms).toISOString();
  if (kept !== undefined) WRITTEN[slot] = { ms, text };
  return text;
}

/** Counted milliseconds, and how they count. */
export interface CountedLimit {
  readonly ms: number;
  readonly kind: ClockKind;
}

/** What a clock's times are derived from. */
type Counting = ClockRows & Pick<Clock, 'kind'>;

const NO_PAUSES: readonly Pause[] = [];

/**
 * When so much of a clock's own time has passed; epoch milliseconds.
 *
 * @param amountMs counted milliseconds since the clock began, pauses left out
 * @returns its start for what had passed before; the begin of a pause that lasts for what did not pass before it.
 */
export function timeAt(rules: Rules, { kind, startedAt, usedMs = 0, pauses = NO_PAUSES }: Counting, amountMs: number): number {
  let left = amountMs - usedMs;
  let from = Date.parse(startedAt);
  if (left <= 0) return from;
  for (const pause of pauses) {
    const pausedMs = Date.parse(pause.from);
    const ran = countedBetween(rules, kind, from, pausedMs);
    if (left <= ran) break;
    if (pause.to === null) return pausedMs;
    left -= ran;
    from = Date.parse(pause.to);
  }
  return dueAfter(rules, kind, from, left);
}

/** Counted milliseconds that a clock has used by then, pauses left out. */
export function usedBy(rules: Rules, { kind, startedAt, usedMs = 0, pauses = NO_PAUSES }: Counting, nowMs: number): number {
  let used = usedMs;
  let from = Date.parse(startedAt);
  for (const pause of pauses) {
    used += countedBetween(rules, kind, from, Math.min(nowMs, Date.parse(pause.from)));
    if (pause.to === null) return used;
    from = Date.parse(pause.to);
  }
  return used + countedBetween(rules, kind, from, nowMs);
}

/** Counted milliseconds that were granted later. */
export function extendedBy({ extendedMs = 0, extensions }: ClockRows): number {
  return extensions === undefined ? extendedMs : extensions.reduce((sum, e) => sum + e.byMs, extendedMs);
}

/** Where the ladder speaks next. Logs from before there was a share began at 100 %. */
export function nextShare({ share, rung }: ClockRows): Share | 'done' {
  if (share !== undefined) return share;
  return rung === undefined ? 50 : (SHARES[SHARES.indexOf(100) + rung] ?? 'done');
}

/** A clock that nobody had before. */
export function startClock(rules: Rules, name: Clock['name'], { ms, kind }: CountedLimit, startMs: number): Clock {
  return {
    name,
    startedAt: iso(startMs),
    limitMs: ms,
    kind,
    dueAt: iso(dueAfter(rules, kind, startMs, ms)),
    rungAt: iso(dueAfter(rules, kind, startMs, part(ms, 50))),
  };
}

/**
 * The same rows under a limit, as they derive now. A new limit is a new ladder, so that people are told once of each share of it: what was
 * told and is passed under the new limit too is not told again, what lies ahead again is. Of several that are passed already and were not
 * told the highest speaks for all: people are not told five times in one instant.
 *
 * @param limit  extensions not included: they are added from the rows
 */
export function derived(rules: Rules, name: Clock['name'], rows: ClockRows, limit: CountedLimit, now: Date): Clock {
  const limitMs = limit.ms + extendedBy(rows);
  const before = nextShare(rows);
  const passed = SHARES.findLastIndex((share) => timeAt(rules, { ...rows, kind: limit.kind }, part(limitMs, share)) <= now.getTime());
  const told = before === 'done' || passed < SHARES.indexOf(before);
  return withTimes(rules, name, rows, limit, told ? SHARES[passed + 1] : SHARES[passed], now);
}

/** The same rows under the same limit: what was told of it stays told, also where a changed calendar puts it ahead again. */
export function derivedAgain(rules: Rules, name: Clock['name'], rows: ClockRows, limit: CountedLimit, now: Date): Clock {
  const next = nextShare(rows);
  return withTimes(rules, name, rows, limit, next === 'done' ? undefined : next, now);
}

/** @param ahead  where the ladder speaks next; undefined after its last rung */
function withTimes(rules: Rules, name: Clock['name'], rows: ClockRows, limit: CountedLimit, ahead: Share | undefined, now: Date): Clock {
  const limitMs = limit.ms + extendedBy(rows);
  const { startedAt, share: _share, rung: _rung, ...more } = rows;
  const counting = { kind: limit.kind, startedAt, ...more };
  return {
    name,
    startedAt,
    limitMs,
    kind: limit.kind,
    dueAt: iso(timeAt(rules, counting, limitMs)),
    rungAt: ahead === undefined ? againAt(rules, name, limit.kind, limitMs, now) : iso(timeAt(rules, counting, part(limitMs, ahead))),
    ...shareOf(ahead),
    ...more,
  };
}

/** Rounded up, so that nothing is said early. */
const part = (limitMs: number, share: Share): number => Math.ceil((limitMs * share) / 100);
const shareOf = (share: Share | undefined): { share?: Share | 'done' } => (share === 50 ? {} : { share: share ?? 'done' });

/** When people are told again after the last rung. The step's holder is; the total clock adds nothing to that. */
function againAt(rules: Rules, name: Clock['name'], kind: ClockKind, limitMs: number, now: Date): Time | null {
  if (name === 'total') return null;
  const least = kind === 'working' ? workdayMs(rules.calendar) : REPEAT_MS;
  return iso(dueAfter(rules, kind, now.getTime(), Math.max(least, limitMs)));
}

/** A clock whose rung just spoke: it waits for the next one. */
export function afterRung(rules: Rules, clock: Clock, now: Date): Clock {
  const spoke = nextShare(clock);
  const next = spoke === 'done' ? undefined : SHARES[SHARES.indexOf(spoke) + 1];
  const { share: _share, rung: _rung, ...rows } = clock;
  return {
    ...rows,
    ...shareOf(next),
    rungAt:
      next === undefined
        ? againAt(rules, clock.name, clock.kind, clock.limitMs, now)
        : iso(timeAt(rules, clock, part(clock.limitMs, next))),
  };
}

/** The clock's own limit, without what was granted later. */
export function limitOf(clock: Clock): CountedLimit {
  return { ms: clock.limitMs - extendedBy(clock), kind: clock.kind };
}

/** A clock as it stands still from now on. */
export function paused(clock: Clock, now: Date, why: Pause['why']): Clock {
  return { ...clock, pauses: [...(clock.pauses ?? []), { from: iso(now.getTime()), to: null, why }] };
}

/** A clock that stood still goes on: what it used counts, and what it already caused is not caused again. */
export function goesOn(rules: Rules, clock: Clock, now: Date): Clock {
  return derivedAgain(rules, clock.name, rowsGoingOn(clock, now), limitOf(clock), now);
}

function rowsGoingOn(clock: Clock, now: Date): ClockRows {
  const at = iso(now.getTime());
  const rows = rowsOf(clock);
  const last = clock.pauses?.at(-1);
  // In logs from before there were pauses, what had been used is a figure, and the clock starts again behind it.
  if (last?.to !== null) return { ...rows, startedAt: at };
  return { ...rows, pauses: [...clock.pauses!.slice(0, -1), { ...last, to: at }] };
}

/** What stays of a clock when limit and derived times are left out. */
export function rowsOf({ name: _name, limitMs: _limitMs, kind: _kind, dueAt: _dueAt, rungAt: _rungAt, ...rows }: Clock): ClockRows {
  return rows;
}

/** The same clock with more time. */
export function extended(rules: Rules, clock: Clock, extension: Extension, now: Date): Clock {
  const extensions = [...(clock.extensions ?? []), extension];
  return derived(rules, clock.name, { ...rowsOf(clock), extensions }, limitOf(clock), now);
}
