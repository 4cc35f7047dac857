/** Table of 双向考核评议. */
import type { ColumnType } from 'kysely';

export interface AppraisalTable {
  district: number;
  /** Quarter, member and direction. */
  code: string;
  /** `2026Q4`. */
  quarter: string;
  committee: string;
  place: string;
  member: string;
  direction: 'ofUnit' | 'ofCommittee';
  /** Criterion → 1 to 5. `json`: written as text, read as a value. */
  scores: ColumnType<Record<string, number>, string, string>;
  comment: string | null;
  /** Account. */
  by: string;
  at: Date;
  state: 'draft' | 'given';
  version: number;
}

export interface AppraisalTables {
  appraisal: AppraisalTable;
}
