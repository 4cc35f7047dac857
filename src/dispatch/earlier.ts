/** What was answered under a key, read from the log: it holds as long as the log does. */
import type pg from 'pg';
import { foldMoves } from './chain/fold.ts';
import type { Incident } from './chain/incident.ts';
import type { Written } from './idempotency.ts';
import { MOVE_COLUMNS, moveFromRow, type MoveRow, type WrittenMove } from './move-row.ts';

const BY_KEY = {
  name: 'move_by_key',
  text: "select incident, version, encode(digest, 'hex') as digest from move where district = $1 and actor = $2 and key = $3",
};
const UP_TO = {
  name: 'moves_up_to',
  text: `select ${MOVE_COLUMNS.join(', ')} from move where district = $1 and incident = $2 and version <= $3 order by version`,
};

export interface KeyedMove extends Written {
  /** SHA-256 of what was asked, hex. */
  readonly digest: string;
}

export async function findByKey(pool: pg.Pool, district: number, account: string, key: string): Promise<KeyedMove | null> {
  const { rows } = await pool.query<KeyedMove>({ ...BY_KEY, values: [district, account, key] });
  return rows[0] ?? null;
}

/** The incident as it was after one of its moves, and that move. */
export async function incidentAt(
  pool: pg.Pool,
  district: number,
  incident: string,
  version: number,
): Promise<{ incident: Incident; move: WrittenMove }> {
  const { rows } = await pool.query<MoveRow>({ ...UP_TO, values: [district, incident, version] });
  const moves = rows.map(moveFromRow);
  return { incident: foldMoves(moves), move: moves.at(-1)! };
}
