/** Incidents as last seen, in memory; the version decides which sight is newer, and the journal whether it was still true. */
import { LRUCache } from 'lru-cache';
import type pg from 'pg';
import type { Incident } from './chain/incident.ts';
import { INCIDENT_COLUMNS, incidentFromRow, type IncidentRow } from './incident-row.ts';

/** Some 3 kB each. */
const REMEMBERED = 20_000;

export interface Known {
  readonly incident: Incident;
  /** Of its newest move, hex. */
  readonly hash: string;
}

type Row = IncidentRow & { readonly hash: Buffer };

const COLUMNS = INCIDENT_COLUMNS.join(', ');
const BY_ID = { name: 'incident_by_id', text: `select ${COLUMNS}, hash from incident where district = $1 and id = $2` };
const BY_IDS = { name: 'incident_by_ids', text: `select ${COLUMNS}, hash from incident where district = $1 and id = any($2::uuid[])` };

export class KnownIncidents {
  private readonly pool: pg.Pool;
  private readonly district: number;
  private readonly cache = new LRUCache<string, Known>({ max: REMEMBERED });

  constructor(pool: pg.Pool, district: number) {
    this.pool = pool;
    this.district = district;
  }

  /** As last seen, which may be old. */
  remembered(id: string): Known | undefined {
    return this.cache.get(id);
  }

  /** As it is in the database now; null if there is none. */
  async read(id: string): Promise<Known | null> {
    const { rows } = await this.pool.query<Row>({ ...BY_ID, values: [this.district, id] });
    return rows[0] === undefined ? null : this.keep(knownFrom(rows[0]));
  }

  /** Reads those that are not remembered, in one query. */
  async prefetch(ids: readonly string[]): Promise<void> {
    const missing = ids.filter((id) => !this.cache.has(id));
    if (missing.length === 0) return;
    const { rows } = await this.pool.query<Row>({ ...BY_IDS, values: [this.district, missing] });
    for (const row of rows) this.keep(knownFrom(row));
  }

  /** Remembers it, unless a newer version is remembered already: reads and writes end in any order. */
  keep(known: Known): Known {
    const { id, version } = known.incident;
    const before = this.cache.peek(id);
    if (before === undefined || before.incident.version < version) this.cache.set(id, known);
    return known;
  }

  forget(id: string): void {
    this.cache.delete(id);
  }

  /** Somebody wrote this version: what is older is no longer true. */
  outdate(id: string, version: number): void {
    const known = this.cache.peek(id);
    if (known !== undefined && known.incident.version < version) this.cache.delete(id);
  }
}

function knownFrom(row: Row): Known {
  return { incident: incidentFromRow(row), hash: row.hash.toString('hex') };
}
