/**
 * The incidents that the centre knows: read by HTTP, kept fresh by moves from the socket.
 * A move says that something changed, not all of it, so the incident is fetched again; many moves at once become one read of the list.
 */
import { computed, ref, shallowReactive, shallowRef } from 'vue';
import { isEnd } from '../../../src/dispatch/chain/states.ts';
import { ApiProblem, asProblem } from '../../shared/problem.ts';
import type { MoveItem, Page } from '../../shared/types.ts';
import { endedAt, type CentreIncident } from '../incident.ts';

export interface StoreDeps {
  /** One page of the open incidents in scope, most urgent first. */
  readonly openPage: (after: string | null) => Promise<Page<CentreIncident>>;
  /** Those that ended last. */
  readonly endedPage: () => Promise<Page<CentreIncident>>;
  readonly one: (id: string) => Promise<CentreIncident>;
  /** setTimeout, handed in so that tests decide when time passes. */
  readonly later: (ms: number, run: () => void) => void;
}

/** Moves that arrive within this time are fetched together. */
const GATHER_MS = 150;
/** From this many changed incidents on, reading the list is cheaper than asking for each. */
const LIST_FROM = 24;
/** Requests for single incidents under way at once. */
const AT_ONCE = 6;
/** How long a new row keeps its ground. */
const FRESH_MS = 2_000;
/** Incidents read at most: past it the queue says so and asks for a filter. */
const MAX_OPEN = 2_000;
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
  const wanted = new Map<string, number>();
  let gathering = false;
  let fetching = false;

  const open = computed(() => [...all.value.values()].filter((i) => !isEnd(i.state)));
  const ended = computed(() =>
    [...all.value.values()]
      .filter((i) => isEnd(i.state))
      .sort((a, b) => endedAt(b).localeCompare(endedAt(a)))
      .slice(0, MAX_ENDED),
  );

  /** Takes what was read, unless something newer is known already: answers may overtake each other. */
  function put(incidents: readonly CentreIncident[], announce: boolean): void {
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

  /** Reads all open incidents; what has left the list meanwhile (ended, out of scope) is dropped. Old content stays while it loads. */
  async function load(): Promise<void> {
    const before = new Map([...all.value].map(([id, i]) => [id, i.version]));
    try {
      const listed = new Set<string>();
      let after: string | null = null;
      do {
        const page: Page<CentreIncident> = await deps.openPage(after);
        put(page.items, status.value === 'ready');
        for (const incident of page.items) listed.add(incident.id);
        after = page.next;
      } while (after !== null && listed.size < MAX_OPEN);
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
    } catch (thrown) {
      problem.value = asProblem(thrown);
      if (status.value === 'loading') status.value = 'failed';
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
    for (const move of moves) {
      const known = all.value.get(move.incident);
      if (known && known.version >= move.version) continue;
      wanted.set(move.incident, Math.max(move.version, wanted.get(move.incident) ?? 0));
    }
    if (wanted.size === 0 || gathering) return;
    gathering = true;
    deps.later(GATHER_MS, () => {
      gathering = false;
      void fetchWanted();
    });
  }

  async function fetchWanted(): Promise<void> {
    if (fetching) return;
    fetching = true;
    const ids = [...wanted.keys()];
    wanted.clear();
    if (ids.length >= LIST_FROM) {
      await load();
      const missed = ids.filter((id) => all.value.has(id) === false);
      // Ended between the move and the list: not wanted in the queue, and the list of ended ones is read when it is looked at.
      if (missed.length > 0 && endedStatus.value === 'ready') await loadEnded();
    } else {
      const waiting = [...ids];
      const worker = async () => {
        for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) {
          await refresh(id).catch((thrown: unknown) => {
            if (asProblem(thrown).status !== 404) problem.value = asProblem(thrown);
          });
        }
      };
      await Promise.all(Array.from({ length: Math.min(AT_ONCE, ids.length) }, worker));
    }
    fetching = false;
    if (wanted.size > 0) take([]);
  }

  return { all, open, ended, status, endedStatus, problem, cutOff, fresh, load, loadEnded, refresh, take, put };
}
export type IncidentStore = ReturnType<typeof makeIncidentStore>;
