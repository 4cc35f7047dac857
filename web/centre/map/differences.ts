/** What has to be told to a map that already shows something: a few differences instead of everything. Pure. */
import type { Mark } from './scene.ts';

export interface Differences {
  readonly added: readonly Mark[];
  readonly moved: readonly Mark[];
  readonly changed: readonly Mark[];
  readonly removed: readonly string[];
}

/** `changed` look different or lie in another order, and may have moved too. */
export function differences(before: ReadonlyMap<string, Mark>, marks: readonly Mark[]): Differences {
  const added: Mark[] = [];
  const moved: Mark[] = [];
  const changed: Mark[] = [];
  const here = new Set<string>();
  for (const mark of marks) {
    here.add(mark.key);
    const old = before.get(mark.key);
    if (!old) added.push(mark);
    else if (old.image !== mark.image || old.rank !== mark.rank || old.what !== mark.what) changed.push(mark);
    else if (old.position.lng !== mark.position.lng || old.position.lat !== mark.position.lat) moved.push(mark);
  }
  const removed = [...before.keys()].filter((key) => !here.has(key));
  return { added, moved, changed, removed };
}

/** What a map was told in one drawing. */
export interface Told {
  /** Marks that came, went, moved or look different. */
  readonly differing: number;
  /** Of them those that had been there and only moved. */
  readonly moved: number;
}
export const NOTHING_TOLD: Told = { differing: 0, moved: 0 };
export const toldOf = (d: Differences): Told => ({ differing: countOf(d), moved: d.moved.length });

export const countOf = (d: Differences): number => d.added.length + d.moved.length + d.changed.length + d.removed.length;
