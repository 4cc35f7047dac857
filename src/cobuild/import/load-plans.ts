/** Plans of a file into the database: all rows with the days that they say, shifted where a demo world is loaded on another day. */
import type { Kysely } from 'kysely';
import type { Schema } from '../../db/schema.ts';
import { insertRows } from '../../grid/import/write.ts';
import { addDays } from '../chain/days.ts';
import { PLAN_LAW } from '../chain/plan.ts';
import { INVENTED_NOTE, inventedReports } from '../chain/plan-history.ts';
import { logMoves } from '../log.ts';
import { type Loading, newToLog } from './loading.ts';
import type { PlanRow } from './plan-rows.ts';

/** Belongs into a transaction. @returns how many were added. Figures of tasks come with reports that lead to them, marked as invented; those of plans and phases are counted. */
export async function loadPlans(tx: Kysely<Schema>, district: number, rows: readonly PlanRow[], loading: Loading): Promise<number> {
  const { shiftDays, today, now, account } = loading;
  const { fresh, moves, add } = await newToLog(tx, district, PLAN_LAW.kind, rows, loading);
  const items: Parameters<typeof insertRows<'plan_item'>>[2][number][] = [];
  const progress: Parameters<typeof insertRows<'plan_progress'>>[2][number][] = [];
  for (const row of fresh) {
    const dated = { ...row, starts: addDays(row.starts, shiftDays), ends: addDays(row.ends, shiftDays) };
    const task = row.level === 'task';
    const reports = task ? inventedReports(dated, today) : [];
    const done = task ? row.done : 0;
    const state = task && done === row.target ? 'finished' : 'open';
    items.push({ district, ...dated, done, state, version: 1 + reports.length });
    add(row.code, 1, 'add', 'none', 'open');
    for (const [k, report] of reports.entries()) {
      const version = k + 2;
      const last = report.done === row.target;
      progress.push({ district, plan: row.code, version, day: report.day, done: report.done, note: INVENTED_NOTE, by: account, at: now });
      add(row.code, version, last ? 'finish' : 'report', 'open', last ? 'finished' : 'open', { done: report.done });
    }
  }
  await insertRows(tx, 'plan_item', items);
  await insertRows(tx, 'plan_progress', progress);
  await logMoves(tx, moves);
  return fresh.length;
}
