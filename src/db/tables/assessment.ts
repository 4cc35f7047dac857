/** Tables of assessment: a row each as kysely sees it. Written only by `src/assessment/ledger.ts`, behind the log. */
import type { ColumnType } from 'kysely';

/** One run of a clock. Primary key: district, incident, clock, started_at. */
export interface StepTimeTable {
  district: number;
  incident: string;
  /** A clock of the chain's table, or `total`. */
  clock: string;
  started_at: Date;
  ended_at: Date | null;
  /** Verb of the move that ended it, and the state that it led to. */
  ended_by: string | null;
  ended_to: string | null;
  /** A closing that was taken back. */
  undone: boolean;
  /** Null while it stands still. */
  due_at: Date | null;
  /** Counted milliseconds, extensions included. */
  limit_ms: number;
  /** Counted milliseconds, pauses left out; null while it runs. */
  used_ms: number | null;
  /** The clock as the log has it, while it runs. */
  running: ColumnType<unknown, string | null, string | null>;
  /** The earlier of its end and its limit; null while it stands still. */
  verdict_at: ColumnType<Date | null, never, never>;
}

export interface AssessmentCursorTable {
  district: number;
  /** seq of the last move that was read. */
  seq: number;
}

export interface AssessmentTables {
  step_time: StepTimeTable;
  assessment_cursor: AssessmentCursorTable;
}
