/** The place of a draft: from the phone, from the middle of the own cell, or by hand; and which cell that is, without a network too. */
import { computed, ref, watch, type ComputedRef, type Ref } from 'vue';
import { me } from '../../shared/session.ts';
import { cellLocator, loadCells, metresBetween, middleOf } from '../../shared/reference.ts';
import type { Position } from '../../shared/types.ts';
import { fix, watchPosition } from '../position.ts';

export type PlaceSource = 'device' | 'middle' | 'hand';

/** Standing still, the best fix stays; a phone that has been carried away (further than both fixes may err) is believed. */
function betterFix(old: Position, next: Position): boolean {
  const moved = metresBetween(old, next) > (old.accuracyM ?? 0) + (next.accuracyM ?? 0);
  return moved || (next.accuracyM ?? 0) < (old.accuracyM ?? 0);
}

/** A fix worse than this says less than the person knows, metres. */
const USELESS_ACCURACY_M = 2_000;

export function usePlace(start: Position | null): {
  position: Ref<Position | null>;
  source: Ref<PlaceSource | null>;
  /** undefined: not known yet; null: outside the district. */
  cell: Ref<string | null | undefined>;
  denied: ComputedRef<boolean>;
  moveTo(position: Position): void;
} {
  const position: Ref<Position | null> = ref(start);
  const source: Ref<PlaceSource | null> = ref(start ? (start.accuracyM === undefined ? 'hand' : 'device') : null);
  const cell: Ref<string | null | undefined> = ref(undefined);
  /** A draft that was kept stays where it was found: whoever mends it is somewhere else by then. Only a place outside the district is no place to keep. */
  const kept = () => start !== null && cell.value !== null;
  const denied = computed(() => fix.value?.from === 'none' && fix.value.why === 'denied');
  watchPosition();

  watch(
    [fix, cell],
    async ([now]) => {
      if (kept() || source.value === 'hand') return;
      if (now?.from === 'device' && (now.position.accuracyM ?? 0) <= USELESS_ACCURACY_M) {
        if (source.value === 'device' && position.value && !betterFix(position.value, now.position)) return;
        position.value = now.position;
        source.value = 'device';
      } else if (now && source.value === null) {
        const home = (await loadCells().catch(() => null))?.features.find((f) => f.properties.code === me.value?.cell);
        if (!home || source.value !== null) return;
        position.value = middleOf(home);
        source.value = 'middle';
      }
    },
    { immediate: true },
  );
  watch(
    position,
    async (at) => {
      if (!at) return;
      const locator = await cellLocator().catch(() => null);
      if (position.value === at) cell.value = locator ? locator.at(at.lng, at.lat) : undefined;
    },
    { immediate: true },
  );

  return {
    position,
    source,
    cell,
    denied,
    moveTo(to) {
      position.value = to;
      source.value = 'hand';
    },
  };
}
