/** Linked leaders (包联领导): their rows, and the board of what lies in their communities. */
import { type Kysely, sql } from 'kysely';
import type { Schema } from '../db/schema.ts';
import { setCommunities } from '../identity/accounts.ts';
import type { Actor } from '../identity/actor.ts';
import type { Day } from './chain/days.ts';
import type { Leader } from './chain/leader.ts';
import { leaderCode } from './chain/scope.ts';
import { seesPlace } from './place-filter.ts';

const COLUMNS = ['code', 'version', 'state', 'subdistrict', 'person_zh', 'person_en', 'post_zh', 'post_en', 'communities'] as const;

interface LeaderRow {
  code: string;
  version: number;
  state: Leader['state'];
  subdistrict: string;
  person_zh: string;
  person_en: string;
  post_zh: string;
  post_en: string;
  communities: string[];
}

function leaderFrom({ person_zh, person_en, post_zh, post_en, ...same }: LeaderRow): Leader {
  return { ...same, personZh: person_zh, personEn: person_en, postZh: post_zh, postEn: post_en };
}

function columnsOf({ version, state, personZh, personEn, postZh, postEn, communities }: Leader) {
  return { version, state, person_zh: personZh, person_en: personEn, post_zh: postZh, post_en: postEn, communities: [...communities] };
}

/** By subdistrict. A leader sees the own row only, everybody else those of the places in scope. */
export async function listLeaders(db: Kysely<Schema>, district: number, actor: Actor): Promise<Leader[]> {
  const rows = await db
    .selectFrom('leader')
    .select(COLUMNS)
    .where('district', '=', district)
    .where('state', '=', 'linked')
    .where(actor.role === 'leader' ? sql<boolean>`code = ${leaderCode(actor) ?? ''}` : seesPlace(actor, sql.ref('subdistrict')))
    .orderBy('subdistrict')
    .orderBy('code')
    .execute();
  return rows.map(leaderFrom);
}

/** Locked to the end of the transaction, all in one order: two exchanges at once wait for each other and do not cross. */
export async function lockLeaders(tx: Kysely<Schema>, district: number, subdistrict: string): Promise<Leader[]> {
  const rows = await tx
    .selectFrom('leader')
    .select(COLUMNS)
    .where('district', '=', district)
    .where('subdistrict', '=', subdistrict)
    .where('state', '=', 'linked')
    .orderBy('code')
    .forUpdate()
    .execute();
  return rows.map(leaderFrom);
}

export async function findLeader(db: Kysely<Schema>, district: number, code: string): Promise<Leader | null> {
  const row = await db.selectFrom('leader').select(COLUMNS).where('district', '=', district).where('code', '=', code).executeTakeFirst();
  return row === undefined ? null : leaderFrom(row);
}

export async function insertLeader(tx: Kysely<Schema>, district: number, leader: Leader): Promise<void> {
  await tx
    .insertInto('leader')
    .values({ district, code: leader.code, subdistrict: leader.subdistrict, ...columnsOf(leader) })
    .execute();
}

/** With it the scope of the leader's account follows: who looks after a community sees it. */
export async function writeLeader(tx: Kysely<Schema>, district: number, leader: Leader): Promise<void> {
  await tx.updateTable('leader').set(columnsOf(leader)).where('district', '=', district).where('code', '=', leader.code).execute();
  await setCommunities(tx, district, `leader.${leader.code}`, leader.communities);
}

export async function nextLeaderCode(tx: Kysely<Schema>, district: number, subdistrict: string, stem: string): Promise<string> {
  const { rows } = await sql<{ last: number | null }>`
    select max(substring(code from '-([0-9]{2,4})$')::int) as last from leader where district = ${district} and subdistrict = ${subdistrict}`.execute(
    tx,
  );
  return `${stem}-${String((rows[0]?.last ?? 0) + 1).padStart(2, '0')}`;
}

/** What lies in one community, for its linked leader: what is late now, and what waits at its committee. */
export interface CommunityBoard {
  readonly community: string;
  readonly open: number;
  readonly overdue: number;
  /** Late by half of the limit or more: the ladder has told the linked leader (级别二). */
  readonly told: number;
  /** Hours of the latest one; null when none is. */
  readonly worstMinutes: number | null;
  readonly committee: string | null;
  readonly overdueResolutions: number;
  readonly endingTerms: number;
}

export async function boardOf(
  db: Kysely<Schema>,
  district: number,
  communities: readonly string[],
  { now, today, warnDays }: { now: Date; today: Day; warnDays: number },
): Promise<CommunityBoard[]> {
  if (communities.length === 0) return [];
  const { rows } = await sql<{
    community: string;
    open: number;
    overdue: number;
    told: number;
    worst: number | null;
    committee: string | null;
    resolutions: number;
    ending: number;
  }>`
    select q.code as community, i.open, i.overdue, n.told, i.worst, c.code as committee, coalesce(r.late, 0)::int as resolutions,
      coalesce(m.ending, 0)::int as ending
    from unnest(${[...communities]}::text[]) q (code)
    cross join lateral (
      select count(*)::int as open, count(*) filter (where due_at <= ${now})::int as overdue,
        floor(extract(epoch from ${now}::timestamptz - min(due_at) filter (where due_at <= ${now})) / 60)::int as worst
      from incident where district = ${district} and community = q.code and ended_at is null and not drill) i
    cross join lateral (
      select count(distinct t.incident)::int as told from notice t
        join incident late on late.district = t.district and late.id = t.incident and not late.drill
      where t.district = ${district} and t.recipient = 'leader:' || q.code and t.notice = 'overdueLevel2' and t.settled_at is null
        and t.acknowledged_at is null) n
    left join committee c on c.district = ${district} and c.place = q.code and c.state = 'active'
    left join lateral (
      select count(*) as late from resolution
      where district = ${district} and committee = c.code and state = 'open' and due_on < ${today}::date) r on true
    left join lateral (
      select count(*) as ending from member
      where district = ${district} and committee = c.code and state = 'appointed'
        and term_end between ${today}::date and ${today}::date + ${warnDays}::int) m on true
    order by i.overdue desc, i.open desc, q.code`.execute(db);
  return rows.map(({ worst, resolutions, ending, ...row }) => ({
    ...row,
    worstMinutes: worst,
    overdueResolutions: resolutions,
    endingTerms: ending,
  }));
}
