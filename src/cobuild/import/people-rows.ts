/** Tables of people and papers as a file has them: the columns of `data/seed/*.csv`. Pure. */
import { z } from 'zod';
import { date, digits, en, given, list, optional, slug, time, zh } from '../../grid/import/fields.ts';
import { type Finding, finding } from '../../grid/import/findings.ts';
import { doubled, type Numbered } from '../../grid/import/read-rows.ts';
import { addDays, type Day, quarterOf } from '../chain/days.ts';
import { LINK_CODES } from '../chain/links.ts';
import { ORG_KINDS } from '../chain/member.ts';
import { unknown } from './unknown.ts';

const orNull = (text: string) => text || null;
const optionalDate = optional.transform(orNull).pipe(date.nullable());
const quarter = given.regex(/^\d{4}Q[1-4]$/, 'wrong-form|2026Q4');

/** A committee, and its conference of the quarter where one is set. */
export const CommitteeRow = z.object({
  code: slug,
  tier: given.pipe(z.enum(['subdistrict', 'community'])),
  place: given.regex(/^(\d{9}|\d{12})$/, 'wrong-form|9 / 12'),
  name_zh: zh,
  name_en: en,
  founded: date,
  quarter: optional.transform(orNull).pipe(quarter.nullable()),
  conference_on: optionalDate,
  conference_state: optional.transform(orNull).pipe(z.enum(['held', 'planned', 'missing']).nullable()),
  venue_zh: optional.transform(orNull).pipe(zh.nullable()),
  venue_en: optional.transform(orNull).pipe(en.nullable()),
});
export type CommitteeRow = z.output<typeof CommitteeRow>;

/** A conference on its own: of a committee that is there, one in each quarter. */
export const ConferenceRow = z.object({
  code: slug,
  committee: slug,
  quarter,
  held_on: date,
  begins: time,
  venue_zh: zh,
  venue_en: optional.transform(orNull).pipe(en.nullable()),
  state: given.pipe(z.enum(['held', 'planned'])),
  minutes_zh: optional.refine((s) => s.length <= 20_000, 'wrong-form|≤ 20000').transform(orNull),
});
export type ConferenceRow = z.output<typeof ConferenceRow>;

export const MemberRow = z.object({
  code: slug,
  committee: slug,
  org_zh: zh,
  org_en: en,
  org_kind: given.pipe(z.enum(ORG_KINDS)),
  person_zh: zh,
  person_en: en,
  post_zh: zh,
  post_en: en,
  appointed: date,
  term_end: date,
  certificate: given.refine((s) => s.length <= 40, 'wrong-form|≤ 40'),
  unit: optional.transform(orNull),
});
export type MemberRow = z.output<typeof MemberRow>;

export const LeaderRow = z.object({
  code: slug,
  person_zh: zh,
  person_en: en,
  post_zh: zh,
  post_en: en,
  subdistrict: digits(9),
  communities: list,
});
export type LeaderRow = z.output<typeof LeaderRow>;

export const AgreementRow = z.object({
  code: slug,
  committee: slug,
  member: slug,
  links: list.pipe(z.array(z.enum(LINK_CODES))),
  signed: date,
  ends: date,
  commitment_zh: zh,
  commitment_en: en,
  becomes: optional.transform(orNull).pipe(z.enum(['need', 'resource']).nullable()),
  becomes_code: optional.transform(orNull),
});
export type AgreementRow = z.output<typeof AgreementRow>;

export const ResolutionRow = z.object({
  code: slug,
  conference: slug,
  text_zh: zh,
  owner: given.regex(/^(member:[a-z0-9-]+|community:\d{12}|subdistrict:\d{9})$/, 'wrong-form|member:… community:… subdistrict:…'),
  due_on: date,
  progress_zh: optional,
  outcome_zh: optional,
});
export type ResolutionRow = z.output<typeof ResolutionRow>;

/** Codes that the district has, with what a check needs of each. */
export interface KnownPeople {
  readonly places: ReadonlySet<string>;
  readonly units: ReadonlySet<string>;
  /** Committees, with their places. */
  readonly committees: ReadonlyMap<string, string>;
  /** Members, with their committees. */
  readonly members: ReadonlyMap<string, string>;
  readonly conferences: ReadonlySet<string>;
  /** Communities that are looked after, with the leader of each. */
  readonly leaders: ReadonlyMap<string, string>;
  /** `<committee> <quarter>` of each that was not called off, with its code. */
  readonly quarters: ReadonlyMap<string, string>;
  /** Numbers of certificates that were issued, with the member that has it. */
  readonly certificates: ReadonlyMap<string, string>;
}

/** How the days of a file move on the way in, and the day on which it is brought in. */
export interface Moving {
  readonly shiftDays: number;
  readonly today: Day;
}

/**
 * The number of a certificate whose appointment moves: one that carries the year of it, `演聘-2024-001`, carries the year of the day that it
 * moved to. A paper that is older than the appointment it speaks of would look forged.
 */
export function certificateOn(number: string, appointed: Day, shiftDays: number): string {
  return number.replace(`-${appointed.slice(0, 4)}-`, `-${addDays(appointed, shiftDays).slice(0, 4)}-`);
}

const TIER_PLACES = { subdistrict: 'subdistricts', community: 'communities' } as const;
const OWNERS = { ...TIER_PLACES, member: 'members' } as const;
const inOrder = (number: number, column: string, from: string, to: string): Finding[] =>
  from < to ? [] : [finding(number, column, 'term-order', { value: `${from}–${to}` })];

export function checkCommitteeRows(rows: readonly Numbered<CommitteeRow>[], known: KnownPeople): Finding[] {
  const found = [...doubled(rows, 'code', (row) => row.code), ...doubled(rows, 'place', (row) => row.place)];
  const places = new Map([...known.committees].map(([code, place]) => [place, code]));
  for (const { number, value } of rows) {
    const fits = value.tier === (value.place.length === 9 ? 'subdistrict' : 'community');
    if (!known.places.has(value.place) || !fits) found.push(unknown(number, 'place', value.place, TIER_PLACES[value.tier]));
    const other = places.get(value.place);
    if (other !== undefined && other !== value.code)
      found.push(finding(number, 'place', 'code-mismatch', { value: value.code, expected: other }));
    const dated = value.conference_state === 'held' || value.conference_state === 'planned';
    if (dated && value.conference_on === null) found.push(finding(number, 'conference_on', 'empty'));
    if (dated && value.venue_zh === null) found.push(finding(number, 'venue_zh', 'empty'));
    if (dated && value.quarter === null) found.push(finding(number, 'quarter', 'empty'));
  }
  return found;
}

export function checkConferenceRows(rows: readonly Numbered<ConferenceRow>[], known: KnownPeople, { shiftDays, today }: Moving): Finding[] {
  const quarterIn = ({ held_on }: ConferenceRow) => quarterOf(addDays(held_on, shiftDays));
  const ofCommittee = (row: ConferenceRow) => `${row.committee} ${quarterIn(row)}`;
  const found = [...doubled(rows, 'code', (row) => row.code), ...doubled(rows, 'quarter', ofCommittee)];
  for (const { number, value } of rows) {
    if (!known.committees.has(value.committee)) found.push(unknown(number, 'committee', value.committee, 'committees'));
    if (quarterOf(value.held_on) !== value.quarter) {
      found.push(finding(number, 'quarter', 'code-mismatch', { value: value.quarter, expected: quarterOf(value.held_on) }));
    }
    const other = known.quarters.get(ofCommittee(value));
    if (other !== undefined && other !== value.code) found.push(finding(number, 'quarter', 'taken', { value: quarterIn(value), other }));
    if (value.state === 'held' && addDays(value.held_on, shiftDays) > today) {
      found.push(finding(number, 'state', 'not-allowed-value', { value: 'held', expected: 'planned' }));
    }
  }
  return found;
}

export function checkMemberRows(rows: readonly Numbered<MemberRow>[], known: KnownPeople, { shiftDays }: Moving): Finding[] {
  const numberOf = ({ certificate, appointed }: MemberRow) => certificateOn(certificate, appointed, shiftDays);
  const found = [...doubled(rows, 'code', (row) => row.code), ...doubled(rows, 'certificate', numberOf)];
  for (const { number, value } of rows) {
    const holder = known.certificates.get(numberOf(value));
    if (holder !== undefined && holder !== value.code) {
      found.push(finding(number, 'certificate', 'taken', { value: numberOf(value), other: holder }));
    }
    if (!known.committees.has(value.committee)) found.push(unknown(number, 'committee', value.committee, 'committees'));
    if (value.unit !== null && !known.units.has(value.unit)) found.push(unknown(number, 'unit', value.unit, 'units'));
    found.push(...inOrder(number, 'term_end', value.appointed, value.term_end));
  }
  return found;
}

export function checkLeaderRows(rows: readonly Numbered<LeaderRow>[], known: KnownPeople): Finding[] {
  const found = doubled(rows, 'code', (row) => row.code);
  const owner = new Map<string, number>();
  for (const { number, value } of rows) {
    for (const code of value.communities) {
      if (!known.places.has(code)) found.push(unknown(number, 'communities', code, 'communities'));
      else if (code.slice(0, 9) !== value.subdistrict) {
        found.push(finding(number, 'communities', 'wrong-parent', { value: code, expected: code.slice(0, 9) }));
      }
      const holder = known.leaders.get(code);
      if (holder !== undefined && holder !== value.code)
        found.push(finding(number, 'communities', 'taken', { value: code, other: holder }));
      const other = owner.get(code);
      if (other === undefined) owner.set(code, number);
      else found.push(finding(number, 'communities', 'twice', { value: code, other }));
    }
  }
  return found;
}

export function checkAgreementRows(rows: readonly Numbered<AgreementRow>[], known: KnownPeople): Finding[] {
  const found = doubled(rows, 'code', (row) => row.code);
  for (const { number, value } of rows) {
    if (!known.committees.has(value.committee)) found.push(unknown(number, 'committee', value.committee, 'committees'));
    if (known.members.get(value.member) !== value.committee) found.push(unknown(number, 'member', value.member, 'members'));
    if ((value.becomes === null) !== (value.becomes_code === null)) found.push(finding(number, 'becomes_code', 'empty'));
    found.push(...inOrder(number, 'ends', value.signed, value.ends));
  }
  return found;
}

export function checkResolutionRows(rows: readonly Numbered<ResolutionRow>[], known: KnownPeople): Finding[] {
  const found = doubled(rows, 'code', (row) => row.code);
  for (const { number, value } of rows) {
    if (!known.conferences.has(value.conference)) found.push(unknown(number, 'conference', value.conference, 'conferences'));
    const [kind, code] = value.owner.split(':') as [keyof typeof OWNERS, string];
    if (kind === 'member' ? !known.members.has(code) : !known.places.has(code))
      found.push(unknown(number, 'owner', value.owner, OWNERS[kind]));
  }
  return found;
}
