/** 挂图作战 read: items with their figures, and the reports that their curves are drawn from. */
import type { Kysely, Selectable } from 'kysely';
import type { Schema } from '../db/schema.ts';
import type { PlanItemTable } from '../db/tables/plans.ts';
import type { Actor } from '../identity/actor.ts';
import { rolledUp, tasksBelow, type PlanItem, type Report } from './chain/plan.ts';
import { maySeePlace, partsAt } from './chain/scope.ts';
import type { Part } from './chain/table.ts';

export interface KeptPlanItem extends PlanItem {
  readonly place: string;
  readonly ownerUnit: string;
  readonly nameZh: string;
  readonly nameEn: string;
  readonly measureZh: string;
  readonly measureEn: string;
  readonly version: number;
}

export interface PlanReport extends Report {
  readonly version: number;
  readonly note: string | null;
  /** Account. */
  readonly by: string;
  readonly at: string;
}

/** All items of the district that are on the wall, by their first day; plans and phases counted from their tasks. */
export async function readPlans(db: Kysely<Schema>, district: number): Promise<KeptPlanItem[]> {
  const rows = await db.selectFrom('plan_item').selectAll().where('district', '=', district).where('state', '<>', 'dropped').execute();
  const items = rows.map(planFrom).sort((a, b) => (a.starts === b.starts ? (a.code < b.code ? -1 : 1) : a.starts < b.starts ? -1 : 1));
  return rolledUp(items);
}

type Concerned = Pick<KeptPlanItem, 'place' | 'ownerUnit'>;

/** May this account see the item? What a unit has to do it sees wherever it lies. */
export function maySeePlan(actor: Actor, item: Concerned): boolean {
  return maySeePlace(actor, item.place) || ownsPlan(actor, item);
}

export function planParts(actor: Actor, item: Concerned): ReadonlySet<Part> {
  const parts = partsAt(actor, item.place);
  if (ownsPlan(actor, item)) parts.add('owner');
  return parts;
}

function ownsPlan(actor: Actor, { ownerUnit }: Concerned): boolean {
  return actor.role === 'unit' && actor.unit === ownerUnit;
}

/** Reports of these items, oldest first. */
export async function readReports(db: Kysely<Schema>, district: number, plans: readonly string[]): Promise<PlanReport[]> {
  if (plans.length === 0) return [];
  const rows = await db
    .selectFrom('plan_progress')
    .selectAll()
    .where('district', '=', district)
    .where('plan', 'in', [...plans])
    .orderBy('day')
    .orderBy('version')
    .execute();
  return rows.map(({ at, district: _, ...row }) => ({ ...row, at: at.toISOString() }));
}

/** An item, the tasks that its figures come from, and their reports; null if there is none. */
export async function readCurve(db: Kysely<Schema>, district: number, code: string) {
  const items = await readPlans(db, district);
  const item = items.find((one) => one.code === code);
  if (item === undefined) return null;
  const tasks = item.level === 'task' ? [item] : (tasksBelow(items).get(code) ?? []);
  const reports = await readReports(
    db,
    district,
    tasks.map((task) => task.code),
  );
  return { item, tasks, reports };
}

export function planFrom(row: Selectable<PlanItemTable>): KeptPlanItem {
  return {
    code: row.code,
    parent: row.parent,
    level: row.level,
    state: row.state,
    place: row.place,
    ownerUnit: row.owner_unit,
    nameZh: row.name_zh,
    nameEn: row.name_en,
    starts: row.starts,
    ends: row.ends,
    measureZh: row.measure_zh,
    measureEn: row.measure_en,
    target: row.target,
    done: row.done,
    version: row.version,
  };
}
