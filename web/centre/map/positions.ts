/** Where the units say they are: taken as it comes, told to the page at most twice a second. */
import { shallowRef, type ShallowRef } from 'vue';
import type { PositionItem } from '../../shared/live.ts';

/** A frame comes each second from each node; a page that followed each would draw for nothing. */
const TELL_EVERY_MS = 500;

export interface Positions {
  /** The newest of each unit; another map whenever something changed. */
  readonly heard: ShallowRef<ReadonlyMap<string, PositionItem>>;
  take(items: readonly PositionItem[]): void;
}

/** @param later  setTimeout, handed in so that tests decide when time passes. */
export function makePositions(later: (ms: number, run: () => void) => void = (ms, run) => void setTimeout(run, ms)): Positions {
  const heard = shallowRef<ReadonlyMap<string, PositionItem>>(new Map());
  const newest = new Map<string, PositionItem>();
  let telling = false;

  return {
    heard,
    take(items) {
      let news = false;
      for (const item of items) {
        const known = newest.get(item.unit);
        // After a break a node greets with what it knew: that may be older.
        if (known && Date.parse(known.at) >= Date.parse(item.at)) continue;
        newest.set(item.unit, item);
        news = true;
      }
      if (!news || telling) return;
      telling = true;
      later(TELL_EVERY_MS, () => {
        telling = false;
        heard.value = new Map(newest);
      });
    },
  };
}
