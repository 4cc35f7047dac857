/**
 * The incidents that the centre knows: read by HTTP, kept fresh by moves from the socket.
 * A move says that something changed, not all of it, so the incident is fetched again; many moves at once become a few reads of many incidents.
 */
import { computed, ref, shallowReactive, shallowRef } from 'vue';
import { isEnd } from '../../../src/dispatch/chain/states.ts';
import { ApiProblem, asProblem } from '../../shared/problem.ts';
import type { MoveItem, Page } from '../../shared/types.ts';
import { makeWantedTogether, readEach } from '../../shared/wanted.ts';
import { endedAt, type CentreIncident } from '../incident.ts';

export interface StoreDeps {
  /** One page of the open incidents in scope, most urgent first. */
  readonly openPage: (after: string | null) => Promise<Page<CentreIncident>>;
  /** Those that ended last. */
  readonly endedPage: () => Promise<Page<CentreIncident>>;
  readonly one: (id: string) => Promise<CentreIncident>;
  /** Several at once, those that are in scope. At most `SOME_MAX`. */
  readonly some: (ids: readonly string[]) => Promise<readonly CentreIncident[]>;
  /** setTimeout, handed in so that tests decide when time passes. */
  readonly later: (ms: number, run: () => void) => void;
}

/** Moves that arrive within this time are fetched together. */
const GATHER_MS = 150;
/** From this many changed incidents on, asking for many at once is cheaper than for each. */
const SOME_FROM = 4;
/** As many ids as fit into the line of one request. */
export const SOME_MAX = 100;
/** From this many on the whole list is no more than them. */
const LIST_FROM = 1_000;
/** How long a new row keeps its ground. */
const FRESH_MS = 2_000;
/** [ours] Incidents read at most: some 12 MB, and twice the worst day of a district. Past it the queue says so and asks for a filter. */
const MAX_OPEN = 6_000;
/** Pages of the list that are taken in together: each taking makes queue and map anew. The first is shown at once. */
const PAGES_TOGETHER = 10;
const MAX_ENDED = 50;

export function makeIncidentStore(deps: StoreDeps) {
  const all = shallowRef<ReadonlyMap<string, CentreIncident>>(new Map());
  const status = ref<'loading' | 'ready' | 'failed'>('loading');
  const problem = shallowRef<ApiProblem | null>(null);
  const endedStatus = ref<'idle' | 'loading' | 'ready' | 'failed'>('idle');
  /** True when there are more open incidents than are read. */
  const cutOff = ref(false);
  /** Ids of rows that arrived in the last two seconds. */
  const fresh = shallowReactive(new Set<string>());
  const wanted = makeWantedTogether(fetchWanted, { gatherMs: GATHER_MS, later: deps.later });
  /** What a reading that a move asked for has met; taken back by the next one that meets nothing. */
  let missed: ApiProblem | null = null;

  const open = computed(() => [...all.value.values()].filter((i) => !isEnd(i.state)));
  const ended = computed(() =>
    [...all.value.values()]
      .filter((i) => isEnd(i.state))
      .sort((a, b) => endedAt(b).localeCompare(endedAt(a)))
      .slice(0, MAX_ENDED),
  );

  /** Takes what was read, unless something newer is known already: answers may overtake each other. */
  function put(incidents: readonly CentreIncident[], announce: boolean): void {
    if (incidents.length === 0) return;
    const next = new Map(all.value);
    for (const incident of incidents) {
      const known = next.get(incident.id);
      if (known && known.version > incident.version) continue;
      next.set(incident.id, incident);
      if (!known && announce && !isEnd(incident.state)) freshen(incident.id);
    }
    all.value = next;
  }
  function freshen(id: string): void {
    fresh.add(id);
    deps.later(FRESH_MS, () => fresh.delete(id));
  }
  function drop(id: string): void {
    const next = new Map(all.value);
    next.delete(id);
    all.value = next;
  }

  /** @returns whether it could. Reads all open incidents; what has left the list meanwhile (ended, out of scope) is dropped. Old content stays while it loads. */
  async function load(): Promise<boolean> {
    const before = new Map([...all.value].map(([id, i]) => [id, i.version]));
    try {
      const listed = new Set<string>();
      const announce = status.value === 'ready';
      let after: string | null = null;
      let gathered: CentreIncident[] = [];
      let pages = 0;
      do {
        const page: Page<CentreIncident> = await deps.openPage(after);
        gathered.push(...page.items);
        for (const incident of page.items) listed.add(incident.id);
        after = page.next;
        pages += 1;
        if (after !== null && pages > 1 && pages % PAGES_TOGETHER !== 0) continue;
        put(gathered, announce);
        gathered = [];
        // The most urgent come first: with them there is work to be seen.
        if (status.value === 'loading') status.value = 'ready';
      } while (after !== null && listed.size < MAX_OPEN);
      put(gathered, announce);
      cutOff.value = after !== null;
      const next = new Map(all.value);
      for (const [id, incident] of all.value) {
        // Touched while the list was being read: whatever wrote it knows better.
        const untouched = before.get(id) === incident.version;
        if (untouched && !listed.has(id) && !isEnd(incident.state)) next.delete(id);
      }
      all.value = next;
      status.value = 'ready';
      problem.value = null;
      return true;
    } catch (thrown) {
      problem.value = asProblem(thrown);
      if (status.value === 'loading') status.value = 'failed';
      return false;
    }
  }

  async function loadEnded(): Promise<void> {
    if (endedStatus.value !== 'ready') endedStatus.value = 'loading';
    try {
      put((await deps.endedPage()).items, false);
      endedStatus.value = 'ready';
    } catch {
      endedStatus.value = 'failed';
    }
  }

  /** Reads one incident anew. @throws ApiProblem; a 404 also takes it out of the queue. */
  async function refresh(id: string): Promise<CentreIncident> {
    try {
      const incident = await deps.one(id);
      put([incident], true);
      return incident;
    } catch (thrown) {
      if (asProblem(thrown).status === 404) drop(id);
      throw thrown;
    }
  }

  /** Moves from the socket: notes what changed and fetches it shortly after. */
  function take(moves: readonly MoveItem[]): void {
    wanted.want(moves.filter((move) => (all.value.get(move.incident)?.version ?? 0) < move.version).map((move) => move.incident));
  }

  /** Reads several anew; what is no longer answered has left the scope. */
  async function refreshSome(ids: readonly string[]): Promise<void> {
    const found = await deps.some(ids);
    put(found, true);
    const left = new Set(ids);
    for (const { id } of found) left.delete(id);
    for (const id of left) if (all.value.has(id)) drop(id);
  }

  /** @returns those that may come yet. */
  async function fetchWanted(ids: readonly string[]): Promise<readonly string[]> {
    if (ids.length >= LIST_FROM) {
      if (!(await load())) return ids;
      // Ended between the move and the list: not wanted in the queue, and the list of ended ones is read when it is looked at.
      if (endedStatus.value === 'ready' && ids.some((id) => !all.value.has(id))) await loadEnded();
      return [];
    }
    let met: ApiProblem | null = null;
    const said = <T>(read: (what: T) => Promise<unknown>) => {
      return (what: T) =>
        read(what).catch((thrown: unknown) => {
          if (asProblem(thrown).status !== 404) met = asProblem(thrown);
          throw thrown;
        });
    };
    const failed =
      ids.length >= SOME_FROM ? (await readEach(partsOf(ids, SOME_MAX), said(refreshSome))).flat() : await readEach(ids, said(refresh));
    if (met !== null || problem.value === missed) problem.value = met;
    missed = met;
    return failed;
  }

  return { all, open, ended, status, endedStatus, problem, cutOff, fresh, load, loadEnded, refresh, take, hurry: wanted.hurry, put };
}
function partsOf<T>(items: readonly T[], size: number): T[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, i) => items.slice(i * size, (i + 1) * size));
}
export type IncidentStore = ReturnType<typeof makeIncidentStore>;
