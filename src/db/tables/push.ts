/** Tables of push: a row each as kysely sees it. */

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
  unit_position: UnitPositionTable;
}
