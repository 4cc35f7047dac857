/**
 * Today's walk of this person: planned from what there is to do, ticked off as it is done, kept on the phone until the day is over. It is planned
 * anew when there is something else to do, not with every step: a list that changes under the thumb is no list.
 */
import { computed, ref, shallowRef, watch, type Ref } from 'vue';
import { dayOf } from '../../../src/china-time.ts';
import { loadCells, metresBetween, middleOf } from '../../shared/reference.ts';
import { serverNow } from '../../shared/server-time.ts';
import { me } from '../../shared/session.ts';
import type { WireIncident } from '../../shared/types.ts';
import { dueOf, inCell, incidentOf, isTask, loaded, tasks } from '../incidents/store.ts';
import { readOwn, writeOwn } from '../own-rows.ts';
import { fix } from '../position.ts';
import { isPressing, lengthM, planWalk, type Point, type Stop } from './plan.ts';

/** So near counts as been there: a phone's own error and the width of a street [ours], metres. */
const REACHED_M = 30;
/** A worse fix does not say that somebody was there. */
const USABLE_ACCURACY_M = 50;
const LOOK_EVERY_MS = 60_000;

interface KeptWalk {
  readonly day: number;
  /** Incident → when it was done with. */
  readonly walked: Readonly<Record<string, string>>;
  /** What was asked for when the page was last open: what is asked now and was not then is asked anew. */
  readonly asked: readonly string[];
}

const walked: Ref<Readonly<Record<string, string>>> = ref({});
const order: Ref<readonly Stop[]> = shallowRef([]);
/** Where the walk was planned from. */
export const from: Ref<Point | null> = shallowRef(null);
let day = 0;
let asked: readonly string[] = [];
let started = false;

const stopOf = (i: WireIncident): Stop => ({
  id: i.id,
  position: i.position,
  kind: isTask(i) ? (i.state === 'verifying' ? 'verify' : 'check') : 'open',
  dueAt: dueOf(i),
});
/** Everything there is to go to, done or not. */
const places = computed(() => {
  const own = tasks.value.map(stopOf);
  const ids = new Set(own.map((s) => s.id));
  return [...own, ...inCell.value.filter((i) => !ids.has(i.id)).map(stopOf)];
});
const isWalked = (id: string) => id in walked.value;

const here = (): Point | null => (fix.value?.from === 'device' ? fix.value.position : null);

/** What is still to go to, in order; each as it is now, since what lay on the way may have become something asked. */
export const ahead = computed(() => {
  const now = new Map(places.value.map((s) => [s.id, s]));
  return order.value.flatMap(({ id }) => {
    const stop = now.get(id);
    return stop && !isWalked(id) ? [stop] : [];
  });
});
/** What was done with today, first to last. */
export const behind = computed(() =>
  Object.entries(walked.value)
    .sort((a, b) => (a[1] < b[1] ? -1 : 1))
    .flatMap(([id, at]) => (incidentOf(id) ? [{ id, at }] : [])),
);
export const next = computed<Stop | null>(() => ahead.value[0] ?? null);
/** Straight lines from here through all that is ahead. */
export const leftM = computed(() => lengthM(here(), ahead.value));
export const pressing = (stop: Stop, now: Date) => isPressing(stop, now);

/** Begins to follow what there is to do and where the phone is. */
export async function startWalk(): Promise<void> {
  if (started) return;
  started = true;
  await recall();
  watch([places, loaded], followAsked, { immediate: true });
  // Only when there is something else to do, or something has become pressing: what is done or taken away leaves the rest in its order.
  watch(
    places,
    () => {
      const planned = new Set(order.value.map((s) => s.id));
      if (places.value.some((s) => !isWalked(s.id) && !planned.has(s.id))) void replan();
    },
    { immediate: true },
  );
  watch(fix, passBy);
  let pressingBefore = '';
  setInterval(() => {
    const now = serverNow();
    if (dayOf(now.getTime()) !== day) void newDay();
    const are = places.value
      .filter((s) => isPressing(s, now))
      .map((s) => s.id)
      .join();
    if (are !== pressingBefore) void replan();
    pressingBefore = are;
  }, LOOK_EVERY_MS);
}

/** Orders what is left, from where the phone is: asked for by the person, or because there is something else to do. */
export async function replan(): Promise<void> {
  from.value = here() ?? (await middleOfOwnCell());
  // Only now: while the cells were read there may have come something to do.
  const left = places.value.filter((s) => !isWalked(s.id));
  order.value = planWalk(from.value, left, serverNow()).stops;
}

async function middleOfOwnCell(): Promise<Point | null> {
  const home = (await loadCells().catch(() => null))?.features.find((f) => f.properties.code === me.value?.cell);
  return home ? middleOf(home) : null;
}

/** Done with, or not after all. What is asked of this person is ticked by the answer, not by hand. */
export function tick(id: string, done: boolean): void {
  const { [id]: _was, ...rest } = walked.value;
  walked.value = done ? { ...rest, [id]: serverNow().toISOString() } : rest;
  void keep();
}

/** Whoever passes an open one has been there; what is asked for stays until it is answered. */
function passBy(): void {
  if (fix.value?.from !== 'device' || (fix.value.position.accuracyM ?? Infinity) > USABLE_ACCURACY_M) return;
  const at = fix.value.position;
  for (const stop of ahead.value) if (stop.kind === 'open' && metresBetween(at, stop.position) <= REACHED_M) tick(stop.id, true);
}

/**
 * This person has answered what was asked for. What is asked no longer for another reason, because it was withdrawn, ran out or was closed, is only gone:
 * nobody says of a place that they were there who was not.
 */
export const answered = (id: string): void => tick(id, true);

function followAsked(): void {
  if (!loaded.value) return;
  const now = places.value.filter((s) => s.kind !== 'open').map((s) => s.id);
  // Asked for again, for example to check what was mended.
  for (const id of now) if (!asked.includes(id) && isWalked(id)) tick(id, false);
  if (now.join() === asked.join()) return;
  asked = now;
  void keep();
}

async function recall(): Promise<void> {
  day = dayOf(serverNow().getTime());
  const walk = await readOwn<KeptWalk>('walk');
  if (walk?.day !== day) return;
  walked.value = walk.walked;
  asked = walk.asked;
}
async function keep(): Promise<void> {
  await writeOwn('walk', { day, walked: { ...walked.value }, asked: [...asked] } satisfies KeptWalk);
}
async function newDay(): Promise<void> {
  day = dayOf(serverNow().getTime());
  walked.value = {};
  await keep();
  await replan();
}
