/** The tables of people and papers that a file can fill. */
import type { Kysely } from 'kysely';
import type { Schema } from '../../db/schema.ts';
import { AGREEMENT_LAW } from '../chain/agreement.ts';
import { COMMITTEE_LAW } from '../chain/committee.ts';
import { CONFERENCE_LAW } from '../chain/conference.ts';
import { LEADER_LAW } from '../chain/leader.ts';
import { MEMBER_LAW } from '../chain/member.ts';
import { RESOLUTION_LAW } from '../chain/resolution.ts';
import { tablesBeside } from './importer.ts';
import { loadAgreements, loadCommittees, loadConferences, loadLeaders, loadMembers, loadResolutions } from './load-people.ts';
import {
  AgreementRow,
  checkAgreementRows,
  checkCommitteeRows,
  checkConferenceRows,
  checkLeaderRows,
  checkMemberRows,
  checkResolutionRows,
  CommitteeRow,
  ConferenceRow,
  type KnownPeople,
  LeaderRow,
  MemberRow,
  ResolutionRow,
} from './people-rows.ts';

async function knownPeople(tx: Kysely<Schema>, district: number): Promise<KnownPeople> {
  const codes = async (table: 'subdistrict' | 'community' | 'unit') =>
    (await tx.selectFrom(table).select('code').where('district', '=', district).execute()).map((row) => row.code);
  const committees = await tx
    .selectFrom('committee')
    .select(['code', 'place'])
    .where('district', '=', district)
    .where('state', '=', 'active')
    .execute();
  const members = await tx.selectFrom('member').select(['code', 'committee']).where('district', '=', district).execute();
  const leaders = await tx
    .selectFrom('leader')
    .select(['code', 'communities'])
    .where('district', '=', district)
    .where('state', '=', 'linked')
    .execute();
  const conferences = await tx
    .selectFrom('conference')
    .select(['code', 'committee', 'quarter', 'state'])
    .where('district', '=', district)
    .execute();
  const certificates = await tx.selectFrom('certificate').select(['number', 'member']).where('district', '=', district).execute();
  const live = conferences.filter((row) => row.state !== 'cancelled');
  return {
    leaders: new Map(leaders.flatMap(({ code, communities }) => communities.map((community) => [community, code]))),
    places: new Set([...(await codes('subdistrict')), ...(await codes('community'))]),
    units: new Set(await codes('unit')),
    committees: new Map(committees.map((row) => [row.code, row.place])),
    members: new Map(members.map((row) => [row.code, row.committee])),
    conferences: new Set(conferences.map((row) => row.code)),
    quarters: new Map(live.map((row) => [`${row.committee} ${row.quarter}`, row.code])),
    certificates: new Map(certificates.map((row) => [row.number, row.member])),
  };
}

const table = tablesBeside(knownPeople);

/** In the order in which they need each other. */
export const PEOPLE_IMPORTS = {
  committees: table<CommitteeRow>(COMMITTEE_LAW.kind, CommitteeRow, checkCommitteeRows, loadCommittees),
  leaders: table<LeaderRow>(LEADER_LAW.kind, LeaderRow, checkLeaderRows, loadLeaders),
  members: table<MemberRow>(MEMBER_LAW.kind, MemberRow, checkMemberRows, loadMembers),
  conferences: table<ConferenceRow>(CONFERENCE_LAW.kind, ConferenceRow, checkConferenceRows, loadConferences),
  agreements: table<AgreementRow>(AGREEMENT_LAW.kind, AgreementRow, checkAgreementRows, loadAgreements),
  resolutions: table<ResolutionRow>(RESOLUTION_LAW.kind, ResolutionRow, checkResolutionRows, loadResolutions),
} as const;
