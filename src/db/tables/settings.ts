/** Tables of the settings: a row each as kysely sees it. */
import type { ColumnType, Generated } from 'kysely';

export interface SettingsVersionTable {
  district: number;
  /** Goes up by one with every change of what nodes keep in memory. */
  version: number;
}

/** Append-only: who changed what. */
export interface SettingsChangeTable {
  district: number;
  id: Generated<number>;
  at: Generated<Date>;
  account: string;
  subject: 'calendar' | 'limits' | 'residents';
  /** Of the settings, after it. */
  version: number;
  /** Only what differs. */
  before: ColumnType<unknown, string, never>;
  after: ColumnType<unknown, string, never>;
}

/** A district's own limit; without a row the shared `level_limit` holds. */
export interface DistrictLimitTable {
  district: number;
  level: 'R1' | 'R2' | 'R3' | 'R4';
  clock: 'call' | 'verification' | 'accept' | 'dispatch' | 'acknowledge' | 'arrive' | 'resolve' | 'assignCheck' | 'check';
  value: number;
  unit: 'minutes' | 'hours' | 'workdays';
  kind: 'working' | 'continuous';
}

export interface DistrictLevelRuleTable {
  district: number;
  level: 'R1' | 'R2' | 'R3' | 'R4';
  extensions: number;
  suspend_days: number;
}

/** Deadlines of open incidents that have to follow an edit of the calendar. */
export interface RecountTable {
  district: number;
  /** Of the settings that they follow. */
  version: number;
  account: string;
  asked_at: Generated<Date>;
  /** seq of the newest move when it was asked for. */
  head: number;
  walk: Generated<number>;
  /** The walk begins no sooner. */
  walk_from: Generated<Date>;
  /** All open incidents up to this id have been looked at; null before the first. */
  passed: string | null;
  looked: Generated<number>;
  moved: Generated<number>;
  /** Of the first walk. */
  finished_at: Date | null;
  /** Of the second. */
  checked_at: Date | null;
}

export interface SettingsTables {
  settings_version: SettingsVersionTable;
  settings_change: SettingsChangeTable;
  district_limit: DistrictLimitTable;
  district_level_rule: DistrictLevelRuleTable;
  recount: RecountTable;
}
