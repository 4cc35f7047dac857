/** Proves the log: nothing missing, nothing changed, and every incident is the fold of its moves. Reads one snapshot of the database. */
import { isDeepStrictEqual } from 'node:util';
import type pg from 'pg';
import type { Database } from '../db/connect.ts';
import { applyMove } from './chain/fold.ts';
import type { Incident } from './chain/incident.ts';
import { levelNumber } from './chain/levels.ts';
import { isEnd } from './chain/states.ts';
import { nextDue } from './chain/due.ts';
import { docOf, dueAtOf, leadUnitOf, unitsOf } from './incident-row.ts';
import { hashMove, NO_HASH } from './move-hash.ts';
import { moveFromRow, type MoveRow } from './move-row.ts';

export interface Finding {
  readonly what: 'seq' | 'orphan' | 'order' | 'fold' | 'hash' | 'row';
  readonly district: number;
  readonly incident: string | null;
  readonly detail: string;
}

/** Rows read at once. */
const PAGE = 2_000;

const GAPS = `
  select f.district, f.head, x.n, x.lowest, x.highest from feed f
  cross join lateral (select count(*) n, coalesce(min(seq), 1) lowest, coalesce(max(seq), 0) highest from move m where m.district = f.district) x
  where x.n <> f.head or x.highest <> f.head or x.lowest <> 1`;
const ORPHANS = `
  select i.district, i.id from incident i
  where not exists (select from move m where m.district = i.district and m.incident = i.id and m.version = 1)`;
const NO_FEED = 'select distinct m.district from move m where not exists (select from feed f where f.district = m.district)';
const MOVES = `
  select district, seq, incident, version, verb, from_state, to_state, level, actor, at, payload, payload::text as text, hash from move
  where (district, incident, version) > ($1, $2, $3) order by district, incident, version limit ${PAGE}`;
const ROWS = 'select * from incident where district = $1 and id = any($2::uuid[])';

type LogRow = MoveRow & { readonly district: number; readonly level: number; readonly text: string };
interface TableRow {
  readonly id: string;
  readonly [column: string]: unknown;
}

/** @returns what is wrong, at most `most` of it; empty if all is well. */
export async function checkLog(db: Database, most = 100): Promise<Finding[]> {
  const client = await db.pool.connect();
  try {
    await client.query('begin isolation level repeatable read read only');
    const findings: Finding[] = [];
    for await (const finding of findingsOf(client)) {
      findings.push(finding);
      if (findings.length >= most) break;
    }
    return findings;
  } finally {
    await client.query('rollback').catch(() => {});
    client.release();
  }
}

async function* findingsOf(client: pg.ClientBase): AsyncGenerator<Finding> {
  const rows = async <T>(text: string, values: unknown[] = []) => (await client.query({ text, values })).rows as T[];
  for (const r of await rows<{ district: number; head: number; n: number; lowest: number; highest: number }>(GAPS)) {
    const detail = `head ${r.head}, but ${r.n} moves from ${r.lowest} to ${r.highest}`;
    yield { what: 'seq', district: r.district, incident: null, detail };
  }
  for (const { district } of await rows<{ district: number }>(NO_FEED))
    yield { what: 'seq', district, incident: null, detail: 'moves without a feed' };
  for (const { district, id } of await rows<{ district: number; id: string }>(ORPHANS)) {
    yield { what: 'orphan', district, incident: id, detail: 'an incident without a report in the log' };
  }
  for await (const moves of movesByIncident(client)) yield* checkIncident(client, moves);
}

/** The log of each incident in turn. */
async function* movesByIncident(client: pg.ClientBase): AsyncGenerator<LogRow[]> {
  let at: [number, string, number] = [-1, '00000000-0000-0000-0000-000000000000', 0];
  let log: LogRow[] = [];
  for (;;) {
    const { rows } = await client.query<LogRow>({ text: MOVES, values: at });
    for (const row of rows) {
      const first = log[0];
      if (first !== undefined && (first.incident !== row.incident || first.district !== row.district)) {
        yield log;
        log = [];
      }
      log.push(row);
    }
    const last = rows.at(-1);
    if (last === undefined) break;
    at = [last.district, last.incident, last.version];
  }
  if (log.length > 0) yield log;
}

async function* checkIncident(client: pg.ClientBase, log: readonly LogRow[]): AsyncGenerator<Finding> {
  const { district, incident: id } = log[0]!;
  const found = (what: Finding['what'], detail: string): Finding => ({ what, district, incident: id, detail });
  let hash = NO_HASH;
  let seq = 0;
  let incident: Incident | null = null;
  for (const row of log) {
    const move = moveFromRow(row);
    hash = hashMove(hash, { ...move, district, payload: row.text });
    // Goes on with the stored one: a single changed row is one finding, not all that follow.
    if (hash !== move.hash) yield found('hash', `version ${row.version} was changed, or the one before it`);
    hash = move.hash;
    if (row.seq <= seq) yield found('order', `version ${row.version} has seq ${row.seq}, after ${seq}`);
    seq = row.seq;
    try {
      incident = applyMove(incident, move);
    } catch (error) {
      yield found('fold', (error as Error).message);
      return;
    }
    if (levelNumber(incident.level) !== row.level) yield found('fold', `version ${row.version} says level ${row.level}`);
  }
  const { rows } = await client.query<TableRow>({ text: ROWS, values: [district, [id]] });
  for (const detail of differences(incident!, log.at(-1)!, rows[0])) yield found('row', detail);
}

/** In what the row differs from the fold. */
function differences(incident: Incident, newest: LogRow, row: TableRow | undefined): string[] {
  if (row === undefined) return ['no row'];
  const expected: Record<string, unknown> = {
    number: incident.number,
    version: incident.version,
    state: incident.state,
    level: levelNumber(incident.level),
    category: incident.category,
    cell: incident.cell,
    community: incident.community,
    subdistrict: incident.subdistrict,
    reported_by: incident.reportedBy,
    description: incident.description,
    units: unitsOf(incident),
    lead_unit: leadUnitOf(incident),
    due_at: dueAtOf(incident),
    next_due_at: nextDue(incident),
    doc: JSON.parse(docOf(incident)),
    hash: newest.hash.toString('hex'),
    found_at: incident.foundAt,
    reported_at: incident.reportedAt,
    updated_at: newest.at.toISOString(),
    ended_at: isEnd(incident.state) ? incident.stateSince : null,
    lng: incident.position.lng,
    lat: incident.position.lat,
    drill: incident.drill,
  };
  return Object.entries(expected)
    .filter(([column, value]) => !isDeepStrictEqual(plain(row[column]), value))
    .map(([column, value]) => `${column} is ${JSON.stringify(plain(row[column]))}, the log says ${JSON.stringify(value)}`);
}

function plain(value: unknown): unknown {
  if (value instanceof Date) return value.toISOString();
  return Buffer.isBuffer(value) ? value.toString('hex') : value;
}
