/** What of people and papers can be taken out as a table, by scope. */
import type { Kysely } from 'kysely';
import { districtTime } from '../../csv.ts';
import type { Schema } from '../../db/schema.ts';
import type { Actor } from '../../identity/actor.ts';
import { AGREEMENT_LAW } from '../chain/agreement.ts';
import { COMMITTEE_LAW, type Committee } from '../chain/committee.ts';
import { CONFERENCE_LAW, type Conference } from '../chain/conference.ts';
import { dayAt, quarterOf } from '../chain/days.ts';
import { LEADER_LAW, type Leader } from '../chain/leader.ts';
import { MEMBER_LAW, type Member, TERM_WARNING_DAYS } from '../chain/member.ts';
import { RESOLUTION_LAW, type Resolution } from '../chain/resolution.ts';
import { type Law, stateRow } from '../chain/table.ts';
import { listAgreements, type NamedAgreement } from '../agreements.ts';
import { type CommitteeFigures, listCommittees } from '../committees.ts';
import { listConferences } from '../conferences.ts';
import { listLeaders } from '../leaders.ts';
import { listMembers } from '../members.ts';
import { listResolutions } from '../resolutions.ts';
import { HEADINGS } from '../import/headings.ts';
import { type Column, columnsOf, type Language } from './sheet.ts';

export interface TableExport<Row> {
  readonly columns: readonly Column<Row>[];
  /** What the actor sees. */
  readonly rows: (db: Kysely<Schema>, district: number, actor: Actor, now: Date) => Promise<readonly Row[]>;
}

const stateOf =
  <S extends string>(law: Law<S>) =>
  ({ state }: { readonly state: S }, language: Language) =>
    language === 'zh-CN' ? stateRow(law, state).zh : stateRow(law, state).en;
const said =
  <K extends string>(zh: K, en: K) =>
  (row: Readonly<Record<K, string>>, language: Language) =>
    language === 'zh-CN' ? row[zh] : row[en];
/** What the clocks of the district show. */
const clockAt = (at: Date): string => districtTime(at).slice(11);

const committees: TableExport<Committee & CommitteeFigures> = {
  columns: [
    ...columnsOf<Committee & CommitteeFigures>('committees', {
      code: (row) => row.code,
      name_zh: { of: (row) => row.nameZh, width: 36 },
      name_en: { of: (row) => row.nameEn, width: 36 },
      tier: (row) => row.tier,
      place: (row) => row.place,
      founded: (row) => row.founded,
      conference_on: (row) => (row.conference === null ? null : dayAt(row.conference.startsAt)),
    }),
    { zh: '状态', en: 'State', of: stateOf(COMMITTEE_LAW) },
    { zh: '在任委员', en: 'Members in term', of: (row) => row.members },
    { zh: '三十日内到期', en: 'Ending within 30 days', of: (row) => row.ending },
    { zh: '履行中协议', en: 'Running agreements', of: (row) => row.agreements },
    { zh: '未办结议定', en: 'Open resolutions', of: (row) => row.openResolutions },
    { zh: '逾期议定', en: 'Overdue resolutions', of: (row) => row.overdueResolutions },
  ],
  rows: (db, district, actor, now) =>
    listCommittees(db, district, actor, {
      today: dayAt(now),
      quarter: quarterOf(dayAt(now)),
      warnDays: TERM_WARNING_DAYS,
      dissolved: true,
    }),
};

const members: TableExport<Member> = {
  columns: [
    ...columnsOf<Member>('members', {
      code: (row) => row.code,
      committee: (row) => row.committee,
      org_zh: { of: (row) => row.orgZh, width: 30 },
      org_en: { of: (row) => row.orgEn, width: 30 },
      org_kind: (row) => row.orgKind,
      person_zh: (row) => row.personZh,
      person_en: (row) => row.personEn,
      post_zh: { of: (row) => row.postZh, width: 24 },
      post_en: { of: (row) => row.postEn, width: 24 },
      appointed: (row) => row.appointed,
      term_end: (row) => row.termEnd,
      certificate: (row) => row.certificate,
      unit: (row) => row.unit,
    }),
    { zh: '状态', en: 'State', of: stateOf(MEMBER_LAW) },
  ],
  rows: (db, district, actor) => listMembers(db, district, actor, {}),
};

const leaders: TableExport<Leader> = {
  columns: [
    ...columnsOf<Leader>('leaders', {
      code: (row) => row.code,
      person_zh: (row) => row.personZh,
      person_en: (row) => row.personEn,
      post_zh: { of: (row) => row.postZh, width: 30 },
      post_en: { of: (row) => row.postEn, width: 30 },
      subdistrict: (row) => row.subdistrict,
      communities: { of: (row) => row.communities, width: 60 },
    }),
    { zh: '状态', en: 'State', of: stateOf(LEADER_LAW) },
  ],
  rows: listLeaders,
};

const conferences: TableExport<Conference> = {
  columns: [
    ...columnsOf<Conference>('conferences', {
      code: (row) => row.code,
      committee: (row) => row.committee,
      quarter: (row) => row.quarter,
      held_on: (row) => dayAt(row.startsAt),
      begins: (row) => clockAt(row.startsAt),
      venue_zh: { of: (row) => row.venueZh, width: 30 },
      venue_en: { of: (row) => row.venueEn, width: 30 },
    }),
    // A word for every state that there is; an import takes those of a date set and a conference held.
    { ...HEADINGS.conferences.state, of: stateOf(CONFERENCE_LAW) },
    ...columnsOf<Conference>('conferences', { minutes_zh: { of: (row) => row.minutes, width: 60 } }),
    { zh: '到会', en: 'Attended', of: (row) => row.attended.length },
  ],
  rows: (db, district, actor) => listConferences(db, district, actor, {}),
};

const resolutions: TableExport<Resolution> = {
  columns: [
    ...columnsOf<Resolution>('resolutions', {
      code: (row) => row.code,
      conference: { of: (row) => row.conference, width: 26 },
      text_zh: { of: (row) => row.text, width: 50 },
      owner: { of: (row) => row.owner, width: 28 },
      due_on: (row) => row.dueOn,
      progress_zh: { of: (row) => row.progress, width: 40 },
      outcome_zh: { of: (row) => row.outcome, width: 40 },
    }),
    { zh: '状态', en: 'State', of: stateOf(RESOLUTION_LAW) },
  ],
  rows: (db, district, actor) => listResolutions(db, district, actor, {}),
};

const agreements: TableExport<NamedAgreement> = {
  columns: [
    ...columnsOf<NamedAgreement>('agreements', { code: (row) => row.code }),
    { zh: '委员会', en: 'Committee', of: said('committeeZh', 'committeeEn'), width: 36 },
    { zh: '单位', en: 'Body', of: said('orgZh', 'orgEn'), width: 30 },
    ...columnsOf<NamedAgreement>('agreements', {
      links: { of: (row) => row.links, width: 30 },
      commitment_zh: { of: (row) => row.commitmentZh, width: 50 },
      commitment_en: { of: (row) => row.commitmentEn, width: 50 },
    }),
    { zh: '起', en: 'From', of: (row) => row.from },
    ...columnsOf<NamedAgreement>('agreements', { ends: (row) => row.until, signed: (row) => row.signedOn }),
    { zh: '状态', en: 'State', of: stateOf(AGREEMENT_LAW) },
    ...columnsOf<NamedAgreement>('agreements', {
      committee: (row) => row.committee,
      member: (row) => row.member,
      becomes: (row) => row.becomes?.kind ?? null,
      becomes_code: (row) => row.becomes?.code ?? null,
    }),
  ],
  rows: (db, district, actor) => listAgreements(db, district, actor, {}),
};

export const PEOPLE_EXPORTS = { committees, members, leaders, conferences, resolutions, agreements } as const;
