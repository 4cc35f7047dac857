/** 共建 of the own community as the phone has it: open needs and activities to come, read while somebody looks, and kept for a start without a network. */
import { computed, ref, shallowRef, type Ref, type ShallowRef } from 'vue';
import { api, asProblem, type ApiProblem } from '../../shared/api.ts';
import { isOpen } from '../../shared/cobuild/claims.ts';
import type { Activity, Need } from '../../shared/cobuild/types.ts';
import { serverNow } from '../../shared/server-time.ts';
import type { Page } from '../../shared/types.ts';
import { readOwn, writeOwn } from '../own-rows.ts';

/** Open ones, and those that have ended while they were looked at. */
export const needs: ShallowRef<readonly Need[]> = shallowRef([]);
export const activities: ShallowRef<readonly Activity[]> = shallowRef([]);
/** When the service last said so; null before anything is known. */
export const readAt: Ref<string | null> = ref(null);
export const problem: ShallowRef<ApiProblem | null> = shallowRef(null);

/** By their last day, as the service orders them. */
export const openNeeds = computed(() => needs.value.filter(isOpen).toSorted((a, b) => (a.due < b.due ? -1 : a.due > b.due ? 1 : 0)));
export const needOf = (code: string) => needs.value.find((one) => one.code === code);

interface KeptCobuild {
  readonly at: string;
  readonly needs: readonly Need[];
  readonly activities: readonly Activity[];
}

let reading = 0;
/** What is shown stays until the answer is there, and where there is none. */
export async function load(): Promise<void> {
  const mine = ++reading;
  try {
    const [open, list] = await Promise.all([api.get<Page<Need>>('/needs', { open: true }), api.get<Page<Activity>>('/activities')]);
    if (mine !== reading) return;
    const gone = needs.value.filter((one) => !open.items.some(({ code }) => code === one.code));
    needs.value = [...open.items, ...gone];
    activities.value = list.items;
    problem.value = null;
    readAt.value = serverNow().toISOString();
    void writeOwn('cobuild', { at: readAt.value, needs: open.items, activities: list.items } satisfies KeptCobuild);
    // Somebody may be looking at it: how it ended is read by itself.
    await Promise.all(gone.filter(isOpen).map(({ code }) => loadNeed(code).catch((why: unknown) => dropUnlessPassing(code, why))));
  } catch (thrown) {
    if (mine !== reading) return;
    problem.value = asProblem(thrown);
    await showKept();
  }
}

/** One that the service does not show any more stands for nothing; where it was not reached, the next reading asks again. */
function dropUnlessPassing(code: string, why: unknown): void {
  if (!asProblem(why).passing) needs.value = needs.value.filter((one) => one.code !== code);
}

/** What was read last on this phone, while nothing newer is known. */
export async function showKept(): Promise<void> {
  if (readAt.value !== null) return;
  const old = await readOwn<KeptCobuild>('cobuild');
  if (old === undefined || readAt.value !== null) return;
  needs.value = old.needs;
  activities.value = old.activities;
  readAt.value = old.at;
}

/** @throws ApiProblem `not-found` also where it is another community's. */
export async function loadNeed(code: string): Promise<void> {
  const found = await api.get<Need>(`/needs/${code}`);
  needs.value = [...needs.value.filter((one) => one.code !== code), found];
}

const PAGE_MOST = 20;
/** The latest of those that have ended, newest first. The service gives them oldest first, in pages. */
export async function endedNeeds(): Promise<readonly Need[]> {
  let found: readonly Need[] = [];
  let after: string | null = null;
  do {
    const page: Page<Need> = await api.get<Page<Need>>('/needs', { open: false, after });
    found = [...found, ...page.items];
    after = page.next;
  } while (after !== null);
  return found.slice(-PAGE_MOST).toReversed();
}

/** 报名 and 退出: one place, the own one. @throws ApiProblem; what stands there now is read again either way. */
export async function setSignedUp(code: string, wanted: boolean): Promise<void> {
  try {
    if (wanted) await api.post(`/activities/${code}/sign-ups`, { people: 1 });
    else await api.del(`/activities/${code}/sign-ups/own`);
  } finally {
    await load();
  }
}

/** Not over yet, soonest first; one that was called off stays, so that whoever meant to come reads it. */
export function comingAt(now: Date): readonly Activity[] {
  return activities.value.filter((one) => one.state !== 'held' && Date.parse(one.endsAt) > now.getTime());
}
/** Those to which the own account can still sign up. */
export function joinableAt(now: Date): readonly Activity[] {
  return comingAt(now).filter(
    (one) =>
      one.state === 'announced' &&
      one.openTo === 'everybody' &&
      !one.signedUp &&
      one.taken < one.capacity &&
      Date.parse(one.startsAt) > now.getTime(),
  );
}
