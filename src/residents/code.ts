/** The code of a resident's link: whoever has it was given the slip, and may rate. Made from the number alone, so that nothing has to be kept for each. */
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { type Kysely } from 'kysely';
import type { Schema } from '../db/schema.ts';

/** Without i, l, o and u: it may have to be typed from paper (Crockford 1996). */
const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';
/** 60 bits: at thirty wrong ones an address and ten minutes nobody finds one. */
export const CODE_LENGTH = 12;
export const CODE_FORM = /^[0-9a-hjkmnp-tv-z]{12}$/;

/** @param key  the district's, 32 bytes. */
export function codeOf(key: Buffer, district: number, number: string): string {
  const digest = createHmac('sha256', key).update(`${district} ${number}`).digest();
  // Five bits of each byte: even, because 32 divides 256.
  return [...digest.subarray(0, CODE_LENGTH)].map((byte) => ALPHABET[byte % 32]).join('');
}

/** As it was typed: capitals, spaces and dashes do not matter, and what looks like a digit is one. */
export function plainCode(typed: string): string {
  return typed.toLowerCase().replace(/[\s-]/g, '').replace(/o/g, '0').replace(/[il]/g, '1');
}

/** In constant time: how long it takes tells nothing of where a wrong one differs. */
export function isCode(key: Buffer, district: number, number: string, typed: string | undefined): boolean {
  const code = plainCode(typed ?? '');
  if (!CODE_FORM.test(code)) return false;
  return timingSafeEqual(Buffer.from(code), Buffer.from(codeOf(key, district, number)));
}

/** Address of the page below the service. */
export function pathOf(number: string, code: string): string {
  return `/r/${number}?k=${code}`;
}

/** The district's key; made by the first node that asks for it. @throws when the database cannot be reached. */
export async function openKey(db: Kysely<Schema>, district: number): Promise<Buffer> {
  await db
    .insertInto('resident_key')
    .values({ district, key: randomBytes(32) })
    .onConflict((on) => on.column('district').doNothing())
    .execute();
  const { key } = await db.selectFrom('resident_key').select('key').where('district', '=', district).executeTakeFirstOrThrow();
  return key;
}
