/** The search of the centre: asks the service, which looks through everything in scope; what was read already is the way out when it cannot. */
import { computed, ref, shallowRef, watch, type Ref } from 'vue';
import type { WireIncident } from '../../../src/dispatch/schemas.ts';
import { termsOf } from '../../../src/dispatch/search/terms.ts';
import { api } from '../../shared/api.ts';
import { asProblem, type ApiProblem } from '../../shared/problem.ts';
import type { Page } from '../../shared/types.ts';
import type { CentreIncident } from '../incident.ts';
import type { Filter } from '../queue/filter.ts';

export type Found = NonNullable<WireIncident['found']>;
type FoundIncident = CentreIncident & { readonly found?: Found };

/** Typing pauses so long before it is asked: not for each letter, and not for each half of a Chinese word. */
const PAUSE_MS = 300;
const PAGE_SIZE = 40;

export interface SearchDeps {
  readonly filter: Ref<Filter>;
  readonly take: (incidents: readonly CentreIncident[]) => void;
  readonly ask?: (query: Record<string, string | number | boolean | null | undefined>, signal: AbortSignal) => Promise<Page<FoundIncident>>;
}

export function useSearch({ filter, take, ask = (query, signal) => api.get('/incidents', query, { signal }) }: SearchDeps) {
  const ids = shallowRef<readonly string[]>([]);
  const found = shallowRef<ReadonlyMap<string, Found>>(new Map());
  const next = ref<string | null>(null);
  const state = ref<'idle' | 'asking' | 'known' | 'failed'>('idle');
  const problem = shallowRef<ApiProblem | null>(null);
  const text = computed(() => filter.value.text.trim());
  /** Those that the list on the screen was asked with: what is marked in it. */
  const terms = shallowRef<readonly string[]>([]);
  let timer: ReturnType<typeof setTimeout> | undefined;
  let running: AbortController | undefined;

  async function read(after: string | null): Promise<void> {
    running?.abort();
    const mine = new AbortController();
    running = mine;
    const { level, state: only, subdistrict, overdue, drill } = filter.value;
    const asked = text.value;
    if (after === null) state.value = 'asking';
    try {
      const query = { q: asked, order: 'best', limit: PAGE_SIZE, after, level, state: only, subdistrict, drill, overdue: overdue || null };
      const page = await ask(query, mine.signal);
      if (running !== mine) return;
      take(page.items);
      const more = new Map(after === null ? [] : found.value);
      for (const { id, found: where } of page.items) if (where) more.set(id, where);
      found.value = more;
      ids.value = [...(after === null ? [] : ids.value), ...page.items.map((i) => i.id)];
      next.value = page.next;
      terms.value = termsOf(asked);
      problem.value = null;
      state.value = 'known';
    } catch (thrown) {
      if (running !== mine || mine.signal.aborted) return;
      problem.value = asProblem(thrown);
      state.value = 'failed';
    }
  }
  function forget(): void {
    running?.abort();
    running = undefined;
    ids.value = [];
    found.value = new Map();
    terms.value = [];
    next.value = null;
    problem.value = null;
    state.value = 'idle';
  }

  watch(
    () => {
      const { level, state: only, subdistrict, overdue, drill } = filter.value;
      return JSON.stringify([text.value, level, only, subdistrict, overdue, drill]);
    },
    () => {
      clearTimeout(timer);
      if (text.value === '') return forget();
      timer = setTimeout(() => void read(null), PAUSE_MS);
    },
    { immediate: true },
  );

  return {
    on: computed(() => text.value !== ''),
    text,
    terms,
    ids,
    found,
    next,
    state,
    problem,
    more: () => read(next.value),
    again: () => read(null),
  };
}
export type Search = ReturnType<typeof useSearch>;
