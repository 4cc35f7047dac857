/** Reading an incident by its number, for people without an account. */
import type { Kysely } from 'kysely';
import type { Schema } from '../db/schema.ts';
import type { Incident, PhotoRef } from '../dispatch/chain/incident.ts';
import type { State, Verb } from '../dispatch/chain/states.ts';
import { INCIDENT_COLUMNS, incidentFromRow } from '../dispatch/incident-row.ts';
import { stageOf, type ShownMove } from './progress.ts';

/** Day and counter. */
export const NUMBER_FORM = /^\d{8}-\d{4,6}$/;

export interface FoundIncident {
  readonly incident: Incident;
  /** Only what changed its state: never a payload. */
  readonly moves: readonly ShownMove[];
}

/** A drill (演练) is nobody's concern outside: for residents there is none. */
export async function findByNumber(db: Kysely<Schema>, district: number, number: string): Promise<FoundIncident | null> {
  if (!NUMBER_FORM.test(number)) return null;
  const row = await db
    .selectFrom('incident')
    .select(INCIDENT_COLUMNS)
    .where('district', '=', district)
    .where('number', '=', number)
    .where('drill', '=', false)
    .executeTakeFirst();
  if (row === undefined) return null;
  return { incident: incidentFromRow(row), moves: await shownMoves(db, district, row.id) };
}

export async function shownMoves(db: Kysely<Schema>, district: number, incident: string): Promise<ShownMove[]> {
  const moves = await db
    .selectFrom('move')
    .select(['verb', 'from_state', 'to_state', 'at'])
    .where('district', '=', district)
    .where('incident', '=', incident)
    .whereRef('from_state', '<>', 'to_state')
    .orderBy('version')
    .execute();
  return moves.map(({ verb, from_state, to_state, at }) => ({
    verb: verb as Verb,
    from: from_state as State | 'none',
    to: to_state as State,
    at: at.toISOString(),
  }));
}

/** Which incident it was joined with; null when it was not. */
export async function numberOf(db: Kysely<Schema>, district: number, incident: string | null): Promise<string | null> {
  if (incident === null) return null;
  const row = await db
    .selectFrom('incident')
    .select('number')
    .where('district', '=', district)
    .where('id', '=', incident)
    .executeTakeFirst();
  return row?.number ?? null;
}

export type PhotoSide = 'before' | 'after';

/**
 * One photo of how it was and one of how it is, once it has been found done; null where there is none, or before.
 * Of several the first before (it shows the whole) and the last after.
 */
export function shownPhotos(incident: Pick<Incident, 'state' | 'proof' | 'photos'>): Readonly<Record<PhotoSide, string | null>> {
  if (stageOf(incident) !== 'done') return { before: null, after: null };
  const of = (...kinds: PhotoRef['kind'][]) => incident.photos.filter(({ kind }) => kinds.includes(kind));
  return { before: of('found', 'before').at(0)?.id ?? null, after: of('after').at(-1)?.id ?? null };
}
