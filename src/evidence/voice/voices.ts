/** Voice notes in the database: kept once per key, and read back. Binding them to an incident is `../claim.ts`. */
import { type Kysely, sql } from 'kysely';
import type { Schema } from '../../db/schema.ts';
import { Problem } from '../../errors.ts';
import type { Actor } from '../../identity/actor.ts';
import type { Sound, SoundType } from './sound.ts';

export interface NewVoice {
  readonly id: string;
  readonly key: string | undefined;
  /** sha-256 of the file as it was sent. */
  readonly digest: Buffer;
  readonly sound: Sound;
}

export interface KeptVoice {
  readonly id: string;
  readonly durationMs: number;
}

export interface VoiceOwner {
  readonly uploadedBy: string;
  /** The incident that it is bound to, if any. */
  readonly incident: string | null;
  readonly type: SoundType;
}

/**
 * What the same key brought earlier.
 *
 * @returns null when the key is new.
 * @throws Problem `idempotency-key-reused` when it came with another file.
 */
async function voiceOfKey(db: Kysely<Schema>, actor: Actor, key: string, digest: Buffer): Promise<KeptVoice | null> {
  const row = await db
    .selectFrom('voice')
    .select(['id', 'duration_ms', 'digest'])
    .where('district', '=', actor.district)
    .where('uploaded_by', '=', actor.account)
    .where('key', '=', key)
    .executeTakeFirst();
  if (!row) return null;
  if (!row.digest.equals(digest)) throw new Problem('idempotency-key-reused');
  return { id: row.id, durationMs: row.duration_ms };
}

/**
 * Keeps a voice note; the same key again, also at the same moment, gives the one that is kept.
 *
 * @throws Problem `idempotency-key-reused` when the key came with another file before.
 */
export async function keepVoice(db: Kysely<Schema>, actor: Actor, { id, key, digest, sound }: NewVoice): Promise<KeptVoice> {
  const kept = await db
    .insertInto('voice')
    .values({
      district: actor.district,
      id,
      uploaded_by: actor.account,
      key: key ?? null,
      digest,
      type: sound.type,
      duration_ms: sound.durationMs,
      sound: Buffer.from(sound.bytes),
      incident: null,
      bound_at: null,
    })
    .onConflict((of) => of.constraint('voice_key').doNothing())
    .returning(['id', 'duration_ms'])
    .executeTakeFirst();
  if (kept) return { id: kept.id, durationMs: kept.duration_ms };
  const earlier = key === undefined ? null : await voiceOfKey(db, actor, key, digest);
  if (!earlier) throw new Error('a voice note was neither kept nor there before');
  return earlier;
}

/** A report that waits in a device for a connection has this long, and so has one that is sent again after trouble. [ours] */
const LOOSE_DAYS = 7;
/** More than come in with one upload, so that what is there shrinks. */
const PRUNED_AT_ONCE = 20;

/**
 * Deletes voice notes that no log took within a week: those that no report named, and those bound to an incident that was never written, or whose log
 * refused them. One that is being claimed now is left to its claim.
 */
export async function pruneVoices(db: Kysely<Schema>, district: number): Promise<void> {
  await sql`
    delete from voice where district = ${district} and id = any (array(
      select id from voice
      where district = ${district} and incident is null and uploaded_at < app_now() - make_interval(days => ${LOOSE_DAYS})
      order by uploaded_at limit ${PRUNED_AT_ONCE} for update skip locked))`.execute(db);
  // Looked at once each: what the log holds it holds for good. By the same rule as in `../claim.ts`.
  await sql`
    with due as (
      select id, incident from voice
      where district = ${district} and incident is not null and not taken and bound_at < app_now() - make_interval(days => ${LOOSE_DAYS})
      order by bound_at limit ${PRUNED_AT_ONCE} for update skip locked
    ), looked as (
      select id, exists (
        select from incident i where i.district = ${district} and i.id = due.incident and strpos(lower(i.doc::text), due.id::text) > 0) as held
      from due
    ), gone as (
      delete from voice v using looked l where v.district = ${district} and v.id = l.id and not l.held
    )
    update voice v set taken = true from looked l where v.district = ${district} and v.id = l.id and l.held`.execute(db);
}

export async function voiceOwner(db: Kysely<Schema>, district: number, id: string): Promise<VoiceOwner | null> {
  const row = await db
    .selectFrom('voice')
    .select(['uploaded_by', 'incident', 'type'])
    .where('district', '=', district)
    .where('id', '=', id)
    .executeTakeFirst();
  return row ? { uploadedBy: row.uploaded_by, incident: row.incident, type: row.type } : null;
}

export async function voiceBytes(db: Kysely<Schema>, district: number, id: string): Promise<Buffer | null> {
  const row = await db.selectFrom('voice').select('sound').where('district', '=', district).where('id', '=', id).executeTakeFirst();
  return row?.sound ?? null;
}

/** How long each plays, milliseconds; one whose row is gone is left out. */
export async function voiceDurations(db: Kysely<Schema>, district: number, ids: readonly string[]): Promise<ReadonlyMap<string, number>> {
  if (ids.length === 0) return new Map();
  const rows = await db
    .selectFrom('voice')
    .select(['id', 'duration_ms'])
    .where('district', '=', district)
    .where('id', 'in', [...ids])
    .execute();
  return new Map(rows.map((row) => [row.id, row.duration_ms]));
}
