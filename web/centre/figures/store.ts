/** The figures as the page shows them: read again when the choice changes, and when something moved, but not more often than every few seconds. */
import { computed, onScopeDispose, reactive, ref, shallowRef, watch } from 'vue';
import type { DayFigures } from '../../../src/assessment/schemas.ts';
import { api, urlOf } from '../../shared/api.ts';
import { locale } from '../../shared/i18n.ts';
import { asProblem, type ApiProblem } from '../../shared/problem.ts';
import { me } from '../../shared/session.ts';
import { dayOf } from '../../../src/china-time.ts';
import { useCentre } from '../centre.ts';
import { daysOf, readChoice, writeChoice, type Choice } from './period.ts';

/** The service keeps an answer for three; people cannot read faster. */
const AGAIN_MS = 5_000;
/** Time passes also where nothing moves: things become overdue. */
const IDLE_MS = 60_000;

export interface Mark {
  /** What it says, for the head of its list. */
  readonly label: string;
  readonly n: number;
  /** What `/figures/behind` is asked, beside the page's own choice. */
  readonly query: Readonly<Record<string, string | number | boolean>>;
}

export function useFigures() {
  const centre = useCentre();
  const choice = reactive<{ -readonly [K in keyof Choice]: Choice[K] }>({ ...readChoice(location.search) });
  const data = shallowRef<DayFigures | null>(null);
  const problem = shallowRef<ApiProblem | null>(null);
  const state = ref<'loading' | 'ready' | 'failed'>('loading');
  /** Turns at midnight, on a page that stays open. */
  const today = computed(() => dayOf(centre.now.value.getTime()));
  const days = computed(() => daysOf(choice, today.value));
  const query = computed(() => ({
    ...days.value,
    level: choice.level,
    subdistrict: me.value?.subdistrict ? '' : choice.subdistrict,
  }));
  let running: AbortController | undefined;
  let readAtMs = 0;
  let waiting: ReturnType<typeof setTimeout> | undefined;

  async function read(): Promise<void> {
    clearTimeout(waiting);
    waiting = undefined;
    running?.abort();
    const mine = new AbortController();
    running = mine;
    readAtMs = Date.now();
    try {
      const answer = await api.get<DayFigures>('/figures/day', query.value, { signal: mine.signal, patient: false });
      if (running !== mine) return;
      data.value = answer;
      problem.value = null;
      state.value = 'ready';
    } catch (thrown) {
      if (running !== mine || mine.signal.aborted) return;
      problem.value = asProblem(thrown);
      if (data.value === null) state.value = 'failed';
    }
  }
  /** Old content stays meanwhile, so neither scroll nor focus is lost. */
  function readSoon(): void {
    if (waiting !== undefined || document.visibilityState === 'hidden') return;
    waiting = setTimeout(() => void read(), Math.max(0, readAtMs + AGAIN_MS - Date.now()));
  }

  watch(query, () => {
    data.value = null;
    state.value = 'loading';
    void read();
  });
  watch(choice, () => history.replaceState(null, '', location.pathname + writeChoice(location.search, choice) + location.hash));
  watch(centre.store.all, readSoon);
  const idle = setInterval(readSoon, IDLE_MS);
  const seen = () => Date.now() - readAtMs > AGAIN_MS && readSoon();
  document.addEventListener('visibilitychange', seen);
  onScopeDispose(() => {
    running?.abort();
    clearTimeout(waiting);
    clearInterval(idle);
    document.removeEventListener('visibilitychange', seen);
    history.replaceState(null, '', location.pathname + writeChoice(location.search, null) + location.hash);
  });
  void read();
  return {
    choice,
    days,
    query,
    data,
    problem,
    state,
    read,
    exportUrl: (file: string) => urlOf(`/exports/${file}`, { ...query.value, language: locale.value }),
  };
}
export type Figures = ReturnType<typeof useFigures>;
