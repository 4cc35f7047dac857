/** The key pair of the service towards push services (VAPID, RFC 8292): made once for a district, the same on all nodes, never logged. */
import type { Kysely } from 'kysely';
import webpush from 'web-push';
import type { Schema } from '../db/schema.ts';

export interface PushKey {
  /** base64url: what browsers bind their subscription to. */
  readonly publicKey: string;
  readonly privateKey: string;
}

/** Made where there is none yet: of nodes that start together one makes it, the others read it. @throws what the database throws. */
export async function pushKeyOf(db: Kysely<Schema>, district: number): Promise<PushKey> {
  const known = await read(db, district);
  if (known) return known;
  const { publicKey, privateKey } = webpush.generateVAPIDKeys();
  await db
    .insertInto('push_key')
    .values({ district, public_key: publicKey, private_key: privateKey })
    .onConflict((on) => on.column('district').doNothing())
    .execute();
  return (await read(db, district))!;
}

async function read(db: Kysely<Schema>, district: number): Promise<PushKey | null> {
  const row = await db.selectFrom('push_key').select(['public_key', 'private_key']).where('district', '=', district).executeTakeFirst();
  return row === undefined ? null : { publicKey: row.public_key, privateKey: row.private_key };
}
