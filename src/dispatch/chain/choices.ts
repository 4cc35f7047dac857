/** One place of a run card: who takes it, and why; or why nobody does. Pure. */
import type { Duty } from '../../grid/duty.ts';
import type { ResponsibilityRule } from '../../grid/responsibility.ts';
import { findFor, standInFor, type Candidate, type Found, type Out, type RunCardUnit, type Search } from './candidates.ts';
import * as words from './run-card-words.ts';
import { joined, type Words } from './run-card-words.ts';

/** Why a place stays empty. */
export type ShortfallKind = 'noneServes' | 'assistsOnly' | 'allOut' | 'noneOnDuty' | 'tooFar' | 'positionStale';

/** One place of the card: which type it wants, who was found. */
export interface Choice {
  /** Unit type. */
  readonly wanted: string;
  /** Unit code; null when nobody fits. */
  readonly chosen: string | null;
  readonly distanceM: number | null;
  /** What the distance is measured from. */
  readonly from: 'position' | 'home' | null;
  readonly duty: Duty['state'] | null;
  /** Until when the chosen unit is on duty as it is now. */
  readonly until: string | null;
  /** The unit in whose place the chosen one goes. */
  readonly standsInFor: string | null;
  readonly reason: Words;
  /** Nearer units that were not taken, nearest first. */
  readonly passed: readonly { readonly unit: string; readonly reason: Words }[];
  readonly shortfall: ShortfallKind | null;
  /** For an empty place: whom a person could send all the same. */
  readonly instead: string | null;
}

/** What is asked for every place of one card. Choosing marks the unit as gone. */
export interface Choosing {
  readonly nowMs: number;
  readonly radiusKm: number;
  readonly out: Map<string, Out>;
  /** Units of other subdistricts count too. */
  readonly everywhere: boolean;
  readonly subdistrict: string;
  typeName(code: string): Words;
  unit(code: string): Candidate | undefined;
  standIn(unit: RunCardUnit): Candidate | undefined;
  /** Nearest first. */
  candidates(type: string): Candidate[];
  search(role: 'lead' | 'assist'): Search;
}

/** More would not be read. */
const MOST_PASSED = 3;

export function choiceFor(choosing: Choosing, wanted: string, role: 'lead' | 'assist'): Choice {
  const candidates = choosing.candidates(wanted);
  const search = choosing.search(role);
  const found = findFor(candidates, search, choosing.standIn);
  if (found === undefined) return emptyChoice(choosing, wanted, role, candidates);
  const elsewhere = !found.candidate.unit.scope.includes(choosing.subdistrict) && found.by !== 'standIn';
  const reason = words.whyFound(found, choosing.typeName(wanted), choosing.nowMs, elsewhere);
  return taken(choosing, wanted, found, reason, passedBy(choosing, candidates, found));
}

/** Without a lead: a stand-in that may only secure the place, so that somebody is there until a lead is found. */
export function guardFor(choosing: Choosing, leadType: string): Choice | undefined {
  const search = choosing.search('assist');
  for (const { unit, distanceM, duty } of choosing.candidates(leadType)) {
    if (distanceM > search.radiusM || duty.state !== 'off' || unit.standInDuty !== 'secure-only' || choosing.out.has(unit.code)) continue;
    const found = standInFor(unit, search, choosing.standIn);
    if (found !== undefined) return taken(choosing, leadType, found, words.whyGuards(found, choosing.nowMs), []);
  }
  return undefined;
}

/** After an arbitration nobody is searched for: the ruling holds, on duty or not. */
export function ruledChoice(choosing: Choosing, code: string, wanted: string): Choice | undefined {
  const candidate = choosing.unit(code);
  if (candidate === undefined || !candidate.unit.mayLead) return undefined;
  const found: Found = { by: 'onDuty', candidate, standsInFor: null };
  return taken(choosing, wanted, found, words.ruled(candidate, choosing.nowMs), []);
}

/** The unit that the table names, or its full stand-in; else why it does not lead this time. However far: it is responsible. */
export function ruleChoice(choosing: Choosing, rule: ResponsibilityRule, wanted: string): Choice | Words {
  const candidate = choosing.unit(rule.unit);
  if (candidate === undefined) return words.ruleNotFollowed(undefined, rule.unit, 'unknown');
  const { unit, duty } = candidate;
  const not = (why: 'declined' | 'off' | 'mayNotLead') => words.ruleNotFollowed(unit, rule.unit, why);
  if (choosing.out.get(rule.unit) === 'declined') return not('declined');
  if (!unit.mayLead) return not('mayNotLead');
  const search = { ...choosing.search('lead'), radiusM: Infinity };
  const found: Found | undefined =
    duty.state === 'off'
      ? standInFor(unit, search, choosing.standIn)
      : { by: duty.state === 'on' ? 'onDuty' : 'onCall', candidate, standsInFor: null };
  if (found === undefined) return not('off');
  return taken(choosing, wanted, found, words.byRule(found, unit, rule.source, choosing.nowMs), []);
}

function taken(choosing: Choosing, wanted: string, found: Found, reason: Words, passed: Choice['passed']): Choice {
  const { unit, distanceM, from, duty } = found.candidate;
  choosing.out.set(unit.code, 'chosen');
  return {
    wanted,
    chosen: unit.code,
    distanceM: Math.round(distanceM),
    from,
    duty: duty.state,
    until: duty.until,
    standsInFor: found.standsInFor?.code ?? null,
    reason,
    passed,
    shortfall: null,
    instead: null,
  };
}

function passedBy({ out, nowMs }: Choosing, candidates: readonly Candidate[], found: Found): Choice['passed'] {
  const { unit, distanceM } = found.candidate;
  return candidates
    .filter((c) => c.distanceM < distanceM && c.unit.code !== unit.code && c.unit.code !== found.standsInFor?.code)
    .filter((c) => out.get(c.unit.code) === undefined || out.get(c.unit.code) === 'declined')
    .slice(0, MOST_PASSED)
    .map((c) => ({ unit: c.unit.code, reason: words.whyPassed(c, out.get(c.unit.code), nowMs) }));
}

function emptyChoice(choosing: Choosing, wanted: string, role: 'lead' | 'assist', candidates: readonly Candidate[]): Choice {
  const { kind, reason, instead } = whyEmpty(choosing, wanted, role, candidates);
  return {
    wanted,
    chosen: null,
    distanceM: null,
    from: null,
    duty: null,
    until: null,
    standsInFor: null,
    reason,
    passed: [],
    shortfall: kind,
    instead: instead?.unit.code ?? null,
  };
}

interface Empty {
  readonly kind: ShortfallKind;
  readonly reason: Words;
  readonly instead?: Candidate | undefined;
}

function whyEmpty(choosing: Choosing, wanted: string, role: 'lead' | 'assist', candidates: readonly Candidate[]): Empty {
  const { out, everywhere, radiusKm, nowMs } = choosing;
  const type = choosing.typeName(wanted);
  if (candidates.length === 0) return { kind: 'noneServes', reason: everywhere ? words.noneExists(type) : words.noneServes(type) };
  const eligible = candidates.filter((c) => role === 'assist' || c.unit.mayLead);
  if (eligible.length === 0) return { kind: 'assistsOnly', reason: words.assistsOnly(type) };
  const usable = eligible.filter((c) => !out.has(c.unit.code));
  if (usable.length === 0) {
    const outs = new Set(eligible.map((c) => out.get(c.unit.code)!));
    return { kind: 'allOut', reason: words.allOut(type, outs, everywhere) };
  }
  // Whoever could come is beyond the radius, else findFor had taken it.
  const far = usable.find((c) => c.duty.state !== 'off');
  const off = usable.find((c) => c.duty.state === 'off' && (far === undefined || c.distanceM < far.distanceM));
  const other = off === undefined ? undefined : choosing.standIn(off.unit);
  const standIn = other === undefined || out.has(other.unit.code) ? undefined : other;
  const absent = off === undefined ? [] : [words.noneOnDuty(off, standIn, type, nowMs)];
  if (far === undefined) {
    const instead = standIn?.duty.state === 'on' && (role === 'assist' || off?.unit.standInDuty === 'full') ? standIn : off;
    return { kind: 'noneOnDuty', reason: joined(absent), instead };
  }
  const stale = far.staleDistanceM !== null && far.staleDistanceM <= radiusKm * 1000;
  return {
    kind: stale ? 'positionStale' : 'tooFar',
    reason: joined([...absent, stale ? words.positionStale(far, radiusKm) : words.tooFar(far, radiusKm)]),
    instead: far,
  };
}
