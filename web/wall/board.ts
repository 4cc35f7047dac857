/**
 * What the wall shows of a plan at a place: shares of plan and fact, phases, rows, curve. Pure.
 *
 * The share of a place is the mean of its tasks, each by what was reached of its target [ours]: counted by finished tasks alone, a place that has done
 * nine tenths of everything would stand at nothing.
 */
import { dateOf, dayNumber } from '../../src/china-time.ts';

export interface PlanItem {
  readonly code: string;
  readonly parent: string | null;
  readonly level: 'plan' | 'phase' | 'task';
  readonly place: string;
  readonly ownerUnit: string;
  readonly nameZh: string;
  readonly nameEn: string;
  /** `YYYY-MM-DD`, both counted in. */
  readonly starts: string;
  readonly ends: string;
  readonly measureZh: string;
  readonly measureEn: string;
  readonly target: number;
  readonly done: number;
  readonly plannedPercent: number;
  readonly actualPercent: number;
}
export interface CurvePoint {
  readonly day: string;
  readonly planned: number;
  readonly actual: number | null;
}

export interface Standing {
  /** Per cent, whole. */
  readonly planned: number;
  readonly actual: number;
  /** Points, fact minus plan. */
  readonly gap: number;
  readonly done: number;
  readonly of: number;
}

export const GAPS = ['behind2', 'behind1', 'even', 'ahead1', 'ahead2'] as const;
export type Gap = (typeof GAPS)[number];

/** Thresholds as the key of the map says them. */
export function gapOf(points: number): Gap {
  if (points <= -10) return 'behind2';
  if (points <= -3) return 'behind1';
  if (points >= 5) return 'ahead2';
  return points >= 1 ? 'ahead1' : 'even';
}

/** The plan that runs today; between two the one that begins next; after all the last. */
export function currentPlan(items: readonly PlanItem[], today: string): PlanItem | null {
  const plans = items.filter((i) => i.level === 'plan').sort((a, b) => (a.starts < b.starts ? -1 : 1));
  return plans.find((p) => p.ends >= today) ?? plans.at(-1) ?? null;
}

/** Everything below it, also below a phase that the caller may not see: then the tasks stand for themselves. */
export function tasksOf(items: readonly PlanItem[], plan: PlanItem | null): PlanItem[] {
  const parents = new Map(items.map((i) => [i.code, i.parent]));
  const tasks = items.filter((i) => i.level === 'task');
  if (plan === null) return tasks;
  return tasks.filter((task) => {
    let up = task.parent;
    while (up !== null && up !== plan.code) up = parents.get(up) ?? null;
    return up === plan.code;
  });
}

/** @param place  a code of 6, 9 or 12 digits; '' is everything that is seen. */
export const within = (tasks: readonly PlanItem[], place: string): PlanItem[] => tasks.filter((task) => task.place.startsWith(place));

export function standingOf(tasks: readonly PlanItem[]): Standing | null {
  if (tasks.length === 0) return null;
  const mean = (of: (task: PlanItem) => number) => Math.round(tasks.reduce((sum, task) => sum + of(task), 0) / tasks.length);
  const planned = mean((task) => task.plannedPercent);
  const actual = mean((task) => Math.min(100, task.actualPercent));
  return { planned, actual, gap: actual - planned, done: tasks.filter((task) => task.done >= task.target).length, of: tasks.length };
}

export interface Row extends Standing {
  /** Of a place, or of a task. */
  readonly code: string;
  readonly task: PlanItem | null;
}

const worstFirst = (a: Row, b: Row) => a.gap - b.gap || (a.code < b.code ? -1 : 1);

/** Places of the next level below, worst on top; at a subdistrict and below its tasks. */
export function rowsOf(tasks: readonly PlanItem[], place: string): Row[] {
  if (place.length < 9) {
    const codes = [...new Set(tasks.filter((task) => task.place.length >= 9).map((task) => task.place.slice(0, 9)))];
    return codes.map((code) => ({ code, task: null, ...standingOf(within(tasks, code))! })).sort(worstFirst);
  }
  return within(tasks, place)
    .map((task) => ({ code: task.code, task, ...standingOf([task])! }))
    .sort(worstFirst);
}

export interface Phase extends Standing {
  readonly item: PlanItem;
  readonly when: 'over' | 'now' | 'next';
}

export function phasesOf(items: readonly PlanItem[], plan: PlanItem | null, tasks: readonly PlanItem[], today: string): Phase[] {
  return items
    .filter((i) => i.level === 'phase' && i.parent === plan?.code)
    .sort((a, b) => (a.starts < b.starts ? -1 : 1))
    .map((item) => {
      const own = standingOf(tasks.filter((task) => task.parent === item.code));
      const standing = own ?? {
        planned: item.plannedPercent,
        actual: item.actualPercent,
        gap: item.actualPercent - item.plannedPercent,
        done: item.done,
        of: item.target,
      };
      return { item, ...standing, when: item.ends < today ? 'over' : item.starts > today ? 'next' : 'now' };
    });
}

export const daysFrom = (from: string, to: string): number => dayNumber(to) - dayNumber(from);

/**
 * The mean of the tasks' curves, day by day from the first begin to the last end. Before its own days a task stands at nothing, after them its plan is
 * full and its fact stays.
 */
export function meanCurve(curves: readonly (readonly CurvePoint[])[], today: string): CurvePoint[] {
  const filled = curves.filter((curve) => curve.length > 0);
  if (filled.length === 0) return [];
  const first = Math.min(...filled.map((curve) => dayNumber(curve[0]!.day)));
  const last = Math.max(...filled.map((curve) => dayNumber(curve.at(-1)!.day)));
  return Array.from({ length: last - first + 1 }, (_, i) => {
    const day = dateOf(first + i);
    const points = filled.map((curve) => pointOf(curve, day));
    const mean = (of: (p: { planned: number; actual: number }) => number) => points.reduce((sum, p) => sum + of(p), 0) / points.length;
    return { day, planned: mean((p) => p.planned), actual: day > today ? null : mean((p) => p.actual) };
  });
}

function pointOf(curve: readonly CurvePoint[], day: string): { planned: number; actual: number } {
  const at = dayNumber(day) - dayNumber(curve[0]!.day);
  if (at < 0) return { planned: 0, actual: 0 };
  const point = curve[Math.min(at, curve.length - 1)]!;
  const known = point.actual ?? curve.findLast((p) => p.actual !== null)?.actual ?? 0;
  return { planned: point.planned, actual: Math.min(100, known) };
}
