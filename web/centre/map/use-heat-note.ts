/** The heat map in one sentence: how many, and where most; a colour alone would leave it to be guessed. */
import { computed } from 'vue';
import { t } from '../../shared/i18n.ts';
import { cellShort, communityShort } from '../names.ts';
import type { useHeat } from './use-heat.ts';

export function useHeatNote(heat: ReturnType<typeof useHeat>) {
  return computed(() => {
    if (heat.problem.value) return t('centre.map.layers.heatFailed');
    const most = heat.hottest.value;
    if (!most) return heat.loading.value ? '' : t('centre.map.layers.heatNone');
    const where = `${communityShort(most.cell.slice(0, 12))} ${cellShort(most.cell)}`;
    return t('centre.map.layers.heatNote', { n: heat.total.value, where, most: most.count });
  });
}
