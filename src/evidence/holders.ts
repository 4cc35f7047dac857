/** Photos of what is no incident: a claim's proof, an activity. Bound to a holder with a place, and seen by whoever sees the place. */
import { type Kysely, sql } from 'kysely';
import { v5 } from 'uuid';
import type { Schema } from '../db/schema.ts';

/** Namespace of holders' ids; made once, for this only. */
const HOLDERS = 'b8a1f6b4-2c37-5a0e-8f5d-61c0d9e7a4b2';

export interface Holder {
  readonly kind: string;
  readonly code: string;
  /** 6, 9 or 12 digits. */
  readonly place: string;
}

export function holderId({ kind, code }: Omit<Holder, 'place'>): string {
  return v5(`${kind} ${code}`, HOLDERS);
}

/**
 * Binds photos to a holder, in the transaction that names them there. A photo belongs to one thing: one that an incident or another holder
 * has is refused.
 *
 * @returns the ids that are unknown, of another account, or held elsewhere.
 */
export async function holdPhotos(
  tx: Kysely<Schema>,
  district: number,
  holder: Holder,
  ids: readonly string[],
  account: string,
): Promise<readonly string[]> {
  if (ids.length === 0) return [];
  const id = holderId(holder);
  await tx
    .insertInto('photo_holder')
    .values({ district, id, ...holder })
    .onConflict((on) => on.columns(['district', 'id']).doNothing())
    .execute();
  // In the order of the ids, so that two who bind the same photos do not wait for each other in a ring.
  const { rows } = await sql<{ id: string }>`
    with wanted as (
      select id from photo
      where district = ${district} and id = any(${[...ids]}::uuid[]) and uploaded_by = ${account}
      order by id for update
    )
    update photo p set incident = ${id}::uuid, bound_at = app_now()
    from wanted
    where p.district = ${district} and p.id = wanted.id and (p.incident is null or p.incident = ${id}::uuid)
    returning p.id`.execute(tx);
  const bound = new Set(rows.map((row) => row.id));
  return ids.filter((photo) => !bound.has(photo.toLowerCase()));
}

/** null when it holds nothing. */
export async function findHolder(db: Kysely<Schema>, district: number, id: string): Promise<Holder | null> {
  const row = await db
    .selectFrom('photo_holder')
    .select(['kind', 'code', 'place'])
    .where('district', '=', district)
    .where('id', '=', id)
    .executeTakeFirst();
  return row ?? null;
}
