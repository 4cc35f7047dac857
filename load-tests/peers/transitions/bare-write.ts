/** One move or report in one prepared statement: the product's fields, without lock, head, keys and chain. */
import type pg from 'pg';
import { levelNumber } from '../../../src/dispatch/chain/levels.ts';
import type { Entry } from '../../../src/dispatch/entry.ts';
import { DISTRICT } from '../cluster.ts';
import { newKey } from './walk.ts';

const LOG = `insert into bare_move (district, seq, incident, version, verb, from_state, to_state, level, actor, at, payload, hash, key, digest)
  values ($1, nextval('bare_seq'), $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`;
const MOVE = `
  with u as (update bare_incident set version = $3, state = $6, level = $7, lead_unit = $14, units = $15, due_at = $16, next_due_at = $17, ended_at = $18,
    doc = $19, hash = $11, updated_at = $9 where district = $1 and id = $2 and version = $3 - 1)
  ${LOG}`;
const REPORT = `
  with i as (insert into bare_incident (district, id, number, version, state, level, category, cell, community, subdistrict, reported_by, description,
      units, lead_unit, due_at, next_due_at, doc, hash, found_at, reported_at, updated_at, ended_at)
    values ($1, $2, $20, $3, $6, $7, $21, $22, $23, $24, $8, $25, $15, $14, $16, $17, $19, $11, $9, $9, $9, $18))
  ${LOG}`;

/** @param number  of the incident; only a report writes it. */
export function writeBare(client: pg.Client | pg.Pool, id: string, number: string, { move, next, ...entry }: Entry): Promise<unknown> {
  const values: unknown[] = [
    DISTRICT,
    id,
    move.version,
    move.verb,
    move.from,
    move.to,
    levelNumber(next.level),
    move.actor,
    move.at,
    entry.payload,
    `\\x${entry.hash}`,
    newKey(),
    `\\x${entry.digest}`,
    entry.lead,
    entry.units,
    entry.dueAt,
    entry.nextDueAt,
    entry.endedAt,
    entry.doc,
  ];
  if (move.version > 1) return client.query({ name: 'move', text: MOVE, values });
  const { category, cell, community, subdistrict, description } = next;
  return client.query({
    name: 'report',
    text: REPORT,
    values: [...values, number, category, cell, community, subdistrict, description],
  });
}
