/** What of people and papers can be taken out as a table, by scope. */
import type { Kysely } from 'kysely';
import type { Schema } from '../../db/schema.ts';
import type { Actor } from '../../identity/actor.ts';
import { AGREEMENT_LAW } from '../chain/agreement.ts';
import { COMMITTEE_LAW, type Committee } from '../chain/committee.ts';
import { CONFERENCE_LAW, type Conference } from '../chain/conference.ts';
import { dayAt, quarterOf } from '../chain/days.ts';
import { LEADER_LAW, type Leader } from '../chain/leader.ts';
import { LINKS } from '../chain/links.ts';
import { MEMBER_LAW, type Member, TERM_WARNING_DAYS } from '../chain/member.ts';
import { RESOLUTION_LAW, type Resolution } from '../chain/resolution.ts';
import { type Law, stateRow } from '../chain/table.ts';
import { listAgreements, type NamedAgreement } from '../agreements.ts';
import { type CommitteeFigures, listCommittees } from '../committees.ts';
import { listConferences } from '../conferences.ts';
import { listLeaders } from '../leaders.ts';
import { listMembers } from '../members.ts';
import { listResolutions } from '../resolutions.ts';
import type { Column, Language } from './sheet.ts';

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
const code = { zh: '编码', en: 'Code', of: (row: { readonly code: string }) => row.code };
const committee = { zh: '委员会', en: 'Committee', of: (row: { readonly committee: string }) => row.committee };

const committees: TableExport<Committee & CommitteeFigures> = {
  columns: [
    code,
    { zh: '名称', en: 'Name', of: said('nameZh', 'nameEn'), width: 36 },
    { zh: '区域', en: 'Place', of: (row) => row.place },
    { zh: '成立', en: 'Founded', of: (row) => row.founded },
    { zh: '状态', en: 'State', of: stateOf(COMMITTEE_LAW) },
    { zh: '在任委员', en: 'Members in term', of: (row) => row.members },
    { zh: '三十日内到期', en: 'Ending within 30 days', of: (row) => row.ending },
    { zh: '履行中协议', en: 'Running agreements', of: (row) => row.agreements },
    { zh: '未办结议定', en: 'Open resolutions', of: (row) => row.openResolutions },
    { zh: '逾期议定', en: 'Overdue resolutions', of: (row) => row.overdueResolutions },
    { zh: '本季会商', en: 'Conference of the quarter', of: (row) => (row.conference === null ? null : dayAt(row.conference.startsAt)) },
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
    code,
    committee,
    { zh: '单位', en: 'Body', of: said('orgZh', 'orgEn'), width: 30 },
    { zh: '姓名', en: 'Name', of: said('personZh', 'personEn') },
    { zh: '单位职务', en: 'Post', of: said('postZh', 'postEn'), width: 24 },
    { zh: '状态', en: 'State', of: stateOf(MEMBER_LAW) },
    { zh: '任期起', en: 'Term from', of: (row) => row.appointed },
    { zh: '任期止', en: 'Term until', of: (row) => row.termEnd },
    { zh: '聘书编号', en: 'Certificate', of: (row) => row.certificate },
    { zh: '处置单位', en: 'Responding unit', of: (row) => row.unit },
  ],
  rows: (db, district, actor) => listMembers(db, district, actor, {}),
};

const leaders: TableExport<Leader> = {
  columns: [
    code,
    { zh: '姓名', en: 'Name', of: said('personZh', 'personEn') },
    { zh: '职务', en: 'Post', of: said('postZh', 'postEn'), width: 30 },
    { zh: '街镇', en: 'Subdistrict', of: (row) => row.subdistrict },
    { zh: '状态', en: 'State', of: stateOf(LEADER_LAW) },
    { zh: '包联社区', en: 'Communities', of: (row) => row.communities.join(';'), width: 60 },
  ],
  rows: listLeaders,
};

const conferences: TableExport<Conference> = {
  columns: [
    code,
    committee,
    { zh: '季度', en: 'Quarter', of: (row) => row.quarter },
    { zh: '日期', en: 'Day', of: (row) => dayAt(row.startsAt) },
    { zh: '地点', en: 'Venue', of: said('venueZh', 'venueEn'), width: 30 },
    { zh: '状态', en: 'State', of: stateOf(CONFERENCE_LAW) },
    { zh: '到会', en: 'Attended', of: (row) => row.attended.length },
    { zh: '纪要', en: 'Minutes', of: (row) => row.minutes, width: 60 },
  ],
  rows: (db, district, actor) => listConferences(db, district, actor, {}),
};

const resolutions: TableExport<Resolution> = {
  columns: [
    code,
    { zh: '会商', en: 'Conference', of: (row) => row.conference, width: 26 },
    { zh: '议定的事', en: 'Resolution', of: (row) => row.text, width: 50 },
    { zh: '承办', en: 'Owner', of: (row) => row.owner, width: 28 },
    { zh: '期限', en: 'Due', of: (row) => row.dueOn },
    { zh: '状态', en: 'State', of: stateOf(RESOLUTION_LAW) },
    { zh: '进展', en: 'Progress', of: (row) => row.progress, width: 40 },
    { zh: '结果', en: 'Outcome', of: (row) => row.outcome, width: 40 },
  ],
  rows: (db, district, actor) => listResolutions(db, district, actor, {}),
};

const LINK_WORDS = new Map<string, (typeof LINKS)[number]>(LINKS.map((link) => [link.code, link]));
const agreements: TableExport<NamedAgreement> = {
  columns: [
    code,
    { zh: '委员会', en: 'Committee', of: said('committeeZh', 'committeeEn'), width: 36 },
    { zh: '单位', en: 'Body', of: said('orgZh', 'orgEn'), width: 30 },
    {
      zh: '五联',
      en: 'Links',
      of: (row, language) =>
        row.links.map((link) => LINK_WORDS.get(link)![language === 'zh-CN' ? 'zh' : 'en']).join(language === 'zh-CN' ? '、' : '; '),
      width: 30,
    },
    { zh: '承诺', en: 'Commitment', of: said('commitmentZh', 'commitmentEn'), width: 50 },
    { zh: '起', en: 'From', of: (row) => row.from },
    { zh: '止', en: 'Until', of: (row) => row.until },
    { zh: '签订', en: 'Signed', of: (row) => row.signedOn },
    { zh: '状态', en: 'State', of: stateOf(AGREEMENT_LAW) },
  ],
  rows: (db, district, actor) => listAgreements(db, district, actor, {}),
};

export const PEOPLE_EXPORTS = { committees, members, leaders, conferences, resolutions, agreements } as const;
