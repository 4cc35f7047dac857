/** 前、中、后: into which of the three a photo belongs. Pure. */
import type { WirePhoto } from './types.ts';

export const GROUPS = ['before', 'during', 'after'] as const;
export type Group = (typeof GROUPS)[number];

/** What was found is how it was before; evidence is of the work; a check looks at what was done. */
const GROUP_OF: Readonly<Record<WirePhoto['kind'], Group>> = {
  found: 'before',
  before: 'before',
  during: 'during',
  evidence: 'during',
  after: 'after',
  check: 'after',
};

/** The photos of each group, oldest first. */
export function grouped(photos: readonly WirePhoto[]): Readonly<Record<Group, readonly WirePhoto[]>> {
  const sorted = [...photos].sort((a, b) => a.at.localeCompare(b.at));
  const of = (group: Group) => sorted.filter((p) => GROUP_OF[p.kind] === group);
  return { before: of('before'), during: of('during'), after: of('after') };
}

/** Those to be held beside each other: how it was at first, how it was last worked at, how it is now. */
export function compared(photos: readonly WirePhoto[]): Readonly<Record<Group, WirePhoto | undefined>> {
  const { before, during, after } = grouped(photos);
  return { before: before[0], during: during.at(-1), after: after.at(-1) };
}
