/** The place that belongs to an account of a role, from one word: what an administrator types. */
import type { Kysely } from 'kysely';
import type { Schema } from '../db/schema.ts';
import type { Actor, Role } from './actor.ts';

/** What the word has to be; null for roles that have the whole district. */
export const PLACE_OF_ROLE: Readonly<Record<Role, { readonly zh: string; readonly en: string; readonly form: RegExp } | null>> = {
  gridWorker: { zh: '15 位网格编码', en: 'the 15 digits of the cell', form: /^\d{15}$/ },
  community: { zh: '12 位社区编码', en: 'the 12 digits of the community', form: /^\d{12}$/ },
  subdistrict: { zh: '9 位街镇编码', en: 'the 9 digits of the subdistrict', form: /^\d{9}$/ },
  unit: { zh: '单位编码', en: 'the code of the unit', form: /^[a-z0-9-]{1,80}$/ },
  member: { zh: '社区编码，用逗号分开', en: 'the codes of the communities, with commas', form: /^\d{12}(,\d{12})*$/ },
  leader: { zh: '社区编码，用逗号分开', en: 'the codes of the communities, with commas', form: /^\d{12}(,\d{12})*$/ },
  district: null,
  auditor: null,
  admin: null,
};

/** @returns null when the word has not the form that the role's place has. */
export function actorAt(district: number, account: string, role: Role, place: string): (Actor & { role: Role }) | null {
  const wanted = PLACE_OF_ROLE[role];
  if (wanted === null ? place !== '' : !wanted.form.test(place)) return null;
  const who = { account, role, district };
  switch (role) {
    case 'gridWorker':
      return { ...who, cell: place, community: place.slice(0, 12), subdistrict: place.slice(0, 9) };
    case 'community':
      return { ...who, community: place, subdistrict: place.slice(0, 9) };
    case 'subdistrict':
      return { ...who, subdistrict: place };
    case 'unit':
      return { ...who, unit: place };
    case 'member':
    case 'leader':
      return { ...who, communities: place.split(',') };
    case 'district':
    case 'auditor':
    case 'admin':
      return who;
  }
}

/** Codes of the actor's place that the district does not have: such an account would see nothing. */
export async function unknownPlaces(db: Kysely<Schema>, actor: Actor): Promise<readonly string[]> {
  const missing = async (table: 'cell' | 'community' | 'subdistrict' | 'unit', codes: readonly string[]) => {
    if (codes.length === 0) return [];
    const rows = await db.selectFrom(table).select('code').where('district', '=', actor.district).where('code', 'in', codes).execute();
    const there = new Set(rows.map((row) => row.code));
    return codes.filter((code) => !there.has(code));
  };
  const one = (code: string | undefined) => (code === undefined ? [] : [code]);
  // The larger places that a code lies in begin with the same digits: where the smallest is known, they are.
  if (actor.cell !== undefined) return missing('cell', [actor.cell]);
  if (actor.community !== undefined) return missing('community', [actor.community]);
  if (actor.subdistrict !== undefined) return missing('subdistrict', [actor.subdistrict]);
  return [...(await missing('unit', one(actor.unit))), ...(await missing('community', actor.communities ?? []))];
}
