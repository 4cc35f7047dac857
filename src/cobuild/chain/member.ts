/**
 * 兼职委员: a part-time member from proposal to the end of the term. The office of the committee proposes; whoever stands above it, or the linked
 * leader of the community, appoints and hands over the certificate (聘书): nobody appoints whom they proposed. Pure.
 */
import { addDays, addYears, type Day, daysBetween } from './days.ts';
import { type CobuildRefusal, refused } from './refusals.ts';
import { type Law, type Part, permit } from './table.ts';

export const MEMBER_STATES = [
  { name: 'proposed', zh: '待聘任', en: 'proposed', end: false },
  { name: 'appointed', zh: '在任', en: 'in term', end: false },
  { name: 'expired', zh: '已到期', en: 'term over', end: false },
  { name: 'ended', zh: '已解聘', en: 'ended', end: true },
  { name: 'rejected', zh: '未聘任', en: 'not appointed', end: true },
] as const;
export type MemberState = (typeof MEMBER_STATES)[number]['name'];

export const MEMBER_MOVES = [
  { from: 'none', verb: 'propose', to: 'proposed', by: ['office', 'above'] },
  { from: 'proposed', verb: 'amend', to: 'proposed', by: ['office', 'above'] },
  { from: 'proposed', verb: 'appoint', to: 'appointed', by: ['above', 'leader'] },
  { from: 'proposed', verb: 'reject', to: 'rejected', by: ['above', 'leader'] },
  { from: 'appointed', verb: 'amend', to: 'appointed', by: ['office', 'above'] },
  { from: 'appointed', verb: 'renew', to: 'appointed', by: ['above', 'leader'] },
  { from: 'appointed', verb: 'end', to: 'ended', by: ['above', 'leader'] },
  { from: 'appointed', verb: 'resign', to: 'ended', by: ['member'] },
  { from: 'appointed', verb: 'expire', to: 'expired', by: ['system'] },
  { from: 'expired', verb: 'renew', to: 'appointed', by: ['above', 'leader'] },
  { from: 'expired', verb: 'end', to: 'ended', by: ['above', 'leader'] },
] as const satisfies Law<MemberState>['moves'];
export type MemberVerb = (typeof MEMBER_MOVES)[number]['verb'];
export const MEMBER_LAW: Law<MemberState, MemberVerb> = { kind: 'member', states: MEMBER_STATES, moves: MEMBER_MOVES };

/** Whose body it is. Source: the article names police, city management, schools, hospitals, enterprises and owners' committees. */
export const ORG_KINDS = [
  'police',
  'enforcement',
  'school',
  'hospital',
  'utility',
  'public-body',
  'enterprise',
  'property',
  'owners',
  'association',
  'cooperative',
  'volunteers',
] as const;
export type OrgKind = (typeof ORG_KINDS)[number];
/** What they are called on pages and in files. */
export const ORG_KIND_WORDS: Readonly<Record<OrgKind, { readonly zh: string; readonly en: string }>> = {
  police: { zh: '公安', en: 'Police' },
  enforcement: { zh: '城管', en: 'City management' },
  school: { zh: '学校', en: 'School' },
  hospital: { zh: '医疗', en: 'Health' },
  utility: { zh: '公用企业', en: 'Utility' },
  'public-body': { zh: '事业单位', en: 'Public body' },
  enterprise: { zh: '企业', en: 'Enterprise' },
  property: { zh: '物业', en: 'Property management' },
  owners: { zh: '业委会', en: 'Owners’ committee' },
  association: { zh: '商会社团', en: 'Association' },
  cooperative: { zh: '合作社', en: 'Cooperative' },
  volunteers: { zh: '社会组织', en: 'Volunteers' },
};

/** Ours: the term of a subdistrict's Party committee is five years; no appointment outlives the body that made it. */
export const LONGEST_TERM_YEARS = 5;
/** Source: the table of mechanisms, "renewal and end of term warned 30 days ahead". */
export const TERM_WARNING_DAYS = 30;

export interface Member {
  readonly code: string;
  readonly version: number;
  readonly state: MemberState;
  readonly committee: string;
  /** Of the committee. */
  readonly place: string;
  readonly orgZh: string;
  readonly orgEn: string;
  readonly orgKind: OrgKind | null;
  /** Personal data: the pages show it by scope, no frame carries it. */
  readonly personZh: string;
  readonly personEn: string;
  readonly postZh: string;
  readonly postEn: string;
  /** The responding unit that the body also is. */
  readonly unit: string | null;
  /** First and last day of the term; null before there is one. */
  readonly appointed: Day | null;
  readonly termEnd: Day | null;
  /** Number of the certificate that holds. */
  readonly certificate: string | null;
  /** Account: whoever proposed does not appoint. */
  readonly proposedBy: string | null;
}

export type MemberDetails = Pick<Member, 'orgZh' | 'orgEn' | 'orgKind' | 'personZh' | 'personEn' | 'postZh' | 'postEn' | 'unit'>;

export type MemberCommand =
  | ({ readonly verb: 'amend' } & Partial<MemberDetails>)
  | { readonly verb: 'appoint'; readonly from?: Day; readonly until: Day }
  | { readonly verb: 'renew'; readonly until: Day }
  | { readonly verb: 'reject' | 'end' | 'resign'; readonly reason: string }
  | { readonly verb: 'expire' };

/** The term is running on that day: also when nobody has yet written down that it is over. */
export function inTerm({ state, termEnd }: Pick<Member, 'state' | 'termEnd'>, today: Day): boolean {
  return state === 'appointed' && termEnd !== null && today <= termEnd;
}

/** Days until the last day of the term, when that is near enough to speak of; null otherwise. */
export function endsWithin({ state, termEnd }: Pick<Member, 'state' | 'termEnd'>, today: Day): number | null {
  if (state !== 'appointed' || termEnd === null) return null;
  const days = daysBetween(today, termEnd);
  return days >= 0 && days <= TERM_WARNING_DAYS ? days : null;
}

export interface DecidedMember {
  readonly ok: true;
  readonly next: Member;
  /** A new certificate is to be written, for this term. */
  readonly term: { readonly from: Day; readonly until: Day } | null;
}

/** @param actor  account: a second pair of eyes appoints. */
export function decideMember(
  member: Member,
  command: MemberCommand,
  parts: ReadonlySet<Part>,
  { actor, today }: { readonly actor: string; readonly today: Day },
): DecidedMember | CobuildRefusal {
  const permitted = permit(MEMBER_LAW, member.state, command.verb, parts);
  if (!permitted.ok) return permitted;
  const next: Member = { ...member, version: member.version + 1, state: permitted.move.to };
  switch (command.verb) {
    case 'amend': {
      const { verb: _, ...details } = command;
      return { ok: true, next: { ...next, ...details }, term: null };
    }
    case 'appoint':
      if (actor === member.proposedBy) return refused('second-person-needed');
      return withTerm(next, command.from ?? today, command.until, today);
    case 'renew':
      return withTerm(next, startOfNext(member, today), command.until, today);
    case 'reject':
    case 'end':
    case 'resign':
      return { ok: true, next, term: null };
    case 'expire':
      return inTerm(member, today) ? refused('no-such-move') : { ok: true, next, term: null };
  }
}

/** A term goes on where the old one ends; one that is over begins anew today. */
function startOfNext({ termEnd }: Member, today: Day): Day {
  return termEnd === null || termEnd < today ? today : addDays(termEnd, 1);
}

function withTerm(next: Member, from: Day, until: Day, today: Day): DecidedMember | CobuildRefusal {
  if (until <= from || until <= today) return refused('term-too-short', { from });
  if (until > addYears(from, LONGEST_TERM_YEARS)) return refused('term-too-long', { latest: addYears(from, LONGEST_TERM_YEARS) });
  // A renewed term begins where the first one did: from the first day to the last the member is in office.
  const appointed = next.appointed !== null && from > today ? next.appointed : from;
  return { ok: true, next: { ...next, appointed, termEnd: until }, term: { from, until } };
}
