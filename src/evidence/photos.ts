/** Photos in the database: kept once per key, and read back. Binding them to an incident is `claim.ts`. */
import type { Kysely } from 'kysely';
import type { Schema } from '../db/schema.ts';
import { Problem } from '../errors.ts';
import type { Actor } from '../identity/actor.ts';
import type { Picture } from './picture.ts';
import type { PlaceProof } from './place-proof.ts';

export interface NewPhoto {
  readonly id: string;
  readonly key: string | undefined;
  /** sha-256 of the file as it was sent. */
  readonly digest: Buffer;
  readonly picture: Picture;
  readonly proof: PlaceProof;
  readonly claimedTakenAt: Date | undefined;
}

export interface KeptPhoto {
  readonly id: string;
  readonly width: number;
  readonly height: number;
}

export interface PhotoOwner {
  readonly uploadedBy: string;
  /** The incident that it is bound to, if any. */
  readonly incident: string | null;
}

/**
 * What the same key brought earlier.
 *
 * @returns null when the key is new.
 * @throws Problem `idempotency-key-reused` when it came with another file.
 */
export async function photoOfKey(db: Kysely<Schema>, actor: Actor, key: string, digest: Buffer): Promise<KeptPhoto | null> {
  const row = await db
    .selectFrom('photo')
    .select(['id', 'width', 'height', 'digest'])
    .where('district', '=', actor.district)
    .where('uploaded_by', '=', actor.account)
    .where('key', '=', key)
    .executeTakeFirst();
  if (!row) return null;
  if (!row.digest.equals(digest)) throw new Problem('idempotency-key-reused');
  return { id: row.id, width: row.width, height: row.height };
}

/** Keeps a photo; of two uploads with the same key at the same moment one is kept and both get its id. @throws as `photoOfKey`. */
export async function keepPhoto(db: Kysely<Schema>, actor: Actor, photo: NewPhoto): Promise<KeptPhoto> {
  const { picture, proof } = photo;
  const kept = await db
    .insertInto('photo')
    .values({
      district: actor.district,
      id: photo.id,
      uploaded_by: actor.account,
      key: photo.key ?? null,
      digest: photo.digest,
      width: picture.width,
      height: picture.height,
      image: picture.image,
      thumb: picture.thumb,
      proof_lng: proof.position?.lng ?? null,
      proof_lat: proof.position?.lat ?? null,
      proof_taken_at: proof.takenAt,
      claimed_taken_at: photo.claimedTakenAt ?? null,
      incident: null,
      bound_at: null,
    })
    .onConflict((of) => of.constraint('photo_key').doNothing())
    .returning(['id', 'width', 'height'])
    .executeTakeFirst();
  if (kept) return kept;
  const earlier = photo.key === undefined ? null : await photoOfKey(db, actor, photo.key, photo.digest);
  if (!earlier) throw new Error('a photo was neither kept nor there before');
  return earlier;
}

export async function photoOwner(db: Kysely<Schema>, district: number, id: string): Promise<PhotoOwner | null> {
  const row = await db
    .selectFrom('photo')
    .select(['uploaded_by', 'incident'])
    .where('district', '=', district)
    .where('id', '=', id)
    .executeTakeFirst();
  return row ? { uploadedBy: row.uploaded_by, incident: row.incident } : null;
}

/** The JPEG's bytes. */
export async function photoBytes(db: Kysely<Schema>, district: number, id: string, size: 'full' | 'thumb'): Promise<Buffer | null> {
  const row = await db
    .selectFrom('photo')
    .select((of) => of.ref(size === 'thumb' ? 'thumb' : 'image').as('jpeg'))
    .where('district', '=', district)
    .where('id', '=', id)
    .executeTakeFirst();
  return row?.jpeg ?? null;
}
