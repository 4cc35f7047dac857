/** Something read by HTTP for what is on the screen: read again when it changes, old content kept meanwhile, late answers dropped. */
import { onScopeDispose, ref, shallowRef, watch } from 'vue';
import { api } from '../../shared/api.ts';
import { asProblem, type ApiProblem } from '../../shared/problem.ts';

/**
 * @param path   what to read; null reads nothing.
 * @param stamp  changes when what was read may be old (the incident's version).
 */
export function useFetched<T>(path: () => string | null, stamp: () => unknown) {
  const data = shallowRef<T | null>(null);
  const problem = shallowRef<ApiProblem | null>(null);
  const loading = ref(false);
  let running: AbortController | undefined;
  let shownPath: string | null = null;

  async function read(): Promise<void> {
    const wanted = path();
    running?.abort();
    if (wanted !== shownPath) {
      data.value = null;
      problem.value = null;
      shownPath = wanted;
    }
    if (wanted === null) return;
    const mine = new AbortController();
    running = mine;
    loading.value = true;
    try {
      const answer = await api.get<T>(wanted, {}, { signal: mine.signal });
      if (running !== mine) return;
      data.value = answer;
      problem.value = null;
    } catch (thrown) {
      if (running === mine && !mine.signal.aborted) problem.value = asProblem(thrown);
    } finally {
      if (running === mine) loading.value = false;
    }
  }
  watch([path, stamp], () => void read(), { immediate: true });
  onScopeDispose(() => running?.abort());
  return { data, problem, loading, read };
}
