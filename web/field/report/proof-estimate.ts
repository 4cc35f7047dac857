/** 现场证明 before sending: by the service's own rule, from what the phone knows. It says what would raise it while that can still be done. */
import { computed, shallowRef, watch, type Ref } from 'vue';
import { scoreReport, type Moved, type PlaceScore } from '../../../src/evidence/place-score.ts';
import { distanceToBorderM } from '../../../src/grid/border.ts';
import type { Area } from '../../../src/grid/geometry.ts';
import type { LocalPhoto } from '../../shared/photos.ts';
import { loadCells, metresBetween } from '../../shared/reference.ts';
import { me } from '../../shared/session.ts';
import type { Position } from '../../shared/types.ts';

export function useProofEstimate(of: {
  readonly position: Ref<Position | null>;
  /** Where the phone is, also when the place was set by hand. */
  readonly measured: Ref<Position | null>;
  readonly cell: Ref<string | null | undefined>;
  readonly photos: Ref<readonly LocalPhoto[]>;
  readonly foundAt: () => string;
}): Ref<PlaceScore | null> {
  const borderM = shallowRef<number | null>(null);
  watch(
    [of.position, of.cell],
    async ([at, code]) => {
      const shape = code ? (await loadCells().catch(() => null))?.features.find((f) => f.properties.code === code) : undefined;
      if (of.position.value === at)
        borderM.value = shape && at ? distanceToBorderM(shape.geometry as unknown as Area, at.lng, at.lat) : null;
    },
    { immediate: true },
  );
  return computed(() => {
    const at = of.position.value;
    const cell = of.cell.value;
    if (!at || !cell) return null;
    return scoreReport({
      accuracyM: at.accuracyM ?? null,
      measured: moved(at, of.measured.value),
      borderM: borderM.value,
      ownCell: me.value?.cell ? me.value.cell === cell : null,
      // Where a photo was taken is read by the service from its file; here only when it came into the page is known.
      photos: of.photos.value.map((photo) => ({
        distanceM: null,
        ageMs: Date.parse(of.foundAt()) - Date.parse(photo.takenAt),
        timeFrom: 'page',
        clockAheadMs: 0,
      })),
    });
  });
}

function moved(at: Position, from: Position | null): Moved | null {
  if (at.accuracyM !== undefined || from?.accuracyM === undefined) return null;
  return { distanceM: Math.round(metresBetween(from, at)), accuracyM: from.accuracyM };
}
