/** Tables of dispatch: a row each as kysely sees it. The log and the incidents are written only by `src/dispatch/journal.ts`, through functions. */
import type { ColumnType, Generated } from 'kysely';

/** `json`: written as text, read as a value. */
type Json = ColumnType<unknown, string, string>;

export interface FeedTable {
  district: number;
  /** seq of the newest move; 0 for none. */
  head: number;
  /** Changes when a database is restored. */
  epoch: ColumnType<string, string | undefined, string>;
}

export interface IncidentTable {
  district: number;
  id: string;
  number: string;
  version: number;
  state: string;
  /** 1 for R1 … 4 for R4. */
  level: number;
  /** Row of the category table. */
  category: string;
  cell: string;
  community: string;
  subdistrict: string;
  /** Account. */
  reported_by: string;
  description: string;
  /** Codes of all units that are or were assigned. */
  units: string[];
  lead_unit: string | null;
  /** The earliest of its running clocks: past it, it is overdue. */
  due_at: Date | null;
  /** When the system has to look at it next. */
  next_due_at: Date | null;
  /** What no query asks for: see `src/dispatch/incident-row.ts`. */
  doc: Json;
  /** Of its newest move. */
  hash: Buffer;
  found_at: Date;
  reported_at: Date;
  updated_at: Date;
  ended_at: Date | null;
  /** WGS-84; made from `doc` by the database when the incident is reported. */
  lng: ColumnType<number | null, never, never>;
  lat: ColumnType<number | null, never, never>;
  /** 演练; made from `doc` in the same way. */
  drill: ColumnType<boolean, never, never>;
}

/** Append-only. */
export interface MoveTable {
  district: number;
  /** Gapless per district, in commit order. */
  seq: number;
  incident: string;
  version: number;
  verb: string;
  /** `none` for the report. */
  from_state: string;
  to_state: string;
  level: number;
  actor: string;
  at: Date;
  payload: Json;
  hash: Buffer;
  /** The actor's idempotency key. */
  key: string;
  /** SHA-256 of what was asked under that key. */
  digest: Buffer;
}

export interface IncidentCounterTable {
  district: number;
  /** A `date`, China time. */
  day: string;
  /** Last number that was handed out. */
  last: number;
}

export interface LevelLimitTable {
  level: 'R1' | 'R2' | 'R3' | 'R4';
  clock: 'call' | 'verification' | 'accept' | 'dispatch' | 'acknowledge' | 'arrive' | 'resolve' | 'assignCheck' | 'check';
  value: number;
  unit: 'minutes' | 'hours' | 'workdays';
  kind: 'working' | 'continuous';
}

export interface LevelRuleTable {
  level: 'R1' | 'R2' | 'R3' | 'R4';
  /** How often an extension may be granted. */
  extensions: number;
  /** Longest suspension in days; 0: never. */
  suspend_days: number;
  /** How often an unanswered ring sounds again, seconds of the time that counts. */
  ring_every_s: number;
}

/** Figures of 相似 and 反复; one row a district. */
export interface PlaceRuleTable {
  district: number;
  similar_m: Generated<number>;
  similar_days: Generated<number>;
  recurrence_m: Generated<number>;
  recurrence_days: Generated<number>;
}

/** What an incident is found by. Written behind the log: `src/dispatch/search/indexer.ts`. */
export interface SearchEntryTable {
  district: number;
  incident: string;
  /** A tsvector. */
  words: string;
}

export interface SearchCursorTable {
  district: number;
  /** Up to here the log has been looked through. */
  seq: number;
}

export interface DispatchTables {
  feed: FeedTable;
  incident: IncidentTable;
  move: MoveTable;
  incident_counter: IncidentCounterTable;
  level_limit: LevelLimitTable;
  level_rule: LevelRuleTable;
  place_rule: PlaceRuleTable;
  search_entry: SearchEntryTable;
  search_cursor: SearchCursorTable;
}
