/** Photos as proof of something: bound to it, in the transaction that names them there. */
import type { Kysely } from 'kysely';
import type { Schema } from '../db/schema.ts';
import { holdPhotos } from '../evidence/holders.ts';
import { type CobuildRefusal, refused } from './chain/refusals.ts';
import type { Law } from './chain/table.ts';

export interface Proof {
  readonly code: string;
  readonly place: string;
  readonly photos: readonly string[];
  /** Whose photos they are: nobody proves anything with another's. */
  readonly account: string;
}

/** @returns why not: they are unknown, somebody else's, or prove something else already. null: they are bound. */
export async function bindProof(
  tx: Kysely<Schema>,
  district: number,
  { kind }: Pick<Law, 'kind'>,
  { code, place, photos, account }: Proof,
): Promise<CobuildRefusal | null> {
  const unknown = await holdPhotos(tx, district, { kind, code, place }, photos, account);
  return unknown.length === 0 ? null : refused('unknown-photo', { photos: unknown.join(' ') });
}
