/**
 * The place of a draft: from the phone, from the middle of the own cell, or by hand; and which cell that is, without a network too. What the
 * phone measured stays apart from where the person put the pin.
 */
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

export interface Place {
  readonly position: Ref<Position | null>;
  readonly source: Ref<PlaceSource | null>;
  /** Where the phone says that it is, with its accuracy; stays when the pin is moved. */
  readonly measured: Ref<Position | null>;
  /** How far the pin was moved from there, whole metres; null when it was not moved, or nothing was measured. */
  readonly movedM: ComputedRef<number | null>;
  /** undefined: not known yet; null: outside the district. */
  readonly cell: Ref<string | null | undefined>;
  /** The person has not allowed the position. */
  readonly denied: ComputedRef<boolean>;
  moveTo(position: Position): void;
  /** Back to what was measured. */
  undoMove(): void;
  /** What is known: the middle of the cell is nobody's knowledge, so a draft does not keep it. */
  known(): { readonly position: Position | null; readonly measured: Position | null };
}

export function usePlace(start: { readonly position: Position | null; readonly measured: Position | null }): Place {
  const position: Ref<Position | null> = ref(start.position);
  const measured: Ref<Position | null> = ref(start.measured ?? (start.position?.accuracyM === undefined ? null : start.position));
  const source: Ref<PlaceSource | null> = ref(start.position ? (start.position.accuracyM === undefined ? 'hand' : 'device') : null);
  const cell: Ref<string | null | undefined> = ref(undefined);
  /** A draft that was kept stays where it was found: whoever mends it is somewhere else by then. Only a place outside the district is no place to keep. */
  const kept = () => start.position !== null && cell.value !== null;
  watchPosition();

  watch(
    [fix, cell],
    async ([now]) => {
      if (kept()) return;
      if (now?.from === 'device' && (now.position.accuracyM ?? 0) <= USELESS_ACCURACY_M) {
        if (!measured.value || betterFix(measured.value, now.position)) measured.value = now.position;
        if (source.value === 'hand') return;
        position.value = measured.value;
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
    measured,
    movedM: computed(() =>
      source.value === 'hand' && measured.value && position.value ? Math.round(metresBetween(measured.value, position.value)) : null,
    ),
    cell,
    denied: computed(() => fix.value?.from === 'none' && fix.value.why === 'denied'),
    moveTo(to) {
      position.value = to;
      source.value = 'hand';
    },
    undoMove() {
      if (!measured.value) return;
      position.value = measured.value;
      source.value = 'device';
    },
    known: () => ({
      position: source.value === 'middle' ? null : position.value,
      measured: source.value === 'hand' ? measured.value : null,
    }),
  };
}
