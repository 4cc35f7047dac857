/** The district at a glance: how many were reported in each cell, and which units are at work. */
import { type Kysely, sql } from 'kysely';
import { dayOf, startOfDay } from '../china-time.ts';
import type { Schema } from '../db/schema.ts';
import type { Actor } from '../identity/actor.ts';
import { maySee } from '../identity/scope.ts';
import type { Assignment } from './chain/incident.ts';
import { OPEN_ASSIGNMENT, type State } from './chain/states.ts';
import { inScope } from './incidents.ts';
import type { Heat, UnitAtWork } from './overview-schemas.ts';

/** What was no incident of its own: counted twice, or not at all. */
const NOT_COUNTED: readonly State[] = ['rejected', 'cancelled', 'merged'];

/** Reports of the last `days` days of China's time, today among them, by cell; only what the actor may see, and no drills: they never happened. */
export async function heatOf(db: Kysely<Schema>, actor: Actor, days: number, now: Date): Promise<Heat> {
  const from = new Date(startOfDay(dayOf(now.getTime()) - days + 1));
  const rows = await db
    .selectFrom('incident')
    .select(['cell', (eb) => eb.fn.countAll<string>().as('count')])
    .where('district', '=', actor.district)
    .where('reported_at', '>=', from)
    .where('state', 'not in', NOT_COUNTED)
    .where('drill', '=', false)
    .where((eb) => inScope(eb, actor))
    .groupBy('cell')
    .orderBy('cell')
    .execute();
  return { from: from.toISOString(), items: rows.map(({ cell, count }) => ({ cell, count: Number(count) })), next: null };
}

interface Work extends Pick<UnitAtWork, 'unit' | 'state' | 'role'> {
  readonly incident: string;
  readonly subdistrict: string;
  readonly community: string;
  readonly cell: string;
  readonly units: readonly string[];
  readonly reportedBy: string;
}

/** Assignments that are open now, of the whole district: a unit may be away to where the one who asks sees nothing. */
async function openWork(db: Kysely<Schema>, district: number): Promise<Work[]> {
  const { rows } = await sql<{
    unit: string;
    state: string;
    role: string;
    id: string;
    subdistrict: string;
    community: string;
    cell: string;
    units: string[];
    reported_by: string;
  }>`select a ->> 'unit' as unit, a ->> 'state' as state, a ->> 'role' as role, id, subdistrict, community, cell, units, reported_by
    from incident, json_array_elements(doc -> 'assignments') a
    where district = ${district} and ended_at is null and cardinality(units) > 0
      and a ->> 'state' = any(${[...OPEN_ASSIGNMENT]}::text[])
    order by id`.execute(db);
  return rows.map(({ id, state, role, reported_by, ...row }) => ({
    ...row,
    incident: id,
    state: state as Assignment['state'],
    role: role as Assignment['role'],
    reportedBy: reported_by,
  }));
}

/** Read anew at most this often, however many pages ask: it reads every open document. */
const FRESH_MS = 5_000;

/** Which units are at work: that they are, for all who see positions; at which incident, for who may see that. */
export class UnitsAtWork {
  #read: { readonly atMs: number; readonly work: Promise<Work[]> } | null = null;
  readonly #db: Kysely<Schema>;
  readonly #district: number;

  constructor(db: Kysely<Schema>, district: number) {
    this.#db = db;
    this.#district = district;
  }

  async for(actor: Actor, now: Date): Promise<UnitAtWork[]> {
    const atMs = now.getTime();
    if (this.#read === null || Math.abs(atMs - this.#read.atMs) >= FRESH_MS) {
      const mine = { atMs, work: openWork(this.#db, this.#district) };
      this.#read = mine;
      // What failed is not kept.
      mine.work.catch(() => this.#read === mine && (this.#read = null));
    }
    const district = this.#district;
    return (await this.#read.work).map(({ unit, state, role, incident, ...placed }) => ({
      unit,
      state,
      role,
      incident: maySee(actor, { district, ...placed }) ? incident : null,
    }));
  }
}
