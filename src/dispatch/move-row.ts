/** A move and its row in the log. */
import type { Move } from './chain/incident.ts';
import type { State, Verb } from './chain/states.ts';

/** A move that is on disk. */
export interface WrittenMove extends Move {
  readonly seq: number;
  /** Lower-case hex. */
  readonly hash: string;
}

export interface MoveRow {
  readonly seq: number;
  readonly incident: string;
  readonly version: number;
  readonly verb: string;
  readonly from_state: string;
  readonly to_state: string;
  readonly actor: string;
  readonly at: Date;
  readonly payload: unknown;
  readonly hash: Buffer;
}

/** The columns that `moveFromRow` needs, for a select. */
export const MOVE_COLUMNS = ['seq', 'incident', 'version', 'verb', 'from_state', 'to_state', 'actor', 'at', 'payload', 'hash'] as const;

export function moveFromRow(row: MoveRow): WrittenMove {
  return {
    seq: row.seq,
    incident: row.incident,
    version: row.version,
    verb: row.verb as Verb,
    from: row.from_state as State | 'none',
    to: row.to_state as State,
    actor: row.actor,
    at: row.at.toISOString(),
    payload: row.payload as Move['payload'],
    hash: row.hash.toString('hex'),
  };
}
