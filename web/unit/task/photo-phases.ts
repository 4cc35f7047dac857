/** Photos of a job by the phase of the work: which there are, which may be added now, and which is asked for. Pure. */
import type { PhotoPhase } from '../../../src/dispatch/chain/incident.ts';
import type { AssignmentState } from '../../../src/dispatch/chain/states.ts';
import type { WirePhoto } from '../../shared/types.ts';

/** What was reported or checked by others, then the work itself. */
export const GROUPS = ['report', 'before', 'during', 'after'] as const;
export type Group = (typeof GROUPS)[number];

const GROUP: Readonly<Record<WirePhoto['kind'], Group>> = {
  found: 'report',
  check: 'report',
  before: 'before',
  during: 'during',
  // Of logs that named no phase.
  evidence: 'during',
  after: 'after',
};

export function groupOf({ kind }: Pick<WirePhoto, 'kind'>): Group {
  return GROUP[kind];
}

/** How a photo of the phase reaches the service. `step`: with the press that follows (我已到场, 处置完成). */
export type Way = 'step' | 'atOnce';

/** @returns how photos of the phase are added now; null: not now. */
export function wayOf(phase: PhotoPhase, state: AssignmentState, mayAttach: boolean): Way | null {
  const onTheWay = state === 'acknowledged' || state === 'enRoute';
  switch (phase) {
    case 'before':
      if (onTheWay) return mayAttach ? 'step' : null;
      return state === 'onScene' ? 'atOnce' : null;
    case 'during':
      return state === 'onScene' ? 'atOnce' : null;
    case 'after':
      return state === 'onScene' ? 'step' : null;
  }
}

/**
 * The photo that is asked for now: before the first hand is laid on it, then of the work done.
 *
 * @param taken  phases of which there is one, on the device or at the service
 */
export function askedPhase(state: AssignmentState, taken: ReadonlySet<Group>): 'before' | 'after' | null {
  if (state !== 'onScene') return null;
  if (!taken.has('before') && !taken.has('during')) return 'before';
  return taken.has('after') ? null : 'after';
}
