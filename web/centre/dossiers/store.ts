/** The dossiers as the page shows them: one filter, pages appended, late answers dropped. */
import { reactive, ref, shallowRef, watch } from 'vue';
import type { WireDossier, WireDossierList } from '../../../src/dispatch/repeats-schemas.ts';
import { api, urlOf } from '../../shared/api.ts';
import { locale } from '../../shared/i18n.ts';
import { asProblem, type ApiProblem } from '../../shared/problem.ts';
import { me } from '../../shared/session.ts';

export const DAYS = [7, 30, 90, 366] as const;
export const LEAST = [2, 3, 5] as const;

export function useDossiers() {
  const filter = reactive({ days: 30, least: 2, subdistrict: me.value?.subdistrict ?? '', community: me.value?.community ?? '' });
  const items = shallowRef<readonly WireDossier[]>([]);
  const within = shallowRef<{ m: number; days: number } | null>(null);
  const next = ref<string | null>(null);
  const state = ref<'loading' | 'ready' | 'failed'>('loading');
  const problem = shallowRef<ApiProblem | null>(null);
  const query = () => ({ days: filter.days, least: filter.least, subdistrict: filter.subdistrict, community: filter.community });
  let running: AbortController | undefined;

  /** @param more  the next page, after those that are there; else from the beginning. */
  async function read(more = false): Promise<void> {
    running?.abort();
    const mine = new AbortController();
    running = mine;
    problem.value = null;
    if (!more) state.value = 'loading';
    try {
      const after = more ? next.value : null;
      const answer = await api.get<WireDossierList>('/dossiers', { ...query(), limit: 50, after }, { signal: mine.signal });
      if (running !== mine) return;
      items.value = more ? [...items.value, ...answer.items] : answer.items;
      within.value = answer.within;
      next.value = answer.next;
      state.value = 'ready';
    } catch (thrown) {
      if (running !== mine || mine.signal.aborted) return;
      problem.value = asProblem(thrown);
      if (!more) state.value = 'failed';
    }
  }
  watch(filter, () => void read(), { immediate: true });
  return {
    filter,
    items,
    within,
    next,
    state,
    problem,
    read,
    csvUrl: () => urlOf('/dossiers.csv', { ...query(), language: locale.value }),
  };
}
