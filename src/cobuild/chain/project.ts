/** 共建共治动态项目清单: projects with tasks that members take on. Pure. */
import type { Law } from './table.ts';

export const PROJECT_STATES = [
  { name: 'listed', zh: '进行中', en: 'listed', end: false },
  { name: 'done', zh: '已办结', en: 'done', end: true },
  { name: 'dropped', zh: '已撤销', en: 'dropped', end: true },
] as const;
export type ProjectState = (typeof PROJECT_STATES)[number]['name'];
const PROJECT_MOVES = [
  { from: 'none', verb: 'list', to: 'listed', by: ['office', 'above'] },
  { from: 'listed', verb: 'finish', to: 'done', by: ['office', 'above'] },
  { from: 'listed', verb: 'drop', to: 'dropped', by: ['office', 'above'] },
] as const satisfies Law<ProjectState>['moves'];
export type ProjectVerb = (typeof PROJECT_MOVES)[number]['verb'];
export const PROJECT_LAW: Law<ProjectState, ProjectVerb> = { kind: 'project', states: PROJECT_STATES, moves: PROJECT_MOVES };

export const TASK_STATES = [
  { name: 'open', zh: '待认领', en: 'open', end: false },
  { name: 'claimed', zh: '进行中', en: 'taken on', end: false },
  { name: 'delivered', zh: '待确认', en: 'waiting for the publisher', end: false },
  { name: 'confirmed', zh: '已完成', en: 'confirmed', end: true },
  { name: 'dropped', zh: '已撤销', en: 'dropped', end: true },
] as const;
export type TaskState = (typeof TASK_STATES)[number]['name'];
/** `claim` is any member's of the committee in term; the owner is the one that took the task on. */
const TASK_MOVES = [
  { from: 'none', verb: 'add', to: 'open', by: ['office', 'above'] },
  { from: 'open', verb: 'claim', to: 'claimed', by: ['member'] },
  { from: 'open', verb: 'drop', to: 'dropped', by: ['office', 'above'] },
  { from: 'claimed', verb: 'report', to: 'claimed', by: ['owner'] },
  { from: 'claimed', verb: 'deliver', to: 'delivered', by: ['owner'] },
  { from: 'claimed', verb: 'giveBack', to: 'open', by: ['owner', 'office', 'above'] },
  { from: 'claimed', verb: 'drop', to: 'dropped', by: ['office', 'above'] },
  { from: 'delivered', verb: 'confirm', to: 'confirmed', by: ['office', 'above'] },
  { from: 'delivered', verb: 'sendBack', to: 'claimed', by: ['office', 'above'] },
] as const satisfies Law<TaskState>['moves'];
export type TaskVerb = (typeof TASK_MOVES)[number]['verb'];
export const TASK_LAW: Law<TaskState, TaskVerb> = { kind: 'project_task', states: TASK_STATES, moves: TASK_MOVES };

/** Share of a project that is done, whole per cent: the mean of its tasks; dropped ones are left out. */
export function projectPercent(tasks: readonly { readonly state: TaskState; readonly percent: number }[]): number {
  const counted = tasks.filter((task) => task.state !== 'dropped');
  if (counted.length === 0) return 0;
  return Math.round(
    counted.reduce((sum, task) => sum + (task.state === 'confirmed' ? 100 : Math.min(task.percent, 99)), 0) / counted.length,
  );
}

/** Every task that counts is confirmed. */
export function mayFinish(tasks: readonly { readonly state: TaskState }[]): boolean {
  const counted = tasks.filter((task) => task.state !== 'dropped');
  return counted.length > 0 && counted.every((task) => task.state === 'confirmed');
}
