/** The state that top bar, queue, map and drawer share, and the one socket behind it. Made once by the page. */
import { computed, inject, reactive, ref, shallowRef, watch, type InjectionKey } from 'vue';
import { api } from '../shared/api.ts';
import { followLive } from '../shared/live.ts';
import { openNotices } from '../shared/notices/use-notices.ts';
import { t } from '../shared/i18n.ts';
import { me } from '../shared/session.ts';
import { holdPage } from '../shared/shell/held.ts';
import { serverNow, useNow } from '../shared/server-time.ts';
import { isEnd } from '../../src/dispatch/chain/states.ts';
import type { MoveItem, Page, Position, Role } from '../shared/types.ts';
import type { CentreIncident } from './incident.ts';
import { readView, TABS, writeView, type Tab } from './address.ts';
import type { Replay } from '../../src/dispatch/overview-schemas.ts';
import { drilling } from './drill/mode.ts';
import { makePositions } from './map/positions.ts';
import { takesCalls } from './moves/actions.ts';
import { searchWords } from './names.ts';
import { countFilters, matches, NO_FILTER } from './queue/filter.ts';
import { makeBatch } from './batch/batch.ts';
import { dropBatchDraft } from './batch/drafts.ts';
import { makeSelection } from './batch/selection.ts';
import { arrange, byTimeLeft, dueMs, sameSections, type Section } from './queue/groups.ts';
import { useHeldOrder } from './queue/held-order.ts';
import { isMyTurn } from './queue/my-turn.ts';
import { makeIncidentStore } from './queue/store.ts';
import { makeReplay } from './replay/use-replay.ts';
import { useSearch } from './search/use-search.ts';
import type { CentreView } from './view.ts';
import { dayOf, startOfDay } from '../../src/china-time.ts';

const PAGE_SIZE = 200;
/** First instant of tomorrow in the district. */
const endOfDay = (now: number) => startOfDay(dayOf(now) + 1);

/** @param viewsOf  the pages beside queue and map that a role has. */
export function createCentre(viewsOf: (role: Role | null) => readonly CentreView[]) {
  const store = makeIncidentStore({
    // What keeps the queue from coming is said at once, with when it is tried again.
    openPage: (after) =>
      api.get<Page<CentreIncident>>('/incidents', { open: true, order: 'due', limit: PAGE_SIZE, after }, { patient: false }),
    endedPage: () => api.get<Page<CentreIncident>>('/incidents', { open: false, limit: 50 }),
    one: (id) => api.get<CentreIncident>(`/incidents/${id}`),
    some: async (ids) => (await api.get<Page<CentreIncident>>('/incidents', { id: ids.join(','), limit: PAGE_SIZE })).items,
    later: (ms, run) => void setTimeout(run, ms),
  });
  const now = useNow(1_000);
  const first = readView(location.search);
  const filter = ref(first.filter);
  const openedId = ref<string | null>(first.incident);
  const tab = ref<Tab>(first.tab);
  const views = computed(() => viewsOf(me.value?.role ?? null));
  const pageName = ref(first.page);
  /** The page in place of queue and map; null: those. A page that is not there, or not this role's, is as none. */
  const page = computed(() => views.value.find((v) => v.name === pageName.value) ?? null);
  /** How many things wait on a page, by its name: shown at the menu. */
  const waiting = reactive<Record<string, number>>({});
  const cursorId = ref<string | null>(first.incident);
  const list = ref<'open' | 'ended'>(first.list);
  /** Wanted by the report form: the next click on the map is its place. */
  const picking = ref(false);
  const picked = shallowRef<Position | null>(null);
  const reporting = ref(false);
  /** Counts up when somebody asks the map to move to the opened incident. */
  const flights = ref(0);
  const said = ref('');
  const replay = makeReplay({
    read: (from, signal) => api.get<Replay>('/replay', { from }, { signal }),
    nowMs: () => serverNow().getTime(),
  });

  // ---- what the queue shows ----
  const search = useSearch({ filter, take: (incidents) => store.put(incidents, false) });
  const tenSeconds = computed(() => Math.floor(now.value.getTime() / 10_000) * 10_000);
  /** The list itself where only time has passed: queue and map are made from it. */
  const shown = computed<readonly CentreIncident[]>((before) => {
    const words = searchWords.value;
    // Two filters look at the clock, to ten seconds: without them the list rests until something moves.
    const at = filter.value.overdue || filter.value.turn ? tenSeconds.value : 0;
    const mine = (i: CentreIncident) => isMyTurn(i, me.value, at);
    // What the service found is asked for its words by nobody any more.
    const known = search.state.value === 'known';
    const wanted = known ? { ...filter.value, text: '' } : filter.value;
    const among = known ? search.ids.value.flatMap((id) => store.all.value.get(id) ?? []) : store.open.value;
    const found = among.filter(
      (i) =>
        !isEnd(i.state) &&
        matches(
          i,
          wanted,
          () => words(i),
          at,
          () => mine(i),
        ),
    );
    return before?.length === found.length && found.every((i, n) => i === before[n]) ? before : found;
  });
  const rows = computed(() => byTimeLeft(shown.value));
  /** The sections themselves where a second has changed nothing: what is made of thousands of rows then rests. */
  const sections = computed<readonly Section[]>((before) => {
    const next = arrange(rows.value, now.value.getTime(), endOfDay(now.value.getTime()));
    return before && sameSections(before, next) ? before : next;
  });
  const order = useHeldOrder(sections);
  /** What a search found, ended or not, in its order; of what was read already while the service does not answer. */
  const foundIds = computed(() =>
    search.state.value === 'failed'
      ? shown.value.map((i) => i.id)
      : search.ids.value.filter((id) => {
          const incident = store.all.value.get(id);
          return incident !== undefined && (!filter.value.turn || isMyTurn(incident, me.value, now.value.getTime()));
        }),
  );
  const ids = computed(() =>
    search.on.value
      ? foundIds.value
      : list.value === 'open'
        ? order.shown.value.flatMap((s) => s.ids).filter((id) => store.all.value.has(id))
        : store.ended.value.map((i) => i.id),
  );
  const dues = computed(() => store.open.value.filter((i) => i.drill !== true).map(dueMs));
  const lateCount = computed(() => dues.value.filter((due) => due <= now.value.getTime()).length);
  const opened = computed(() => (openedId.value ? (store.all.value.get(openedId.value) ?? null) : null));
  const selection = makeSelection(ids);
  /** The panel in which those selected are handled together. */
  const batching = ref(false);
  const batch = makeBatch<CentreIncident>({
    refresh: store.refresh,
    async send(id, body, key) {
      const answer = await api.post<{ incident: CentreIncident }>(`/incidents/${id}/moves`, body, { key });
      store.put([answer.incident], false);
    },
    ended(action, done, undone) {
      // What is done is selected no more; what is not stays, to be tried again or otherwise.
      selection.drop(done);
      const words = undone.length ? 'centre.batch.result' : 'centre.batch.allDone';
      said.value = t(words, { done: done.length, left: undone.length });
      if (undone.length === 0) dropBatchDraft(action);
    },
  });
  holdPage(() => batch.busy.value);
  // A changed filter is a new list: nothing in it stands under the pointer yet.
  watch(filter, () => order.release(), { deep: true });

  // ---- the socket ----
  /** Milliseconds from the commit of the last live move to its arrival here. */
  const delayMs = ref<number | null>(null);
  const notices = openNotices((seq, stage) => live.receipt(seq, stage));
  watch(notices.count, (n) => (waiting['notices'] = n));
  const positions = makePositions();
  const live = followLive({
    onMoves(items: readonly MoveItem[], caughtUp) {
      const last = items.at(-1);
      if (last && !caughtUp) delayMs.value = Math.max(0, serverNow().getTime() - Date.parse(last.at));
      store.take(items);
    },
    onPositions: positions.take,
    onNotice: notices.heard,
    onAcknowledged: notices.seenElsewhere,
    onResync() {
      void store.load();
      void notices.load();
    },
    onState: (state) => state === 'live' && store.hurry(),
  });

  // ---- opening and closing ----
  function show(id: string, at: Tab = 'progress'): void {
    const wasOpen = openedId.value !== null;
    openedId.value = id;
    cursorId.value = id;
    tab.value = at;
    reporting.value = false;
    batching.value = false;
    // What is opened is worked on as it is now.
    if (replay.on.value) replay.close();
    remember(!wasOpen);
    if (!store.all.value.has(id)) void store.refresh(id).catch(() => undefined);
  }
  function hide(): void {
    openedId.value = null;
    remember(false);
  }
  /** Opens a page, or with null goes back to queue and map. */
  function turnTo(name: string | null): void {
    if (name === pageName.value) return;
    pageName.value = name;
    remember(true);
  }
  /** `step`: a history entry of its own, so that Back on a phone closes the drawer. */
  function remember(step: boolean): void {
    const view = { filter: filter.value, incident: openedId.value, tab: tab.value, list: list.value, page: pageName.value };
    const url = location.pathname + writeView(location.search, view) + location.hash;
    if (step) history.pushState(null, '', url);
    else history.replaceState(null, '', url);
  }
  watch([filter, tab, list], () => remember(false), { deep: true });
  addEventListener('popstate', () => {
    const view = readView(location.search);
    filter.value = view.filter;
    openedId.value = view.incident;
    tab.value = view.tab;
    list.value = view.list;
    pageName.value = view.page;
  });

  /** Counts the presses that walk. One at the end of the list moves nothing, and still has to show the row under the cursor: it may have gone out of view. */
  const walked = ref(0);
  function walk(by: 1 | -1): void {
    if (ids.value.length === 0) return;
    order.keyUsed();
    walked.value++;
    const at = cursorId.value ? ids.value.indexOf(cursorId.value) : -1;
    const next = at < 0 ? (by > 0 ? 0 : ids.value.length - 1) : Math.min(ids.value.length - 1, Math.max(0, at + by));
    cursorId.value = ids.value[next]!;
    // With the drawer open, walking the queue reads one incident after the other.
    if (openedId.value) show(cursorId.value, tab.value);
  }

  /** Selects the row under the cursor; with `by`, goes on to the next one and selects up to it. */
  function pick(by: 0 | 1 | -1): void {
    // With what has ended there is nothing to do together.
    if (list.value === 'ended' && !search.on.value) return by === 0 ? undefined : walk(by);
    if (cursorId.value === null) return by === 0 ? undefined : walk(by);
    if (by === 0) return selection.toggle(cursorId.value);
    if (!selection.picked.value.has(cursorId.value)) selection.extendTo(cursorId.value);
    walk(by);
    selection.extendTo(cursorId.value);
  }

  return {
    store,
    search,
    foundIds,
    selection,
    batching,
    batch,
    pick,
    live,
    now,
    filter,
    filters: computed(() => countFilters(filter.value)),
    /** In a drill what is in earnest stays away until the line above asks for it. */
    clearFilter: () => (filter.value = { ...NO_FILTER, drill: drilling.value ? filter.value.drill : '' }),
    list,
    shown,
    order,
    ids,
    /** Of what is in earnest, whatever the queue is filtered to. */
    realCount: computed(() => dues.value.length),
    lateCount,
    openedId,
    opened,
    cursorId,
    tab,
    tabs: TABS,
    show,
    hide,
    walk,
    walked,
    views,
    page,
    turnTo,
    waiting,
    notices,
    positions,
    replay,
    delayMs,
    picking,
    picked,
    reporting,
    flights,
    fly: () => void (flights.value += 1),
    said,
    /** Told politely to screen readers. */
    say: (text: string) => (said.value = text),
    mayReport: computed(() => takesCalls(me.value?.role)),
  };
}

export type Centre = ReturnType<typeof createCentre>;
export const CENTRE: InjectionKey<Centre> = Symbol('centre');
/** @throws Error outside the centre's page. */
export function useCentre(): Centre {
  const centre = inject(CENTRE);
  if (!centre) throw new Error('useCentre outside CentrePage');
  return centre;
}
