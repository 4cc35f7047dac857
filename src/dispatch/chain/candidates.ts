/** Who could take a place of a run card: where each unit is, whether anybody is on duty there, and who comes first. Pure. */
import type { Duty, DutyBook } from '../../grid/duty.ts';
import { distanceM, type NearestUnits, type PlacedUnit } from '../../grid/nearest.ts';

interface Point {
  readonly lng: number;
  readonly lat: number;
}

export interface RunCardUnit extends PlacedUnit {
  readonly nameZh: string;
  readonly nameEn: string;
  readonly mayLead: boolean;
  readonly standInUnit: string;
  /** `secure-only`: of another type; it may guard the place and assist, and never leads. */
  readonly standInDuty: 'full' | 'secure-only';
}

/** What holds at the moment of sending and in no table: who is on duty, and where the units are. */
export interface Readiness {
  readonly duty: Pick<DutyBook, 'at'>;
  /** The latest known position of each unit, `at` in RFC 3339 UTC. */
  readonly positions: ReadonlyMap<string, { readonly position: Point; readonly at: string }>;
}

/** A position that is older says nothing about where a unit is: in ten minutes it may be kilometres away. [ours] */
export const FRESH_POSITION_MS = 10 * 60_000;

/** One unit as it could be sent. */
export interface Candidate {
  readonly unit: RunCardUnit;
  /** Straight line from where it is now, or from its home. */
  readonly distanceM: number;
  readonly from: 'position' | 'home';
  /** Of its latest position, milliseconds; null if none is known. */
  readonly positionAgeMs: number | null;
  /** By a position that is too old to go by; null if it is fresh, or there is none. */
  readonly staleDistanceM: number | null;
  readonly duty: Duty;
}

/** The unit as it stands now. */
export function candidate(unit: RunCardUnit, to: Point, { duty, positions }: Readiness, nowMs: number): Candidate {
  const known = positions.get(unit.code);
  const ageMs = known === undefined ? null : Math.max(0, nowMs - Date.parse(known.at));
  const fresh = ageMs !== null && ageMs <= FRESH_POSITION_MS;
  return {
    unit,
    distanceM: distanceM(to, fresh ? known!.position : unit.position),
    from: fresh ? 'position' : 'home',
    positionAgeMs: ageMs,
    staleDistanceM: known === undefined || fresh ? null : distanceM(to, known.position),
    duty: duty.at(unit.code, nowMs),
  };
}

/** All units of a type, nearest first by where they are now; equal distances by code. @param covering  only those that serve this subdistrict. */
export function candidatesFor(
  nearest: NearestUnits<RunCardUnit>,
  all: number,
  { type, covering }: { readonly type: string; readonly covering?: string },
  to: Point,
  ready: Readiness,
  nowMs: number,
): Candidate[] {
  return nearest
    .nearestUnits(to, { type, ...(covering === undefined ? {} : { covering }) }, all)
    .map(({ unit }) => candidate(unit, to, ready, nowMs))
    .sort((a, b) => a.distanceM - b.distanceM || (a.unit.code < b.unit.code ? -1 : 1));
}

/** Why a unit is not asked here at all. */
export type Out = 'declined' | 'sent' | 'chosen';

export interface Search {
  readonly role: 'lead' | 'assist';
  readonly radiusM: number;
  readonly out: ReadonlyMap<string, Out>;
}

/** Who was found for a place, and on what footing. */
export interface Found {
  readonly by: 'onDuty' | 'onCall' | 'standIn';
  readonly candidate: Candidate;
  /** For `standIn`: the unit in whose place it goes. */
  readonly standsInFor: RunCardUnit | null;
}

const mayTake = (unit: RunCardUnit, { role, out }: Search) => !out.has(unit.code) && (role === 'assist' || unit.mayLead);

/**
 * Within the radius: the nearest on duty, else the nearest on call, else the stand-in of the nearest that is off, if that one is on duty.
 *
 * @param candidates  nearest first.
 * @param standIn     the stand-in of a unit as it stands now.
 */
export function findFor(
  candidates: readonly Candidate[],
  search: Search,
  standIn: (unit: RunCardUnit) => Candidate | undefined,
): Found | undefined {
  const within = candidates.filter((c) => c.distanceM <= search.radiusM && mayTake(c.unit, search));
  const onDuty = within.find((c) => c.duty.state === 'on');
  if (onDuty !== undefined) return { by: 'onDuty', candidate: onDuty, standsInFor: null };
  const onCall = within.find((c) => c.duty.state === 'onCall');
  if (onCall !== undefined) return { by: 'onCall', candidate: onCall, standsInFor: null };
  for (const { unit } of within) {
    const found = standInFor(unit, search, standIn);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** The stand-in of one unit, if it is on duty, near enough and may take this place. */
export function standInFor(unit: RunCardUnit, search: Search, standIn: (unit: RunCardUnit) => Candidate | undefined): Found | undefined {
  if (search.role === 'lead' && unit.standInDuty !== 'full') return undefined;
  const found = standIn(unit);
  if (found === undefined || found.duty.state !== 'on' || found.distanceM > search.radiusM || !mayTake(found.unit, search))
    return undefined;
  return { by: 'standIn', candidate: found, standsInFor: unit };
}
