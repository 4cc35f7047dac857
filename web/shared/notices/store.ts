/** The inbox of the place where one works: read by HTTP, woken by the socket, the same on every page. */
import { computed, ref, shallowRef, type ComputedRef, type Ref } from 'vue';
import type { NoticeItem } from '../../../src/ws/notice-item.ts';
import { asProblem, type ApiProblem } from '../problem.ts';
import type { Page } from '../types.ts';
import { asksAnswer } from './words.ts';

export interface NoticesDeps {
  /** The newest open ones, newest first. */
  readonly open: () => Promise<Page<NoticeItem>>;
  /** How many are open in all. */
  readonly count: () => Promise<{ readonly open: number }>;
  readonly acknowledge: (seqs: readonly number[]) => Promise<unknown>;
  readonly receipt: (seq: number, stage: 'delivered' | 'shown') => void;
  /** setTimeout, handed in so that tests decide when time passes. */
  readonly later: (ms: number, run: () => void) => void;
}

export interface Notices {
  /** Newest first; the newest page of them. */
  readonly open: Ref<readonly NoticeItem[]>;
  /** Also those that are not on that page. */
  readonly count: Ref<number>;
  /** Open ones for which somebody waits. */
  readonly asking: ComputedRef<number>;
  /** Counts up with each live notice for which somebody waits: once for each seq. */
  readonly alarms: Ref<number>;
  readonly loaded: Ref<boolean>;
  readonly problem: Ref<ApiProblem | null>;
  load(): Promise<void>;
  /** A frame came: live, or again after the connection was lost. */
  heard(notice: { readonly seq: number; readonly notice: string }): void;
  /** A colleague has seen them. */
  seenElsewhere(seqs: readonly number[]): void;
  /** They stand before a person's eyes. */
  shown(items: readonly NoticeItem[]): void;
  /** Seen, for the whole place. What could not be told comes back into the list, with the reason. */
  acknowledge(seqs: readonly number[]): Promise<void>;
}

/** Frames that come together are one reading, ms. */
const GATHER_MS = 150;

export function createNotices(deps: NoticesDeps): Notices {
  const open = shallowRef<readonly NoticeItem[]>([]);
  const count = ref(0);
  const alarms = ref(0);
  const loaded = ref(false);
  const problem = shallowRef<ApiProblem | null>(null);
  const known = new Set<number>();
  const told = new Set<number>();
  let gathering = false;
  let readings = 0;

  async function load(): Promise<void> {
    const mine = ++readings;
    try {
      const [page, all] = await Promise.all([deps.open(), deps.count()]);
      if (mine !== readings) return;
      open.value = page.items;
      for (const { seq } of page.items) known.add(seq);
      count.value = Math.max(all.open, page.items.length);
      problem.value = null;
      loaded.value = true;
    } catch (thrown) {
      if (mine === readings) problem.value = asProblem(thrown);
    }
  }

  function remove(seqs: readonly number[]): void {
    const left = open.value.filter((n) => !seqs.includes(n.seq));
    count.value = Math.max(left.length, count.value - (open.value.length - left.length));
    open.value = left;
  }

  return {
    open,
    count,
    asking: computed(() => open.value.filter((n) => asksAnswer(n.notice)).length),
    alarms,
    loaded,
    problem,
    load,
    heard({ seq, notice }) {
      deps.receipt(seq, 'delivered');
      if (!known.has(seq) && loaded.value && asksAnswer(notice)) alarms.value += 1;
      known.add(seq);
      if (gathering) return;
      gathering = true;
      deps.later(GATHER_MS, () => {
        gathering = false;
        void load();
      });
    },
    seenElsewhere: remove,
    shown(items) {
      for (const { seq } of items) {
        if (told.has(seq)) continue;
        told.add(seq);
        deps.receipt(seq, 'shown');
      }
    },
    async acknowledge(seqs) {
      if (seqs.length === 0) return;
      remove(seqs);
      // What is being read was asked for before: it would bring them back.
      readings++;
      try {
        await deps.acknowledge(seqs);
        problem.value = null;
        await load();
      } catch (thrown) {
        await load();
        problem.value = asProblem(thrown);
      }
    },
  };
}
