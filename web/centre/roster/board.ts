/** 值班表: what the roster page reads and shows, and what was chosen on it. */
import { computed, ref, shallowRef, watch } from 'vue';
import { api } from '../../shared/api.ts';
import { asProblem, type ApiProblem } from '../../shared/problem.ts';
import { dateOf, startOfDay } from '../../../src/china-time.ts';
import { type Board, type BoardRow, dayOf, type RosterHole, type Shift } from '../../shared/rosters.ts';
import { serverNow } from '../../shared/server-time.ts';
import { type CentreUnit, subdistricts, units } from '../names.ts';

const DAY_MS = 86_400_000;

/** A shift that was chosen to be changed, or a hole to be filled. */
export interface Chosen {
  readonly row: BoardRow;
  readonly from: string;
  readonly until: string;
}

export interface Group {
  readonly subdistrict: string;
  readonly rows: readonly BoardRow[];
}

export function useBoard() {
  const span = ref<'day' | 'week'>('day');
  const first = ref(dayOf(serverNow().getTime()));
  const text = ref('');
  const subdistrict = ref('');
  const onlyHoles = ref(false);
  const board = shallowRef<Board | null>(null);
  const holes = shallowRef<readonly RosterHole[]>([]);
  const problem = shallowRef<ApiProblem | null>(null);
  const chosen = shallowRef<Chosen | null>(null);
  let turn = 0;

  async function read(): Promise<void> {
    const mine = ++turn;
    try {
      const days = span.value === 'day' ? 1 : 7;
      const [shifts, empty] = await Promise.all([
        api.get<Board>('/rosters', { from: dateOf(first.value), days }),
        api.get<{ items: readonly RosterHole[] }>('/rosters/holes'),
      ]);
      if (mine !== turn) return;
      board.value = shifts;
      holes.value = empty.items;
      problem.value = null;
    } catch (thrown) {
      if (mine === turn) problem.value = asProblem(thrown);
    }
  }
  watch([span, first], () => void read(), { immediate: true });

  /** Of an area first the area's own units; those of the whole district stand under the subdistrict where they are at home. */
  const shown = computed<readonly BoardRow[]>(() => {
    const words = text.value.trim().toLowerCase().split(/\s+/).filter(Boolean);
    return (board.value?.items ?? []).filter((row) => {
      const unit = units.value.get(row.unit);
      if (subdistrict.value !== '' && unit?.subdistrict !== subdistrict.value) return false;
      if (onlyHoles.value && !row.shifts.some((shift) => shift.state === 'off')) return false;
      const all = wordsOf(row.unit, unit);
      return words.every((word) => all.includes(word));
    });
  });
  const groups = computed<readonly Group[]>(() => {
    const by = new Map<string, BoardRow[]>();
    for (const row of shown.value) {
      const code = units.value.get(row.unit)?.subdistrict ?? '';
      by.set(code, [...(by.get(code) ?? []), row]);
    }
    return [...by].sort(([a], [b]) => (a < b ? -1 : 1)).map(([code, rows]) => ({ subdistrict: code, rows }));
  });
  const sum = computed(() => {
    const count = { on: 0, onCall: 0, off: 0 };
    for (const row of board.value?.items ?? []) count[row.duty.state] += 1;
    return count;
  });
  /** The whole of what is shown, epoch milliseconds. */
  const range = computed(() => ({
    fromMs: startOfDay(first.value),
    untilMs: startOfDay(first.value) + (span.value === 'day' ? 1 : 7) * DAY_MS,
  }));

  function choose(row: BoardRow, shift: Pick<Shift, 'from' | 'until'>): void {
    // What is past cannot be changed: from now on.
    const nowMs = Math.floor(serverNow().getTime() / 60_000) * 60_000;
    const from = new Date(Math.max(Date.parse(shift.from), nowMs)).toISOString();
    chosen.value = { row, from, until: shift.until };
  }
  function rowOf(unit: string): BoardRow | undefined {
    return board.value?.items.find((row) => row.unit === unit);
  }
  return { span, first, text, subdistrict, onlyHoles, board, holes, problem, chosen, shown, groups, sum, range, read, choose, rowOf };
}

function wordsOf(code: string, unit: CentreUnit | undefined): string {
  const place = subdistricts.value.get(unit?.subdistrict ?? '');
  return [code, unit?.nameZh, unit?.nameEn, unit?.typeZh, unit?.typeEn, place?.nameZh, place?.nameEn].join(' ').toLowerCase();
}
