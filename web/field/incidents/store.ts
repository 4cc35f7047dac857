/** What this person has to do with: incidents of the own cell and own reports elsewhere, kept fresh by the feed. */
import { computed, ref, type Ref } from 'vue';
import { isEnd } from '../../../src/dispatch/chain/states.ts';
import { api, asProblem, type ApiProblem } from '../../shared/api.ts';
import { followLive, type Live } from '../../shared/live.ts';
import { openNotices } from '../../shared/notices/use-notices.ts';
import { serverNow } from '../../shared/server-time.ts';
import { me } from '../../shared/session.ts';
import type { MoveItem, Page, WireIncident } from '../../shared/types.ts';
import { makeWanted } from '../../shared/wanted.ts';
import { readOwn, writeOwn } from '../own-rows.ts';

const byId: Ref<ReadonlyMap<string, WireIncident>> = ref(new Map());
export const loaded = ref(false);
/** Age of what is shown when it comes from the phone and not from the service. */
export const asOf = ref<string | null>(null);
export const problem: Ref<ApiProblem | null> = ref(null);
export let live: Live | undefined;

/** Answers, failed checks and spot checks: what a grid worker is asked to go and look at. */
const TASK_VERBS = ['answerVerification', 'failCheck', 'failSpotCheck'] as const;
export const isTask = (i: WireIncident) => TASK_VERBS.some((verb) => i.may.includes(verb));
export const isEnded = (i: WireIncident) => isEnd(i.state);

/** Nearest to being due. Not every live state has a running clock. */
export const dueOf = (i: WireIncident): string | null => i.deadlines.map((d) => d.dueAt).sort()[0] ?? null;
/** The step clock, or the total one when no step runs. */
export const clockOf = (i: WireIncident) => i.deadlines.find((d) => d.clock !== 'total') ?? i.deadlines[0] ?? null;

const byDue = (a: WireIncident, b: WireIncident) => ((dueOf(a) ?? '9') < (dueOf(b) ?? '9') ? -1 : 1);
export const all = computed(() => [...byId.value.values()].sort((a, b) => (a.reportedAt < b.reportedAt ? 1 : -1)));
export const tasks = computed(() => all.value.filter(isTask).sort(byDue));
export const open = computed(() => all.value.filter((i) => !isEnded(i)));
export const inCell = computed(() => open.value.filter((i) => i.cell === me.value?.cell));
export const mine = computed(() => all.value.filter((i) => i.reportedBy === me.value?.account));

/** An older version never replaces a newer one: answers may overtake each other. */
export function put(...incidents: readonly WireIncident[]): void {
  const next = new Map(byId.value);
  for (const incident of incidents) if (incident.version >= (next.get(incident.id)?.version ?? 0)) next.set(incident.id, incident);
  byId.value = next;
}
export const incidentOf = (id: string) => byId.value.get(id);

const PAGE_SIZE = 100;
/** Newest first, a hundred: what a cell has in a month. Older ones are found by opening them. */
export async function reload(): Promise<void> {
  try {
    const [running, recent] = await Promise.all([
      api.get<Page<WireIncident>>('/incidents', { open: true, order: 'due', limit: PAGE_SIZE }),
      api.get<Page<WireIncident>>('/incidents', { limit: PAGE_SIZE }),
    ]);
    byId.value = new Map();
    put(...running.items, ...recent.items);
    problem.value = null;
    loaded.value = true;
    asOf.value = null;
    await keepForLater();
  } catch (thrown) {
    problem.value = asProblem(thrown);
    if (!loaded.value) await showKept();
  }
}

interface KeptIncidents {
  readonly at: string;
  readonly items: readonly WireIncident[];
}
/** What was read last, for a start without a network. Rights may have changed since: the service says so when one is used. */
async function keepForLater(): Promise<void> {
  const items = JSON.parse(JSON.stringify(all.value)) as WireIncident[];
  await writeOwn('incidents', { at: serverNow().toISOString(), items } satisfies KeptIncidents);
}
async function showKept(): Promise<void> {
  const old = await readOwn<KeptIncidents>('incidents');
  if (!old || loaded.value) return;
  put(...old.items);
  asOf.value = old.at;
  loaded.value = true;
}

export async function loadOne(id: string): Promise<WireIncident> {
  const incident = await api.get<WireIncident>(`/incidents/${id}`);
  put(incident);
  return incident;
}

/** Incidents that moved are read again by HTTP: frames carry no descriptions and no rights. */
const wanted = makeWanted(loadOne);
function moved(items: readonly MoveItem[]): void {
  wanted.want(items.filter((m) => m.version > (byId.value.get(m.incident)?.version ?? 0)).map((m) => m.incident));
}

/** What the own cell was told. */
export const notices = openNotices((seq, stage) => live?.receipt(seq, stage));
/** What waits for this person: tasks, and notices of anything else. */
export const waitingCount = computed(() => {
  const ids = new Set(tasks.value.map((i) => i.id));
  return ids.size + notices.open.value.filter((n) => !n.incident || !ids.has(n.incident)).length;
});

/** Counts how often 共建 of the own community may have changed: its page reads again. */
export const workChanged = ref(0);

export function followIncidents(): Live {
  live ??= followLive({
    onMoves: moved,
    onNotice: notices.heard,
    onAcknowledged: notices.seenElsewhere,
    onWork: () => void workChanged.value++,
    onResync() {
      workChanged.value++;
      void reload();
      void notices.load();
    },
    onState: (state) => state === 'live' && wanted.hurry(),
  });
  return live;
}
