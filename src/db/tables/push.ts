/** Tables of push: a row each as kysely sees it. */
import type { ColumnType } from 'kysely';

/** A ring that was written to a socket. Primary key: district, seq, assignment, session. */
export interface PushTable {
  district: number;
  /** Of the move that made the assignment `assigned`. */
  seq: number;
  assignment: string;
  session: string;
  incident: string;
  unit: string;
  account: string;
  /** What people call it: `Android · Chrome`. */
  device: string;
  queued_at: Date;
  sent_at: Date;
  delivered_at: Date | null;
  shown_at: Date | null;
  /** How often it was rung there. */
  rings: number;
  /** The last time; null: rung once. */
  last_sent_at: Date | null;
  /** When this device fell silent for a reason of its own; what stops the ring everywhere is in the log. */
  stopped_at: Date | null;
  stop: 'signedOut' | 'shiftOver' | null;
}

/** How far the log has been looked through for what it tells. */
export interface NoticeCursorTable {
  district: number;
  seq: number;
}

/** What a place was told. Primary key: district, seq, recipient. */
export interface NoticeTable {
  district: number;
  /** Of the move that tells; below zero for what is in no log row. */
  seq: number;
  recipient: string;
  incident: string | null;
  notice: string;
  /** 1 for R1 … 4 for R4, at that time. */
  level: number | null;
  /** What it is about where there is no incident. `json`: written as text, read as a value. */
  about: ColumnType<unknown, string | null, string | null>;
  /** Of what is in no log row: the same key is told once. */
  key: string | null;
  at: Date;
  /** When it needed no answer any more, because what it asked for was done. */
  settled_at: Date | null;
  acknowledged_at: Date | null;
  /** Account. */
  acknowledged_by: string | null;
  acknowledged_session: string | null;
}

/** A notice that was written to a socket. Primary key: district, seq, session. */
export interface NoticePushTable {
  district: number;
  seq: number;
  session: string;
  recipient: string;
  account: string;
  device: string;
  sent_at: Date;
  delivered_at: Date | null;
  shown_at: Date | null;
}

/** The latest position of a unit's device. */
export interface UnitPositionTable {
  district: number;
  unit: string;
  lng: number;
  lat: number;
  accuracy_m: number | null;
  at: Date;
}

export interface PushTables {
  push: PushTable;
  notice_cursor: NoticeCursorTable;
  notice: NoticeTable;
  notice_push: NoticePushTable;
  unit_position: UnitPositionTable;
}
