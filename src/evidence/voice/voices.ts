/** Voice notes in the database: kept once per key, and read back. Binding them to an incident is `../claim.ts`. */
import type { Kysely } from 'kysely';
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
