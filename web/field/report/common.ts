/**
 * What is met most on a round, for a phone that has reported nothing yet and a cell without incidents: offered, never presumed. [ours]: litter, goods put
 * out of shops, parking, posters and stalls make up most of what grids report, and none of them makes a unit ring. Pure.
 */
import type { Category } from '../../shared/types.ts';

/** Rows of the table that the demo world comes with; another district's table may not have them. */
const KNOWN = ['E0110-01', 'E0405-01', 'E0497-01', 'E0201-01', 'E0406-01'];

/** @returns codes, the commonest first: of the known rows those that are there, then whatever may be settled on the spot, which is as slight. */
export function commonCategories(categories: readonly Category[]): string[] {
  const slight = categories.filter((c) => c.settleOnSpot && (c.level === 'R3' || c.level === 'R4')).map((c) => c.code);
  const there = KNOWN.filter((code) => categories.some((c) => c.code === code));
  return [...new Set([...there, ...slight])];
}
