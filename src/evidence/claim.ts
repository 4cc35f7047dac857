/** Which incident a photo or a voice note belongs to. */
import { type Kysely, sql } from 'kysely';
import type { Schema } from '../db/schema.ts';
import type { Actor } from '../identity/actor.ts';

/**
 * Binds photos to an incident, before the move that carries them is written. A photo belongs to one incident; one that was bound to an
 * incident whose log never took it (the move was refused, or the server died in between) is free again.
 *
 * @returns the ids that are unknown, of another account, or held by another incident; then the others are bound all the same,
 *          and free again as above when the move is not made.
 */
export const claimPhotos = claimOf('photo');

/** Binds voice notes, as `claimPhotos` does photos. */
export const claimVoices = claimOf('voice');

function claimOf(kind: 'photo' | 'voice') {
  const table = sql.table(kind);
  return async (db: Kysely<Schema>, ids: readonly string[], actor: Actor, incident: string): Promise<readonly string[]> => {
    if (ids.length === 0) return [];
    // In the order of the ids, so that two claims of the same ones do not wait for each other in a ring.
    const { rows } = await sql<{ id: string }>`
      with wanted as (
        select id from ${table}
        where district = ${actor.district} and id = any(${[...ids]}::uuid[]) and uploaded_by = ${actor.account}
        order by id for update
      )
      update ${table} p set incident = ${incident}::uuid, bound_at = app_now()
      from wanted
      where p.district = ${actor.district} and p.id = wanted.id
        and (p.incident is null or p.incident = ${incident}::uuid or not exists (
          select from incident i
          where i.district = p.district and i.id = p.incident and strpos(lower(i.doc::text), p.id::text) > 0)
          and not exists (select from photo_holder h where h.district = p.district and h.id = p.incident))
      returning p.id`.execute(db);
    const bound = new Set(rows.map((row) => row.id));
    return ids.filter((id) => !bound.has(id.toLowerCase()));
  };
}
