/** Photos and voice notes that nothing took: what a report that was never sent, or a move that was refused, has left behind. */
import { type Kysely, sql } from 'kysely';
import type { Schema } from '../db/schema.ts';

/** A report that waits in a device for a connection has this long, and so has one that is sent again after trouble. [ours] */
const LOOSE_DAYS = 7;
/** More than come in with one upload, so that what is there shrinks. */
const AT_ONCE = 20;

/**
 * Deletes photos that no log and no holder took within a week: those that nothing named, and those bound to an incident that was never written, or whose
 * log refused them. One that is being claimed now is left to its claim. A device that still has it sends it again.
 */
export const prunePhotos = pruneOf('photo');

/** As `prunePhotos`. */
export const pruneVoices = pruneOf('voice');

function pruneOf(kind: 'photo' | 'voice') {
  const table = sql.table(kind);
  return async (db: Kysely<Schema>, district: number): Promise<void> => {
    await sql`
      delete from ${table} where district = ${district} and id = any (array(
        select id from ${table}
        where district = ${district} and incident is null and uploaded_at < app_now() - make_interval(days => ${LOOSE_DAYS})
        order by uploaded_at limit ${AT_ONCE} for update skip locked))`.execute(db);
    // Looked at once each: what is held is held for good. By the same rule as in `claim.ts`.
    await sql`
      with due as (
        select id, incident from ${table}
        where district = ${district} and incident is not null and not taken and bound_at < app_now() - make_interval(days => ${LOOSE_DAYS})
        order by bound_at limit ${AT_ONCE} for update skip locked
      ), looked as (
        select id,
          exists (select from incident i where i.district = ${district} and i.id = due.incident and strpos(lower(i.doc::text), due.id::text) > 0)
          or exists (select from photo_holder h where h.district = ${district} and h.id = due.incident) as held
        from due
      ), gone as (
        delete from ${table} f using looked l where f.district = ${district} and f.id = l.id and not l.held
      )
      update ${table} f set taken = true from looked l where f.district = ${district} and f.id = l.id and l.held`.execute(db);
  };
}
