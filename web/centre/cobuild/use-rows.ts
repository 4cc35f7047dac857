/** A list of the service: read when the part opens, when a notice says that something happened, and when the window is looked at again; what was there stays meanwhile. */
import { onBeforeUnmount, onMounted, ref, shallowRef, watch, type Ref, type ShallowRef } from 'vue';
import { api, asProblem, type ApiProblem } from '../../shared/api.ts';
import { useCentre } from '../centre.ts';

export interface Rows<T> {
  readonly rows: ShallowRef<readonly T[]>;
  readonly loaded: Ref<boolean>;
  readonly problem: ShallowRef<ApiProblem | null>;
  load(): Promise<void>;
}

type Query = Readonly<Record<string, string | boolean | undefined>>;

/** @param query  read with each load. */
export function useRows<T>(path: string, query: () => Query = () => ({})): Rows<T> {
  const rows = shallowRef<readonly T[]>([]);
  const loaded = ref(false);
  const problem = shallowRef<ApiProblem | null>(null);
  let reading = 0;

  async function load(): Promise<void> {
    const mine = ++reading;
    try {
      const page = await api.get<{ items: readonly T[] }>(path, query());
      if (mine !== reading) return;
      rows.value = page.items;
      loaded.value = true;
      problem.value = null;
    } catch (thrown) {
      if (mine === reading) problem.value = asProblem(thrown);
    }
  }
  // Told over the socket that something of 共建 happened: what is shown is read again.
  const { notices } = useCentre();
  const newest = () => notices.open.value.find((item) => item.about?.['kind'] !== undefined)?.seq;
  watch(newest, () => void load());
  /** Whoever comes back to the window finds what others did meanwhile. */
  const again = () => document.visibilityState === 'visible' && void load();
  onMounted(() => {
    void load();
    document.addEventListener('visibilitychange', again);
  });
  onBeforeUnmount(() => document.removeEventListener('visibilitychange', again));
  return { rows, loaded, problem, load };
}
