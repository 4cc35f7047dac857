/** Projects, tasks and activities of a file into the database. What is in the log already stays as it is. All days move by `shiftDays`. */
import type { Kysely } from 'kysely';
import type { Schema } from '../../db/schema.ts';
import { insertRows } from '../../grid/import/write.ts';
import { ACTIVITY_LAW } from '../chain/activity.ts';
import { addDays } from '../chain/days.ts';
import { PROJECT_LAW, TASK_LAW, type TaskState, type TaskVerb } from '../chain/project.ts';
import { findMove } from '../chain/table.ts';
import { logMoves } from '../log.ts';
import { deliveredAt, type Loading, newToLog, placesOfCommittees } from './loading.ts';
import type { ActivityRow, ProjectRow, ProjectTaskRow } from './project-rows.ts';

/** @returns how many were added; so below. */
export async function loadProjects(tx: Kysely<Schema>, district: number, rows: readonly ProjectRow[], loading: Loading): Promise<number> {
  const { shiftDays, account } = loading;
  const { fresh, moves, add } = await newToLog(tx, district, PROJECT_LAW.kind, rows, loading);
  const places = await placesOfCommittees(tx, district);
  await insertRows(
    tx,
    'project',
    fresh.map(({ starts, ends, note_zh, ...row }) => ({
      district,
      ...row,
      place: places.get(row.committee)!,
      note: note_zh,
      starts: addDays(starts, shiftDays),
      ends: addDays(ends, shiftDays),
      outcome: null,
      made_by: account,
      state: 'listed' as const,
      version: 1,
    })),
  );
  for (const { code } of fresh) add(code, 1, 'list', 'none', 'listed');
  await logMoves(tx, moves);
  return fresh.length;
}

/** The moves that lead to a task's state. */
const STEPS: Readonly<Record<ProjectTaskRow['state'], readonly TaskVerb[]>> = {
  open: ['add'],
  claimed: ['add', 'claim'],
  delivered: ['add', 'claim', 'deliver'],
  confirmed: ['add', 'claim', 'deliver', 'confirm'],
};

export async function loadProjectTasks(
  tx: Kysely<Schema>,
  district: number,
  rows: readonly ProjectTaskRow[],
  loading: Loading,
): Promise<number> {
  const { fresh, moves, add } = await newToLog(tx, district, TASK_LAW.kind, rows, loading);
  const projects = await tx.selectFrom('project').select(['code', 'starts']).where('district', '=', district).execute();
  const startOf = new Map(projects.map((row) => [row.code, row.starts]));
  const tasks = fresh.map(({ due, note_zh, ...row }) => {
    const last = addDays(due, loading.shiftDays);
    const steps =
      row.member !== null && row.state === 'claimed' && row.percent > 0 ? [...STEPS.claimed, 'report' as const] : STEPS[row.state];
    let state: TaskState | 'none' = 'none';
    for (const [k, verb] of steps.entries()) {
      const to: TaskState = findMove(TASK_LAW, state, verb)!.to;
      add(row.code, k + 1, verb, state, to, { project: row.project, ...(verb === 'report' ? { percent: row.percent } : {}) });
      state = to;
    }
    const done = row.state === 'delivered' || row.state === 'confirmed';
    const delivered_at = done ? deliveredAt(row.code, startOf.get(row.project)!, last, loading.today) : null;
    return { district, ...row, due: last, note: note_zh, reason: null, delivered_at, version: steps.length };
  });
  await insertRows(tx, 'project_task', tasks);
  await logMoves(tx, moves);
  return fresh.length;
}

export async function loadActivities(
  tx: Kysely<Schema>,
  district: number,
  rows: readonly ActivityRow[],
  loading: Loading,
): Promise<number> {
  const { fresh, moves, add } = await newToLog(tx, district, ACTIVITY_LAW.kind, rows, loading);
  const places = await placesOfCommittees(tx, district);
  const activities = fresh.map(({ held_on, begins, ends, venue_zh, note_zh, outcome_zh, ...row }) => {
    const day = addDays(held_on, loading.shiftDays);
    const held = row.state === 'held';
    add(row.code, 1, 'announce', 'none', 'announced', { capacity: row.capacity, members: row.members });
    if (held) add(row.code, 2, 'hold', 'announced', 'held');
    const at = (clock: string) => new Date(`${day}T${clock}:00+08:00`);
    const times = { starts_at: at(begins), ends_at: at(ends) };
    const said = { venue: venue_zh, note: note_zh, outcome: held ? outcome_zh : null, reason: null };
    return { district, ...row, ...times, ...said, place: places.get(row.committee)!, made_by: loading.account, version: held ? 2 : 1 };
  });
  await insertRows(tx, 'activity', activities);
  await logMoves(tx, moves);
  return fresh.length;
}
