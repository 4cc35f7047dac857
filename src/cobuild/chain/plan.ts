/**
 * 挂图作战: a plan, its phases and their tasks, planned share against fact. Pure.
 *
 * The planned share is linear over calendar days from the first to the last, both counted, as the seed's table has it. Working days would
 * be no truer [ours]: what is counted here – homes, blocks, patrols – is done at weekends too, and a reader of the wall can check the share
 * in the head.
 */
import { dayFrom, dayIndex } from './days.ts';
import type { Law } from './table.ts';

export const PLAN_LEVELS = ['plan', 'phase', 'task'] as const;
export type PlanLevel = (typeof PLAN_LEVELS)[number];

/** What is kept of an item; how it stands against its days is read from the figures. A figure may be put right after it was full: `report` leads back. */
export const PLAN_STATES = [
  { name: 'open', zh: '进行中', en: 'open', end: false },
  { name: 'finished', zh: '已完成', en: 'finished', end: false },
  { name: 'dropped', zh: '已撤下', en: 'dropped', end: true },
] as const;
export type PlanState = (typeof PLAN_STATES)[number]['name'];
const PLAN_MOVES = [
  { from: 'none', verb: 'add', to: 'open', by: ['district'] },
  { from: 'open', verb: 'report', to: 'open', by: ['owner', 'office', 'above'] },
  { from: 'open', verb: 'finish', to: 'finished', by: ['owner', 'office', 'above'] },
  { from: 'finished', verb: 'report', to: 'open', by: ['owner', 'office', 'above'] },
  { from: 'open', verb: 'drop', to: 'dropped', by: ['district'] },
] as const satisfies Law<PlanState>['moves'];
export type PlanVerb = (typeof PLAN_MOVES)[number]['verb'];
export const PLAN_LAW: Law<PlanState, PlanVerb> = { kind: 'plan_item', states: PLAN_STATES, moves: PLAN_MOVES };

/** How an item stands against its days. */
export const STANDINGS = ['notStarted', 'onTrack', 'late', 'done'] as const;
export type Standing = (typeof STANDINGS)[number];
/** So many points behind the planned share is late. Source: the seed's table. */
export const LATE_POINTS = 20;

export interface Span {
  /** `YYYY-MM-DD`. */
  readonly starts: string;
  readonly ends: string;
}
export interface Figures {
  readonly target: number;
  readonly done: number;
}
export interface PlanItem extends Span, Figures {
  readonly code: string;
  readonly parent: string | null;
  readonly level: PlanLevel;
  readonly state: PlanState;
}

export interface Stand {
  /** Whole per cent. */
  readonly plannedPercent: number;
  readonly actualPercent: number;
  /** Points: fact minus plan, so below zero is behind. */
  readonly gap: number;
  readonly standing: Standing;
}

/** Whole per cent that should be done when the day is over. */
export function plannedPercent({ starts, ends }: Span, day: string): number {
  if (day < starts) return 0;
  if (day >= ends) return 100;
  const first = dayIndex(starts);
  return Math.round((100 * (dayIndex(day) - first + 1)) / (dayIndex(ends) - first + 1));
}

export function actualPercent({ target, done }: Figures): number {
  return Math.round((100 * done) / target);
}

export function standOf(item: Span & Figures, today: string): Stand {
  const planned = plannedPercent(item, today);
  const actual = actualPercent(item);
  return { plannedPercent: planned, actualPercent: actual, gap: actual - planned, standing: standing(item, planned - actual, today) };
}

function standing(item: Span & Figures, behind: number, today: string): Standing {
  if (item.done >= item.target) return 'done';
  if (today < item.starts) return 'notStarted';
  return behind >= LATE_POINTS ? 'late' : 'onTrack';
}

/**
 * Items with the figures of plans and phases counted from the tasks below them: how many there are, how many are done. Dropped items are
 * left out. A plan or phase without tasks keeps the target that it has.
 */
export function rolledUp<T extends PlanItem>(items: readonly T[]): T[] {
  const kept = items.filter((item) => item.state !== 'dropped');
  const tasks = tasksBelow(kept);
  return kept.map((item) => {
    const own = tasks.get(item.code);
    if (item.level === 'task' || own === undefined) return item;
    return { ...item, target: own.length, done: own.filter((task) => task.done >= task.target).length };
  });
}

/** Code of a plan or phase → all tasks below it. */
export function tasksBelow<T extends PlanItem>(items: readonly T[]): ReadonlyMap<string, readonly T[]> {
  const byCode = new Map(items.map((item) => [item.code, item]));
  const below = new Map<string, T[]>();
  for (const task of items) {
    if (task.level !== 'task') continue;
    for (let up = task.parent; up !== null; up = byCode.get(up)?.parent ?? null) below.set(up, [...(below.get(up) ?? []), task]);
  }
  return below;
}

export interface Report {
  readonly plan: string;
  readonly day: string;
  readonly done: number;
}
export interface CurvePoint {
  readonly day: string;
  /** Whole per cent. */
  readonly planned: number;
  /** null for days to come. */
  readonly actual: number | null;
}

/**
 * Plan and fact day by day, from the first day to the last; where work was reported after it, up to the last report.
 *
 * @param tasks    the item itself if it is a task, else those below it.
 * @param reports  of these tasks, in the order in which they were made; the last of a day counts.
 */
export function curveOf(
  item: Pick<PlanItem, 'starts' | 'ends' | 'level'>,
  tasks: readonly PlanItem[],
  reports: readonly Report[],
  today: string,
): CurvePoint[] {
  const points: CurvePoint[] = [];
  const reached = new Map<string, number>();
  const inOrder = [...reports].sort((a, b) => (a.day < b.day ? -1 : a.day > b.day ? 1 : 0));
  let next = 0;
  const lastReport = inOrder.findLast((report) => report.day <= today)?.day ?? item.ends;
  const last = dayIndex(lastReport > item.ends ? lastReport : item.ends);
  for (let number = dayIndex(item.starts); number <= last; number++) {
    const day = dayFrom(number);
    for (; next < inOrder.length && inOrder[next]!.day <= day; next++) reached.set(inOrder[next]!.plan, inOrder[next]!.done);
    points.push({ day, planned: plannedPercent(item, day), actual: day > today ? null : actualAt(item.level, tasks, reached) });
  }
  return points;
}

function actualAt(level: PlanLevel, tasks: readonly PlanItem[], reached: ReadonlyMap<string, number>): number {
  if (tasks.length === 0) return 0;
  if (level === 'task') return actualPercent({ target: tasks[0]!.target, done: reached.get(tasks[0]!.code) ?? 0 });
  const done = tasks.filter((task) => (reached.get(task.code) ?? 0) >= task.target).length;
  return actualPercent({ target: tasks.length, done });
}

export type ReportRefusal = 'plan-counts-its-tasks' | 'progress-over-target' | 'progress-same';

/** The verb that a report is, or why it is refused. @param done  reached by now, all in all. */
export function verbOfReport(item: PlanItem, done: number): { readonly verb: 'report' | 'finish' } | { readonly code: ReportRefusal } {
  if (item.level !== 'task') return { code: 'plan-counts-its-tasks' };
  if (done > item.target) return { code: 'progress-over-target' };
  if (done === item.done) return { code: 'progress-same' };
  return { verb: done === item.target ? 'finish' : 'report' };
}
