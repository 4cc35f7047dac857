/** How many were reported in each cell over the last days: read when the layer is on, and again now and then. */
import { computed } from 'vue';
import type { Heat } from '../../../src/dispatch/overview-schemas.ts';
import { middleOf } from '../../shared/reference.ts';
import { useFetched } from '../drawer/use-fetched.ts';
import type { HeatPoint } from './engine.ts';
import type { Ground } from './ground.ts';

const READ_EVERY_MS = 300_000;

/** @param days  null: the layer is off, nothing is read. @param now  of the page's clock. */
export function useHeat(ground: () => Ground | null, days: () => number | null, now: () => Date) {
  const read = useFetched<Heat>(
    () => (days() === null ? null : `/incidents/heat?days=${days()}`),
    () => Math.floor(now().getTime() / READ_EVERY_MS),
  );
  const points = computed<readonly HeatPoint[]>(() => {
    const cells = new Map((ground()?.cells.features ?? []).map((f) => [f.properties.code, f]));
    return (read.data.value?.items ?? []).flatMap(({ cell, count }) => {
      const feature = cells.get(cell);
      return feature ? [{ cell, count, position: middleOf(feature) }] : [];
    });
  });
  const total = computed(() => points.value.reduce((sum, p) => sum + p.count, 0));
  const hottest = computed(() => points.value.reduce<HeatPoint | null>((most, p) => (most && most.count >= p.count ? most : p), null));
  return { points, total, hottest, loading: read.loading, problem: read.problem };
}
