/** Tables of rosters: a row each as kysely sees it. */
import type { ColumnType, Generated } from 'kysely';

export interface RosterVersionTable {
  district: number;
  version: number;
}

/** A 班组. */
export interface CrewTable {
  district: number;
  unit: string;
  /** Within its unit. */
  code: string;
  /** The order in which crews take turns, from 1. */
  place: number;
  name_zh: string;
  name_en: string;
  /** Personal data. */
  phone: string | null;
}

export interface RosterOverrideTable {
  district: number;
  id: string;
  unit: string;
  starts_at: Date;
  ends_at: Date;
  /** Null: nobody. */
  crew: string | null;
  reason: string;
  /** The swap that it comes from. */
  swap: string | null;
  /** Account. */
  by: string;
  at: Generated<Date>;
}

/** An override that no longer counts, from `at` on. */
export interface RosterOverrideEndTable {
  district: number;
  override: string;
  by: string;
  at: Generated<Date>;
}

export interface RosterSwapTable {
  district: number;
  id: string;
  unit: string;
  /** Who asks. */
  crew: string;
  /** Who is asked. */
  other: string;
  gives_from: Date;
  gives_until: Date;
  takes_from: Date | null;
  takes_until: Date | null;
  reason: string;
  by: string;
  at: Generated<Date>;
}

export interface RosterSwapAnswerTable {
  district: number;
  swap: string;
  answer: 'accepted' | 'declined' | 'withdrawn';
  by: string;
  at: Generated<Date>;
}

export interface HandOverTable {
  district: number;
  id: string;
  unit: string;
  /** When the crews change. */
  change_at: Date;
  from_crew: string;
  to_crew: string;
  note: string;
  open_work: ColumnType<unknown, string, never>;
  by: string;
  at: Generated<Date>;
}

export interface HandOverTakenTable {
  district: number;
  hand_over: string;
  by: string;
  at: Generated<Date>;
}

export interface SessionDutyTable {
  district: number;
  id: Generated<number>;
  session: string;
  unit: string;
  /** Null: signed off. */
  crew: string | null;
  /** When the shift ended, as known at the time. */
  until: Date | null;
  by: string;
  at: Generated<Date>;
}

export interface RosterWarningTable {
  district: number;
  unit: string;
  what: 'hole' | 'handOver';
  /** Start of the shift that nobody has, or the change of crews. */
  of_at: Date;
  recipients: string[];
  at: Generated<Date>;
}

export interface RosterTables {
  roster_version: RosterVersionTable;
  crew: CrewTable;
  roster_override: RosterOverrideTable;
  roster_override_end: RosterOverrideEndTable;
  roster_swap: RosterSwapTable;
  roster_swap_answer: RosterSwapAnswerTable;
  hand_over: HandOverTable;
  hand_over_taken: HandOverTakenTable;
  session_duty: SessionDutyTable;
  roster_warning: RosterWarningTable;
}
