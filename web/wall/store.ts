/** What the wall reads: plans, their curves, things to decide, today's figures; again by push and by the clock. What was read last stays on it. */
import { computed, onScopeDispose, ref, shallowRef } from 'vue';
import type { DayFigures } from '../../src/assessment/schemas.ts';
import { api } from '../shared/api.ts';
import { nameOf } from '../shared/i18n.ts';
import { followLive } from '../shared/live.ts';
import { asProblem, type ApiProblem } from '../shared/problem.ts';
import { loadCategories, loadCommunities, loadSubdistricts, loadUnits, type Named } from '../shared/reference.ts';
import { me } from '../shared/session.ts';
import { serverNow, useNow } from '../shared/server-time.ts';
import type { Me, Page } from '../shared/types.ts';
import { dateAt } from '../../src/china-time.ts';
import { currentPlan, meanCurve, phasesOf, rowsOf, standingOf, tasksOf, within, type CurvePoint, type PlanItem } from './board.ts';
import { loadGround, type Ground } from './ground.ts';
import { makePlaceFigures } from './place-figures.ts';

export interface Decision {
  readonly kind: string;
  readonly code: string;
  readonly place: string;
  readonly nameZh: string;
  readonly nameEn: string;
  readonly dueOn: string | null;
  readonly daysLate: number;
  readonly figure: number | null;
}

/** A figure of the wall, and what `/figures/behind` is asked for its incidents. */
export interface Mark {
  readonly label: string;
  readonly n: number;
  readonly query: Readonly<Record<string, string | number | boolean>>;
}
/** What is opened over the wall. */
export type Opened =
  { readonly what: 'task'; readonly item: PlanItem } | { readonly what: 'incidents'; readonly mark: Mark } | { readonly what: 'decisions' };

/** Moves of incidents come by push; so often at most the figures are read again. */
const FIGURES_MS = 5_000;
/** Plans and decisions are reported by people a few times a day: looked at so often. */
const PLANS_MS = 30_000;
/** Nothing was read for so long: what stands on the wall is old, and it says so. */
const OLD_MS = 95_000;
const CURVES_AT_ONCE = 6;

export function useWall() {
  const items = shallowRef<readonly PlanItem[]>([]);
  const decisions = shallowRef<readonly Decision[]>([]);
  const ground = shallowRef<Ground | null>(null);
  const curves = shallowRef<ReadonlyMap<string, readonly CurvePoint[]>>(new Map());
  const names = shallowRef<ReadonlyMap<string, Named>>(new Map());
  const problem = shallowRef<ApiProblem | null>(null);
  const state = ref<'loading' | 'ready' | 'failed'>('loading');
  const readAt = ref<Date | null>(null);
  const now = useNow(1_000);
  /** Where an account's own part begins; '' is all that it sees. */
  const home = computed(() => homeOf(me.value));
  const place = ref(readPlace(location.search) || home.value);
  const { figures, read: readPlaceFigures } = makePlaceFigures(place, (code) => {
    const within = code.length === 9 ? { subdistrict: code } : code.length === 12 ? { community: code } : {};
    return api.get<DayFigures>('/figures/day', within);
  });
  let figuresAtMs = 0;
  let soon: ReturnType<typeof setTimeout> | undefined;

  async function readPlans(): Promise<void> {
    const [plans, asked] = await Promise.all([api.get<Page<PlanItem>>('/plans'), api.get<Page<Decision>>('/plans/decisions')]);
    const changed = changedTasks(items.value, plans.items);
    items.value = plans.items;
    decisions.value = asked.items;
    if (changed.length > 0) await readCurves(changed);
  }
  /** Of the tasks that somebody reported about since. */
  async function readCurves(codes: readonly string[]): Promise<void> {
    const waiting = [...codes];
    const read = new Map(curves.value);
    const worker = async () => {
      for (let code = waiting.shift(); code !== undefined; code = waiting.shift()) {
        read.set(code, (await api.get<Page<CurvePoint>>(`/plans/${encodeURIComponent(code)}/curve`)).items);
      }
    };
    await Promise.all(Array.from({ length: CURVES_AT_ONCE }, worker));
    curves.value = read;
  }
  async function readFigures(): Promise<void> {
    clearTimeout(soon);
    soon = undefined;
    figuresAtMs = Date.now();
    if (await readPlaceFigures()) readAt.value = serverNow();
  }
  async function readAll(): Promise<void> {
    try {
      await Promise.all([readPlans(), readFigures()]);
      problem.value = null;
      state.value = 'ready';
      readAt.value = serverNow();
    } catch (thrown) {
      problem.value = asProblem(thrown);
      if (state.value === 'loading') state.value = 'failed';
    }
  }
  /** What fails is said; what was read before stays. */
  const figuresNow = () => void readFigures().catch((thrown) => (problem.value = asProblem(thrown)));
  function figuresSoon(): void {
    soon ??= setTimeout(figuresNow, Math.max(0, figuresAtMs + FIGURES_MS - Date.now()));
  }

  const live = followLive({ onMoves: figuresSoon, onResync: () => void readAll() });
  const timer = setInterval(() => void readAll(), PLANS_MS);
  onScopeDispose(() => {
    live.stop();
    clearInterval(timer);
    clearTimeout(soon);
  });
  void loadGround().then(
    (read) => (ground.value = read),
    (thrown) => (problem.value = asProblem(thrown)),
  );
  const lists: readonly Promise<readonly Named[]>[] = [loadSubdistricts(), loadCommunities(), loadUnits(), loadCategories()];
  for (const list of lists) {
    // A list that fails leaves its codes in place of names.
    void list.then((read) => (names.value = new Map([...names.value, ...read.map((n) => [n.code, n] as const)]))).catch(() => undefined);
  }
  void readAll();

  // ---- where one looks ----
  function go(code: string): void {
    if (!code.startsWith(home.value) && code !== '') return;
    const next = code.length < 9 ? home.value : code;
    if (next === place.value) return;
    place.value = next;
    const query = new URLSearchParams(location.search);
    if (next && next !== home.value) query.set('place', next);
    else query.delete('place');
    const text = query.toString();
    history.pushState(null, '', location.pathname + (text ? `?${text}` : ''));
    figuresNow();
  }
  const back = () => {
    place.value = readPlace(location.search) || home.value;
    figuresNow();
  };
  addEventListener('popstate', back);
  onScopeDispose(() => removeEventListener('popstate', back));

  const today = computed(() => dateAt(now.value));
  const plan = computed(() => currentPlan(items.value, today.value));
  const all = computed(() => tasksOf(items.value, plan.value));
  const tasks = computed(() => within(all.value, place.value));
  return {
    now,
    today,
    state,
    problem,
    readAt,
    live,
    ground,
    figures,
    decisions: computed(() => decisions.value.filter((d) => d.place.startsWith(place.value))),
    plan,
    all,
    tasks,
    phases: computed(() => phasesOf(items.value, plan.value, tasks.value, today.value)),
    rows: computed(() => rowsOf(tasks.value, place.value)),
    standing: computed(() => standingOf(tasks.value)),
    curve: computed(() =>
      meanCurve(
        tasks.value.map((task) => curves.value.get(task.code) ?? []),
        today.value,
      ),
    ),
    place,
    home,
    go,
    /** One level up; null at the top. */
    above: computed(() => {
      if (place.value === home.value || place.value.length < 9) return null;
      return place.value.length > 9 ? place.value.slice(0, 9) : home.value;
    }),
    nameOf: (code: string) => nameOf(names.value.get(code)) || code,
    old: computed(() => live.state.value === 'lost' || (readAt.value !== null && now.value.getTime() - readAt.value.getTime() > OLD_MS)),
    readAll,
  };
}
export type Wall = ReturnType<typeof useWall>;

/** Tasks whose figures differ from what was known: their curves are read again. */
function changedTasks(before: readonly PlanItem[], after: readonly PlanItem[]): string[] {
  const known = new Map(before.map((i) => [i.code, `${i.done}/${i.target} ${i.starts} ${i.ends}`]));
  return after.filter((i) => i.level === 'task' && known.get(i.code) !== `${i.done}/${i.target} ${i.starts} ${i.ends}`).map((i) => i.code);
}

/** A subdistrict, or the one in which all communities of a leader lie. */
function homeOf(who: Me | null): string {
  if (who?.role === 'subdistrict') return who.subdistrict ?? '';
  const places = new Set((who?.communities ?? []).map((code) => code.slice(0, 9)));
  return places.size === 1 ? [...places][0]! : '';
}

function readPlace(search: string): string {
  const code = new URLSearchParams(search).get('place') ?? '';
  return /^(\d{9}|\d{12})$/.test(code) ? code : '';
}
