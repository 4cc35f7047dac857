/** Tables of 挂图作战: a row each as kysely sees it. Days are `YYYY-MM-DD`. */
import type { Generated } from 'kysely';

export interface PlanItemTable {
  district: number;
  code: string;
  /** null for a plan. */
  parent: string | null;
  level: 'plan' | 'phase' | 'task';
  /** 6, 9 or 12 digits. */
  place: string;
  owner_unit: string;
  name_zh: string;
  name_en: string;
  starts: string;
  /** The last day, counted. */
  ends: string;
  measure_zh: string;
  measure_en: string;
  /** Of a task; a plan's and a phase's is counted from the tasks below. */
  target: number;
  done: Generated<number>;
  state: Generated<'open' | 'finished' | 'dropped'>;
  version: Generated<number>;
}

/** A report of progress. Primary key: district, plan, version. */
export interface PlanProgressTable {
  district: number;
  plan: string;
  /** Of the plan item after the report. */
  version: number;
  day: string;
  /** Reached by then, all in all. */
  done: number;
  note: string | null;
  /** Account. */
  by: string;
  at: Generated<Date>;
}

export interface PlanTables {
  plan_item: PlanItemTable;
  plan_progress: PlanProgressTable;
}
