/** 值班: who is on duty at an instant, who comes after, and who stands in where nobody is. Pure. */
import { dayOf, startOfDay } from '../china-time.ts';
import { type DutyState, type ShiftPatternRow, turnsAround } from './shifts.ts';

/** Who comes next is looked for this many days ahead: the longest holiday is nine days. */
const AHEAD_DAYS = 15;
/** A crew's duty without a break is followed no further than this: a unit may have one crew only, which is never relieved. */
const LONGEST_RUN_MS = 7 * 86_400_000;
/** Unit-days kept ready; a week of a district is some 500. */
const KEPT_DAYS = 4_096;

/** A unit's duty at one instant. Times are RFC 3339, UTC. */
export interface Duty {
  readonly state: DutyState;
  /** Code of the crew within its unit; null when nobody is there. */
  readonly crew: string | null;
  /** When this changes. */
  readonly until: string | null;
  /** Who is at work next, from when; null when nobody is within two weeks. */
  readonly next: { readonly crew: string; readonly from: string } | null;
}

/** Another crew, or nobody, for an interval. Already cut off where it was ended. */
export interface DutyOverride {
  readonly id: string;
  readonly fromMs: number;
  readonly toMs: number;
  /** null: nobody, a hole. */
  readonly crew: string | null;
}

/** A piece of a unit's roster: one crew, or nobody. Pieces follow one another without a gap. */
export interface Shift {
  readonly fromMs: number;
  readonly toMs: number;
  readonly state: DutyState;
  readonly crew: string | null;
  /** Whose turn it is by the pattern. */
  readonly planned: string | null;
  /** The override that made it so. */
  readonly override: string | null;
}

/** What a unit that cannot come itself is answered with. */
export interface StandIn {
  readonly unit: string;
  /** `secure-only`: may guard the place and no more. */
  readonly duty: 'full' | 'secure-only';
}

export interface DutyBook {
  /** @throws RangeError for a unit that is not in the book. */
  at(unit: string, atMs: number): Duty;
  /** By the unit table; whether it is on duty itself is another question. */
  standInOf(unit: string): StandIn | null;
  /**
   * Who would come for the unit: itself while anybody is on duty or on call; else its stand-in, or that one's. Along a chain of stand-ins the least
   * duty counts. null when nobody in the chain is there.
   */
  comesFor(unit: string, atMs: number): StandIn | null;
  /** The pieces that touch an interval, each whole, in order. */
  shifts(unit: string, fromMs: number, toMs: number): readonly Shift[];
  /** When the crew that is on duty or on call at `atMs` ends without a break, epoch milliseconds; null when it is not on duty then. */
  runEnds(unit: string, crew: string, atMs: number): number | null;
}

export interface DutyUnit {
  readonly code: string;
  readonly shiftPattern: string;
  readonly standInUnit: string;
  readonly standInDuty: StandIn['duty'];
}

export interface DutyWorld {
  readonly units: ReadonlyMap<string, DutyUnit>;
  readonly shiftPatterns: ReadonlyMap<string, ShiftPatternRow>;
  /** `YYYY-MM-DD` → a working day? */
  readonly days: ReadonlyMap<string, boolean>;
  /** Codes of a unit's crews in the order in which they take turns. */
  readonly crews: ReadonlyMap<string, readonly string[]>;
  /** By unit; where two overlap the later one in the list counts. */
  readonly overrides: ReadonlyMap<string, readonly DutyOverride[]>;
}

export function makeDutyBook(world: DutyWorld): DutyBook {
  const kept = new Map<string, readonly Shift[]>();

  /** The pieces that begin on a day of China's time. */
  const beginningOn = (unit: string, day: number): readonly Shift[] => {
    const key = `${unit} ${day}`;
    let shifts = kept.get(key);
    if (shifts === undefined) {
      if (kept.size >= KEPT_DAYS) kept.clear();
      kept.set(key, (shifts = shiftsOf(world, unit, day)));
    }
    return shifts;
  };

  const shifts = (unit: string, fromMs: number, toMs: number): readonly Shift[] => {
    const found: Shift[] = [];
    // Every day begins a piece, so that what runs at its first instant began the day before.
    for (let day = dayOf(fromMs) - 1; startOfDay(day) < toMs; day++) {
      for (const shift of beginningOn(unit, day)) if (shift.toMs > fromMs && shift.fromMs < toMs) found.push(shift);
    }
    return found;
  };

  const shiftAt = (unit: string, atMs: number): Shift | undefined => shifts(unit, atMs, atMs + 1)[0];

  const nextAtWork = (unit: string, fromMs: number): Shift | undefined => {
    for (let day = dayOf(fromMs); day < dayOf(fromMs) + AHEAD_DAYS; day++) {
      const next = beginningOn(unit, day).find((shift) => shift.state === 'on' && shift.fromMs >= fromMs);
      if (next !== undefined) return next;
    }
    return undefined;
  };

  const standInOf = (unit: string): StandIn | null => {
    const row = unitIn(world, unit);
    return world.units.has(row.standInUnit) && row.standInUnit !== unit ? { unit: row.standInUnit, duty: row.standInDuty } : null;
  };

  return {
    at(unit, atMs) {
      const shift = shiftAt(unit, atMs);
      const next = nextAtWork(unit, shift?.toMs ?? atMs);
      return {
        state: shift?.state ?? 'off',
        crew: shift?.crew ?? null,
        until: shift === undefined ? null : new Date(shift.toMs).toISOString(),
        next: next === undefined ? null : { crew: next.crew!, from: new Date(next.fromMs).toISOString() },
      };
    },
    standInOf,
    comesFor(unit, atMs) {
      const asked = new Set<string>();
      let duty: StandIn['duty'] = 'full';
      for (let here: string | null = unit; here !== null && !asked.has(here);) {
        asked.add(here);
        if ((shiftAt(here, atMs)?.state ?? 'off') !== 'off') return { unit: here, duty };
        const standIn = standInOf(here);
        if (standIn?.duty === 'secure-only') duty = 'secure-only';
        here = standIn?.unit ?? null;
      }
      return null;
    },
    shifts,
    runEnds(unit, crew, atMs) {
      let endMs: number | null = null;
      for (const shift of shifts(unit, atMs, atMs + LONGEST_RUN_MS)) {
        if (shift.crew !== crew) break;
        endMs = shift.toMs;
      }
      return endMs;
    },
  };
}

function unitIn(world: DutyWorld, code: string): DutyUnit {
  const unit = world.units.get(code);
  if (unit === undefined) throw new RangeError(`no unit ${code}`);
  return unit;
}

function shiftsOf(world: DutyWorld, code: string, day: number): readonly Shift[] {
  const unit = unitIn(world, code);
  const pattern = world.shiftPatterns.get(unit.shiftPattern);
  if (pattern === undefined) throw new RangeError(`no shift pattern ${unit.shiftPattern}`);
  const crews = world.crews.get(code) ?? [];
  const name = (crew: number | null) => (crew === null ? null : crews[crew]!);
  let shifts: Shift[] = turnsAround(pattern, crews.length, world.days, day).map(({ fromMs, toMs, state, crew }) => {
    return { fromMs, toMs, state, crew: name(crew), planned: name(crew), override: null };
  });
  for (const override of world.overrides.get(code) ?? []) shifts = shifts.flatMap((shift) => laidOver(shift, override));
  return shifts.filter((shift) => dayOf(shift.fromMs) === day);
}

/** What is left of a shift before and after an override, and what the override makes of the rest. */
function laidOver(shift: Shift, override: DutyOverride): Shift[] {
  const fromMs = Math.max(shift.fromMs, override.fromMs);
  const toMs = Math.min(shift.toMs, override.toMs);
  if (fromMs >= toMs) return [shift];
  const { id, crew } = override;
  return [
    { ...shift, toMs: fromMs },
    { ...shift, fromMs, toMs, state: crew === null ? ('off' as const) : ('on' as const), crew, override: id },
    { ...shift, fromMs: toMs },
  ].filter((piece) => piece.toMs > piece.fromMs);
}
