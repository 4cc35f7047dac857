/** The calendar of a year as it is read, with what was changed and not saved laid over it; preview, saving, and how far deadlines have followed. */
import { computed, onScopeDispose, ref, shallowRef, watch } from 'vue';
import { type CalendarDay, provisionalYear } from '../../../src/grid/calendar-days.ts';
import { type CalendarBook, editCalendar } from '../../../src/grid/calendar-edit.ts';
import type { CalendarFault } from '../../../src/grid/calendar-faults.ts';
import { api } from '../../shared/api.ts';
import { asProblem, type ApiProblem } from '../../shared/problem.ts';
import { sawCalendar } from '../calendar-facts.ts';
import { calendarChanges, calendarEdit, draft, dropCalendar } from './draft.ts';
import type { WireCalendar, WireEffect, WireRecount } from './types.ts';
import { dateAt } from '../../../src/china-time.ts';

/** How often it is asked how far deadlines have followed, while they do. */
const PROGRESS_INTERVAL_MS = 1_500;
const DAY_MS = 86_400_000;

export function useCalendar(now: () => Date) {
  const year = ref(Number(dateAt(now()).slice(0, 4)));
  const read = shallowRef<WireCalendar | null>(null);
  const problem = shallowRef<ApiProblem | null>(null);
  const loading = ref(false);

  async function load(): Promise<void> {
    const wanted = year.value;
    loading.value = true;
    try {
      const answer = await api.get<WireCalendar>('/calendar', { year: wanted });
      if (wanted !== year.value) return;
      read.value = answer;
      problem.value = null;
      sawCalendar(answer);
    } catch (thrown) {
      problem.value = asProblem(thrown);
    } finally {
      if (wanted === year.value) loading.value = false;
    }
  }
  watch(year, () => void load(), { immediate: true });

  // ---- what was changed, laid over what was read ----
  /** Years that are read or will be filled, so that every change finds its days; those of other years are as their weekdays say. */
  const book = computed<CalendarBook | null>(() => {
    const from = read.value;
    if (from === null) return null;
    const days = new Map<string, CalendarDay>(from.days.map((day) => [day.day, day]));
    return { days, hours: from.hours };
  });
  /** The changes that touch the year which is shown, and all others. */
  const own = computed(() => draft.days.filter((d) => d.from.slice(0, 4) === String(year.value)));
  const edited = computed(() => {
    const base = book.value;
    if (base === null) return null;
    const fill = draft.fill.filter((y) => y === year.value);
    return editCalendar(base, { fill, days: own.value, ...(draft.hours === null ? {} : { hours: draft.hours }) });
  });
  const faults = computed<readonly CalendarFault[]>(() =>
    edited.value === null || edited.value.ok ? [] : edited.value.faults.filter((f) => f.code !== 'nothing'),
  );
  const days = computed<ReadonlyMap<string, CalendarDay>>(() => {
    if (edited.value?.ok) return edited.value.book.days;
    const filled = draft.fill.includes(year.value) ? provisionalYear(year.value).map((d): [string, CalendarDay] => [d.day, d]) : [];
    return filled.length > 0 ? new Map(filled) : (book.value?.days ?? new Map());
  });
  const changed = computed(() => new Set(edited.value?.ok ? edited.value.changed.map((d) => d.day) : []));
  const hours = computed(() => draft.hours ?? read.value?.hours ?? []);

  // ---- preview and saving ----
  const effect = shallowRef<WireEffect | null>(null);
  const busy = ref<'preview' | 'save' | null>(null);
  const refusal = shallowRef<ApiProblem | null>(null);
  const saved = ref(false);
  // What was shown belongs to the changes as they were.
  watch(
    () => JSON.stringify([draft.fill, draft.days, draft.hours]),
    () => {
      effect.value = null;
      refusal.value = null;
      if (calendarChanges(draft) > 0) saved.value = false;
    },
  );
  const body = () => ({ ...calendarEdit(draft), basis: read.value?.basis });

  async function attempt<T>(what: 'preview' | 'save', work: () => Promise<T>): Promise<T | null> {
    busy.value = what;
    refusal.value = null;
    try {
      return await work();
    } catch (thrown) {
      refusal.value = asProblem(thrown);
      return null;
    } finally {
      busy.value = null;
    }
  }
  async function preview(): Promise<void> {
    effect.value = await attempt('preview', () => api.post<WireEffect>('/calendar/preview', body()));
  }
  async function save(): Promise<void> {
    const answer = await attempt('save', () => api.put<{ recount: WireRecount | null }>('/calendar', body()));
    if (answer === null) return;
    dropCalendar();
    saved.value = true;
    recount.value = answer.recount;
    await load();
    void follow();
  }
  /** After somebody else has changed it: theirs is read, ours stays on top. */
  async function reload(): Promise<void> {
    refusal.value = null;
    await load();
  }

  // ---- how far deadlines have followed ----
  const recount = shallowRef<WireRecount | null>(null);
  let timer: ReturnType<typeof setTimeout> | undefined;
  async function follow(): Promise<void> {
    clearTimeout(timer);
    try {
      recount.value = (await api.get<{ recount: WireRecount | null }>('/calendar/recount')).recount;
    } catch {
      // Only a sight of it: the next one may come through.
    }
    if (recount.value !== null && recount.value.finishedAt === null) timer = setTimeout(() => void follow(), PROGRESS_INTERVAL_MS);
  }
  onScopeDispose(() => clearTimeout(timer));
  /** Shown while it runs, and for a day after. */
  const recent = computed(() => {
    const at = recount.value?.finishedAt;
    return recount.value !== null && (at === null || at === undefined || now().getTime() - Date.parse(at) < DAY_MS) ? recount.value : null;
  });

  return {
    year,
    read,
    problem,
    loading,
    load,
    days,
    changed,
    hours,
    faults,
    effect,
    busy,
    refusal,
    saved,
    preview,
    save,
    reload,
    recount: recent,
    follow,
  };
}
