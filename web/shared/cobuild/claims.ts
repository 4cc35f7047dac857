/** What is claimed of a need, and by whom. Pure. */
import { HOLDING } from '../../../src/cobuild/chain/need.ts';
import type { Claim, Need } from './types.ts';

/** Claims that hold their part, oldest first. */
export function holdingOf(need: Pick<Need, 'claims'>): readonly Claim[] {
  return need.claims.filter((claim) => HOLDING.has(claim.state));
}

export interface Claimer {
  readonly orgZh: string;
  readonly orgEn: string;
  readonly sum: number;
}

/** Each unit once, however often it claimed. */
export function claimersOf(need: Pick<Need, 'claims'>): readonly Claimer[] {
  const units = new Map<string, Claimer>();
  for (const { member, orgZh, orgEn, quantity } of holdingOf(need)) {
    units.set(member, { orgZh, orgEn, sum: (units.get(member)?.sum ?? 0) + quantity });
  }
  return [...units.values()];
}

/** It waits for somebody, or for something to be done. */
export const isOpen = ({ state }: Pick<Need, 'state'>): boolean => state !== 'confirmed' && state !== 'withdrawn' && state !== 'closed';

/** Delivered, and nothing says what: it came with a table, which has no column for that. */
export const isUnwritten = ({ state, delivery }: Pick<Claim, 'state' | 'delivery'>): boolean =>
  delivery === null && (state === 'delivered' || state === 'confirmed');
