/** Part-time members (兼职委员): their rows. */
import { type Kysely, sql } from 'kysely';
import type { Schema } from '../db/schema.ts';
import type { Actor } from '../identity/actor.ts';
import type { Tier } from './chain/committee.ts';
import { type Day, dayAt } from './chain/days.ts';
import { inTerm, type Member, type OrgKind } from './chain/member.ts';
import { memberCode } from './chain/scope.ts';
import { seesPlace } from './place-filter.ts';

function select(db: Kysely<Schema>, district: number) {
  return db
    .selectFrom('member as m')
    .innerJoin('committee as c', (on) => on.onRef('c.district', '=', 'm.district').onRef('c.code', '=', 'm.committee'))
    .select([
      'm.code',
      'm.version',
      'm.state',
      'm.committee',
      'c.place',
      'c.tier',
      'm.org_zh',
      'm.org_en',
      'm.org_kind',
      'm.person_zh',
      'm.person_en',
    ])
    .select(['m.post_zh', 'm.post_en', 'm.unit', 'm.appointed', 'm.term_end', 'm.certificate', 'm.proposed_by'])
    .where('m.district', '=', district);
}

type Row = Awaited<ReturnType<ReturnType<typeof select>['execute']>>[number];

function memberFrom(row: Row): Member {
  return {
    code: row.code,
    version: row.version,
    state: row.state,
    committee: row.committee,
    place: row.place,
    orgZh: row.org_zh,
    orgEn: row.org_en,
    orgKind: row.org_kind as OrgKind | null,
    personZh: row.person_zh,
    personEn: row.person_en,
    postZh: row.post_zh,
    postEn: row.post_en,
    unit: row.unit,
    appointed: row.appointed,
    termEnd: row.term_end,
    certificate: row.certificate,
    proposedBy: row.proposed_by,
  };
}

export interface MemberQuery {
  readonly committee?: string | undefined;
  readonly state?: Member['state'] | undefined;
  /** Only terms that end up to that day. */
  readonly endingBy?: Day | undefined;
}

/** Those of committees whose place the actor sees, by committee. */
export async function listMembers(db: Kysely<Schema>, district: number, actor: Actor, query: MemberQuery): Promise<Member[]> {
  const rows = await select(db, district)
    .where(seesPlace(actor, sql.ref('c.place')))
    .$if(query.committee !== undefined, (q) => q.where('m.committee', '=', query.committee!))
    .$if(query.state !== undefined, (q) => q.where('m.state', '=', query.state!))
    .$if(query.endingBy !== undefined, (q) => q.where('m.state', '=', 'appointed').where('m.term_end', '<=', query.endingBy!))
    .orderBy('c.place')
    .orderBy('m.code')
    .execute();
  return rows.map(memberFrom);
}

export async function findMember(db: Kysely<Schema>, district: number, code: string): Promise<Member | null> {
  const row = await select(db, district).where('m.code', '=', code).executeTakeFirst();
  return row === undefined ? null : memberFrom(row);
}

/** Locked to the end of the transaction. */
export async function lockMember(tx: Kysely<Schema>, district: number, code: string): Promise<Member | null> {
  const row = await select(tx, district).where('m.code', '=', code).forUpdate('m').executeTakeFirst();
  return row === undefined ? null : memberFrom(row);
}

/** Of one committee, by code. */
export async function membersOf(db: Kysely<Schema>, district: number, committee: string): Promise<Member[]> {
  const rows = await select(db, district).where('m.committee', '=', committee).orderBy('m.code').execute();
  return rows.map(memberFrom);
}

/** Codes of those whose appointment holds: who is told what happens at the committee. */
export async function appointedTo(db: Kysely<Schema>, district: number, committee: string): Promise<string[]> {
  return (await membersOf(db, district, committee)).filter((member) => member.state === 'appointed').map((member) => member.code);
}

function columnsOf(member: Member) {
  return {
    version: member.version,
    state: member.state,
    org_zh: member.orgZh,
    org_en: member.orgEn,
    org_kind: member.orgKind,
    person_zh: member.personZh,
    person_en: member.personEn,
    post_zh: member.postZh,
    post_en: member.postEn,
    unit: member.unit,
    appointed: member.appointed,
    term_end: member.termEnd,
    certificate: member.certificate,
    proposed_by: member.proposedBy,
  };
}

export async function insertMember(tx: Kysely<Schema>, district: number, member: Member): Promise<void> {
  await tx
    .insertInto('member')
    .values({ district, code: member.code, committee: member.committee, ...columnsOf(member) })
    .execute();
}

export async function writeMember(tx: Kysely<Schema>, district: number, member: Member): Promise<void> {
  await tx.updateTable('member').set(columnsOf(member)).where('district', '=', district).where('code', '=', member.code).execute();
}

/** A member as others of 共建共治 need it. */
export interface MemberAt {
  readonly code: string;
  readonly committee: string;
  readonly place: string;
  readonly tier: Tier;
  /** The responding unit that the body also is. */
  readonly unit: string | null;
  readonly orgZh: string;
  readonly orgEn: string;
  /** In term now: one whose term is over may not act. */
  readonly active: boolean;
}

export async function memberAt(db: Kysely<Schema>, district: number, code: string, now: Date): Promise<MemberAt | null> {
  const row = await select(db, district).where('m.code', '=', code).executeTakeFirst();
  if (row === undefined) return null;
  const { committee, place, tier, unit, org_zh, org_en } = row;
  return { code, committee, place, tier, unit, orgZh: org_zh, orgEn: org_en, active: inTerm(memberFrom(row), dayAt(now)) };
}

/** The member that the actor is; null for everybody else. */
export async function memberOf(db: Kysely<Schema>, actor: Actor, now: Date): Promise<MemberAt | null> {
  const code = memberCode(actor);
  return code === null ? null : memberAt(db, actor.district, code, now);
}

/** The next code of a committee's members: `fengcheng-union-06`. The committee must be locked. */
export async function nextMemberCode(tx: Kysely<Schema>, district: number, committee: string): Promise<string> {
  const { rows } = await sql<{ last: number | null }>`
    select max(substring(code from '-([0-9]{2,4})$')::int) as last from member where district = ${district} and committee = ${committee}`.execute(
    tx,
  );
  return `${committee}-${String((rows[0]?.last ?? 0) + 1).padStart(2, '0')}`;
}
