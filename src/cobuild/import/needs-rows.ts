/** Tables of needs, claims and resources as a file has them: columns of `data/seed/*.csv`. What is worked out from the others is not read. Pure. */
import { z } from 'zod';
import { date, decimal, digits, en, flag, given, optional, slug, whole, zh } from '../../grid/import/fields.ts';
import { type Finding, finding } from '../../grid/import/findings.ts';
import { doubled, type Numbered } from '../../grid/import/read-rows.ts';
import { HOURS, RESOURCE_KIND_CODES } from '../chain/booking.ts';
import { LINK_CODES } from '../chain/links.ts';
import { unknown } from './unknown.ts';

const MOST = 1_000_000;

export const NeedRow = z.object({
  code: slug,
  committee: slug,
  link: given.pipe(z.enum(LINK_CODES)),
  title_zh: zh,
  title_en: en,
  quantity: whole(1, MOST),
  unit_zh: zh,
  unit_en: en,
  published: date,
  due: date,
  from_category: optional.transform((code) => code || null),
});
export type NeedRow = z.output<typeof NeedRow>;

export const ClaimRow = z.object({
  code: slug,
  need: slug,
  member: slug,
  quantity: whole(1, MOST),
  claimed_on: date,
  due: date,
  state: given.pipe(z.enum(['claimed', 'delivered', 'confirmed'])),
});
export type ClaimRow = z.output<typeof ClaimRow>;

export const ResourceRow = z.object({
  code: slug,
  member: slug,
  kind: given.pipe(z.enum(RESOURCE_KIND_CODES)),
  name_zh: zh,
  name_en: en,
  quantity: whole(1, 100_000),
  unit_zh: zh,
  unit_en: en,
  hours: given.regex(HOURS, 'wrong-form|HH:MM-HH:MM'),
  notice_minutes: whole(0, 43_200),
  community: digits(12),
  lng: decimal(-180, 180),
  lat: decimal(-90, 90),
  callable: flag,
  stands_for_type: optional.transform((code) => code || null),
  condition_zh: optional.transform((text) => text || null),
  condition_en: optional.transform((text) => text || null),
});
export type ResourceRow = z.output<typeof ResourceRow>;

/** What the district has, besides the file. */
export interface KnownNeeds {
  /** Committee → its place. */
  readonly committees: ReadonlyMap<string, string>;
  /** Member → its committee. */
  readonly members: ReadonlyMap<string, string>;
  readonly unitTypes: ReadonlySet<string>;
  readonly communities: ReadonlySet<string>;
  /** Category codes and row codes. */
  readonly categories: ReadonlySet<string>;
  /** Needs that are there, with what is left of them. */
  readonly needs: ReadonlyMap<
    string,
    { readonly committee: string; readonly left: number; readonly published: string; readonly due: string }
  >;
  readonly claims: ReadonlySet<string>;
}

export function checkNeedRows(rows: readonly Numbered<NeedRow>[], known: KnownNeeds): Finding[] {
  const found = doubled(rows, 'code', (row) => row.code);
  for (const { number, value } of rows) {
    if (!known.committees.has(value.committee)) found.push(unknown(number, 'committee', value.committee, 'committees'));
    if (value.published > value.due) found.push(finding(number, 'due', 'term-order', { value: `${value.published}–${value.due}` }));
    if (value.from_category !== null && !known.categories.has(value.from_category)) {
      found.push(unknown(number, 'from_category', value.from_category, 'categories'));
    }
  }
  return found;
}

/** Never more than is left of a need, also of several rows together. */
export function checkClaimRows(rows: readonly Numbered<ClaimRow>[], known: KnownNeeds): Finding[] {
  const found = doubled(rows, 'code', (row) => row.code);
  const left = new Map([...known.needs].map(([code, need]) => [code, need.left]));
  for (const { number, value } of rows) {
    const need = known.needs.get(value.need);
    const committee = known.members.get(value.member);
    if (need === undefined) found.push(unknown(number, 'need', value.need, 'needs'));
    if (committee === undefined || (need !== undefined && committee !== need.committee)) {
      found.push(unknown(number, 'member', value.member, 'members', need?.committee));
    }
    if (need === undefined || known.claims.has(value.code)) continue;
    if (value.claimed_on > value.due) found.push(finding(number, 'due', 'term-order', { value: `${value.claimed_on}–${value.due}` }));
    const rest = left.get(value.need)! - value.quantity;
    if (rest < 0)
      found.push(finding(number, 'quantity', 'not-a-number', { value: value.quantity, expected: `0–${rest + value.quantity}` }));
    left.set(value.need, rest);
  }
  return found;
}

export function checkResourceRows(rows: readonly Numbered<ResourceRow>[], known: KnownNeeds): Finding[] {
  const found = doubled(rows, 'code', (row) => row.code);
  for (const { number, value } of rows) {
    if (!known.members.has(value.member)) found.push(unknown(number, 'member', value.member, 'members'));
    if (!known.communities.has(value.community)) found.push(unknown(number, 'community', value.community, 'communities'));
    if (value.stands_for_type !== null && !known.unitTypes.has(value.stands_for_type)) {
      found.push(unknown(number, 'stands_for_type', value.stands_for_type, 'unitTypes'));
    }
    if (value.callable !== (value.stands_for_type !== null)) {
      found.push(
        finding(number, 'callable', 'not-allowed-value', {
          value: value.callable ? '1' : '0',
          expected: value.stands_for_type === null ? '0' : '1',
        }),
      );
    }
  }
  return found;
}
