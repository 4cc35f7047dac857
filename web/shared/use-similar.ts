/** 相似: asks the service while a report is being written whether it is there already. Without a network or an answer the report goes on as it is. */
import { onScopeDispose, ref, shallowRef, watch, type Ref } from 'vue';
import type { WireSimilar, WireSimilarList } from '../../src/dispatch/repeats-schemas.ts';
import { api } from './api.ts';
import type { Position } from './types.ts';

export interface Written {
  readonly category: string | null;
  readonly position: Position | null;
  readonly description: string;
  /** 演练: drills are compared with drills. */
  readonly drill?: boolean;
}

/** Typing pauses so long before it is asked: not for each letter. */
const PAUSE_MS = 700;
const MOST = 3;

export type SimilarState = 'idle' | 'asking' | 'known' | 'offline' | 'failed';

export function useSimilar(written: () => Written, online: Ref<boolean>) {
  const items = shallowRef<readonly WireSimilar[]>([]);
  const state = ref<SimilarState>('idle');
  let timer: ReturnType<typeof setTimeout> | undefined;
  let running: AbortController | undefined;
  let asked = '';

  /** What was asked last is not asked again. @returns once there is an answer, or none is to be had. */
  async function ask(): Promise<void> {
    clearTimeout(timer);
    const { category, position, description, drill } = written();
    if (!category || !position) return forget('idle');
    if (!online.value) return forget('offline');
    const { lng, lat, accuracyM } = position;
    const query = { category, lng, lat, accuracyM, description: description.slice(0, 600), drill: drill ? true : undefined, limit: MOST };
    const text = JSON.stringify(query);
    if (text === asked && state.value !== 'failed') return;
    running?.abort();
    const mine = new AbortController();
    running = mine;
    asked = text;
    if (items.value.length === 0) state.value = 'asking';
    try {
      const answer = await api.get<WireSimilarList>('/incidents/similar', query, { signal: mine.signal, patient: false });
      if (running !== mine) return;
      items.value = answer.items;
      state.value = 'known';
    } catch {
      if (running === mine && !mine.signal.aborted) forget('failed');
    }
  }
  function forget(now: SimilarState): void {
    running?.abort();
    running = undefined;
    asked = '';
    items.value = [];
    state.value = now;
  }

  watch(
    () => JSON.stringify([written(), online.value]),
    () => {
      clearTimeout(timer);
      timer = setTimeout(() => void ask(), PAUSE_MS);
    },
    { immediate: true },
  );
  onScopeDispose(() => {
    clearTimeout(timer);
    running?.abort();
  });
  return { items, state, ask };
}
