/** From an incident and what its photos' files said, the facts that the score is made of. Only distances and ages leave this file, never a position. */
import type { Kysely } from 'kysely';
import type { Schema } from '../db/schema.ts';
import type { Incident, PhotoRef } from '../dispatch/chain/incident.ts';
import { distanceToBorderM } from '../grid/border.ts';
import { fromGcj02 } from '../grid/gcj02.ts';
import { distanceM } from '../grid/nearest.ts';
import type { Reference } from '../grid/reference.ts';
import type { PhotoFacts, ReportFacts } from './place-score.ts';

export interface ProvedPhoto extends PhotoFacts {
  readonly photo: PhotoRef;
}

/** Taken so near once the shift of Chinese maps is off, and so far with it: the file is in shifted coordinates. */
const SHIFTED_FROM_M = 200;
const UNSHIFTED_WITHIN_M = 100;
/** A fix is no better proof than the incident's own position; but not every distance is forgiven. */
const MOST_FORGIVEN_M = 100;

/** What the photos' files said, in the order of the incident's photos; one whose row is gone is left out. */
export async function provedPhotos(db: Kysely<Schema>, incident: Incident, photos: readonly PhotoRef[]): Promise<ProvedPhoto[]> {
  if (photos.length === 0) return [];
  const rows = await db
    .selectFrom('photo')
    .select(['id', 'proof_lng', 'proof_lat', 'proof_taken_at', 'claimed_taken_at', 'uploaded_at'])
    .where('district', '=', incident.district)
    .where(
      'id',
      'in',
      photos.map((p) => p.id),
    )
    .execute();
  const byId = new Map(rows.map((row) => [row.id, row]));
  return photos.flatMap((photo) => {
    const row = byId.get(photo.id);
    if (row === undefined) return [];
    const taken = row.proof_taken_at ?? row.claimed_taken_at;
    // Photos of the find belong to the moment of the find: the report itself may have waited for a network.
    const moment = Date.parse(photo.kind === 'found' ? incident.foundAt : photo.at);
    const heard = Math.min(row.uploaded_at.getTime(), row.claimed_taken_at?.getTime() ?? Infinity);
    return [
      {
        photo,
        distanceM: row.proof_lng === null || row.proof_lat === null ? null : apartM(incident, { lng: row.proof_lng, lat: row.proof_lat }),
        ageMs: taken === null ? null : moment - taken.getTime(),
        timeFrom: row.proof_taken_at !== null ? ('file' as const) : taken === null ? null : ('page' as const),
        clockAheadMs: Math.max(0, (row.proof_taken_at?.getTime() ?? 0) - heard),
      },
    ];
  });
}

function apartM({ position }: Incident, taken: { readonly lng: number; readonly lat: number }): number {
  const plain = distanceM(position, taken);
  const unshifted = distanceM(position, fromGcj02(taken));
  const apart = plain > SHIFTED_FROM_M && unshifted <= UNSHIFTED_WITHIN_M ? unshifted : plain;
  return Math.max(0, apart - Math.min(MOST_FORGIVEN_M, position.accuracyM ?? 0));
}

/**
 * @param photos         those that count for the report: the find's, and what the reporter added.
 * @param reportersCell  null for a reporter without one.
 */
export function reportFacts(
  incident: Incident,
  photos: readonly PhotoFacts[],
  reportersCell: string | null,
  reference: Reference,
): ReportFacts {
  const { position, measured, cell } = incident;
  const shape = reference.cells.get(cell);
  return {
    accuracyM: position.accuracyM ?? null,
    measured,
    borderM: shape === undefined ? null : distanceToBorderM(shape.geometry, position.lng, position.lat),
    ownCell: reportersCell === null ? null : reportersCell === cell,
    photos,
  };
}
