/** Writes moves into the real tables as the journal does: the feed row is locked first and held to the commit. */
import type pg from 'pg';
import type { ChangedAssignment } from '../../../src/dispatch/chain/incident.ts';
import { isEnd, type State } from '../../../src/dispatch/chain/states.ts';
import type { PushedMove } from '../../../src/ws/encode.ts';
import { DISTRICT, uuid, type Draft } from './story.ts';

export async function makeFeed(pool: pg.Pool): Promise<void> {
  await pool.query('insert into feed (district) values ($1)', [DISTRICT]);
}

export class LogWriter {
  private readonly pool: pg.Pool;
  private readonly assignments = new Map<string, Map<string, ChangedAssignment>>();

  constructor(pool: pg.Pool) {
    this.pool = pool;
  }

  /** @returns the moves with their seqs, once they are on disk. */
  async commit(drafts: readonly Draft[]): Promise<PushedMove[]> {
    const client = await this.pool.connect();
    try {
      await client.query('begin');
      const { rows } = await client.query<{ head: number }>('update feed set head = head + $2 where district = $1 returning head', [
        DISTRICT,
        drafts.length,
      ]);
      const first = rows[0]!.head - drafts.length + 1;
      const moves = drafts.map((draft, i) => ({ ...draft, seq: first + i }));
      await this.writeIncidents(client, moves);
      await this.writeMoves(client, moves);
      await client.query('commit');
      return moves;
    } catch (error) {
      await client.query('rollback');
      throw error;
    } finally {
      client.release();
    }
  }

  /** Each as its last move leaves it. */
  private async writeIncidents(client: pg.PoolClient, moves: readonly PushedMove[]): Promise<void> {
    const last = new Map<string, object>();
    for (const move of moves) {
      const all = this.assignments.get(move.incident) ?? new Map<string, ChangedAssignment>();
      this.assignments.set(move.incident, all);
      for (const changed of move.changed ?? []) all.set(changed.id, changed);
      last.set(move.incident, {
        id: move.incident,
        number: `${move.number}-${move.incident}`,
        version: move.version,
        state: move.to,
        level: Number(move.level.slice(1)),
        cell: move.cell,
        community: move.community,
        subdistrict: move.subdistrict,
        reported_by: move.reportedBy,
        units: move.units,
        doc: { assignments: [...all.values()] },
        at: move.at,
        ended_at: isEnd(move.to as State) ? move.at : null,
      });
    }
    await client.query({
      name: 'incidents',
      text: `insert into incident (district, id, number, version, state, level, category, cell, community, subdistrict, reported_by, description, units, doc, hash,
          found_at, reported_at, updated_at, ended_at)
        select $1, id, number, version, state, level, 'C0101-01', cell, community, subdistrict, reported_by, '', units, doc, '\\x', at, at, at, ended_at
        from json_to_recordset($2) as r(id uuid, number text, version int, state text, level smallint, cell text, community text, subdistrict text,
          reported_by text, units text[], doc json, at timestamptz, ended_at timestamptz)
        on conflict (district, id) do update set version = excluded.version, state = excluded.state, units = excluded.units, doc = excluded.doc,
          updated_at = excluded.updated_at, ended_at = excluded.ended_at`,
      values: [DISTRICT, JSON.stringify([...last.values()])],
    });
  }

  private async writeMoves(client: pg.PoolClient, moves: readonly PushedMove[]): Promise<void> {
    const rows = moves.map((move) => ({
      seq: move.seq,
      incident: move.incident,
      version: move.version,
      verb: move.verb,
      from_state: move.from,
      to_state: move.to,
      level: Number(move.level.slice(1)),
      at: move.at,
      payload: { ...(move.changed ? { changed: move.changed } : {}), ...(move.told ? { told: move.told, notice: move.notice } : {}) },
      key: uuid(),
    }));
    await client.query({
      name: 'moves',
      text: `insert into move (district, seq, incident, version, verb, from_state, to_state, level, actor, at, payload, hash, key, digest)
        select $1, seq, incident, version, verb, from_state, to_state, level, 'somebody', at, payload, '\\x', key, '\\x'
        from json_to_recordset($2) as r(seq bigint, incident uuid, version int, verb text, from_state text, to_state text, level smallint, at timestamptz,
          payload json, key uuid)`,
      values: [DISTRICT, JSON.stringify(rows)],
    });
  }
}
