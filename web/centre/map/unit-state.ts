/** How a unit stands, in one word, and where it is drawn. Pure. */
import { FRESH_POSITION_MS } from '../../../src/dispatch/chain/candidates.ts';
import type { Point as LngLat } from '../../shared/geometry.ts';
import type { DutyState } from '../../shared/rosters.ts';
import type { AssignmentState } from '../../shared/types.ts';

export const UNIT_STATES = ['free', 'called', 'onWay', 'onScene', 'off'] as const;
export type UnitState = (typeof UNIT_STATES)[number];

/** The furthest it has come counts: a unit at one scene may be called to another. */
export function unitState(open: Iterable<AssignmentState>, duty: DutyState | undefined): UnitState {
  const states = new Set(open);
  if (states.has('onScene')) return 'onScene';
  if (states.has('enRoute')) return 'onWay';
  if (states.has('assigned') || states.has('acknowledged')) return 'called';
  return duty === 'off' ? 'off' : 'free';
}

export const isBusy = (state: UnitState): boolean => state === 'called' || state === 'onWay' || state === 'onScene';

/** What a unit's device said last. */
export interface Heard {
  readonly position: LngLat;
  /** RFC 3339. */
  readonly at: string;
}

export interface DrawnAt {
  readonly position: LngLat;
  readonly atHome: boolean;
}

/**
 * Where it said it is, as long as the service would send it from there; then at its home, where a person can look for it.
 *
 * @returns null for a unit of which neither is known.
 */
export function drawnAt(home: LngLat | undefined, heard: Heard | undefined, nowMs: number): DrawnAt | null {
  if (heard && nowMs - Date.parse(heard.at) <= FRESH_POSITION_MS) return { position: heard.position, atHome: false };
  return home ? { position: home, atHome: true } : null;
}
