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
      for (const move of moves) {
        await this.writeIncident(client, move);
        await this.writeMove(client, move);
      }
      await client.query('commit');
      return moves;
    } catch (error) {
      await client.query('rollback');
      throw error;
    } finally {
      client.release();
    }
  }

  private async writeIncident(client: pg.PoolClient, move: PushedMove): Promise<void> {
    const all = this.assignments.get(move.incident) ?? new Map<string, ChangedAssignment>();
    this.assignments.set(move.incident, all);
    for (const changed of move.changed ?? []) all.set(changed.id, changed);
    await client.query({
      name: 'incident',
      text: `insert into incident (district, id, number, version, state, level, category, cell, community, subdistrict, reported_by, description, units, doc, hash,
          found_at, reported_at, updated_at, ended_at)
        values ($1, $2, $3, $4, $5, $6, 'C0101-01', $7, $8, $9, $10, '', $11, $12, '\\x', $13, $13, $13, $14)
        on conflict (district, id) do update set version = excluded.version, state = excluded.state, units = excluded.units, doc = excluded.doc,
          updated_at = excluded.updated_at, ended_at = excluded.ended_at`,
      values: [
        DISTRICT,
        move.incident,
        `${move.number}-${move.incident}`,
        move.version,
        move.to,
        Number(move.level.slice(1)),
        move.cell,
        move.community,
        move.subdistrict,
        move.reportedBy,
        move.units,
        JSON.stringify({ assignments: [...all.values()] }),
        move.at,
        isEnd(move.to as State) ? move.at : null,
      ],
    });
  }

  private async writeMove(client: pg.PoolClient, move: PushedMove): Promise<void> {
    await client.query({
      name: 'move',
      text: `insert into move (district, seq, incident, version, verb, from_state, to_state, level, actor, at, payload, hash, key, digest)
        values ($1, $2, $3, $4, $5, $6, $7, $8, 'somebody', $9, $10, '\\x', $11, '\\x')`,
      values: [
        DISTRICT,
        move.seq,
        move.incident,
        move.version,
        move.verb,
        move.from,
        move.to,
        Number(move.level.slice(1)),
        move.at,
        JSON.stringify(move.changed ? { changed: move.changed } : {}),
        uuid(),
      ],
    });
  }
}
