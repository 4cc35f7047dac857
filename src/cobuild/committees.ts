/** Committees (大工委, 大党委): their rows, and what is found at each. */
import { type Kysely, sql } from 'kysely';
import type { Schema } from '../db/schema.ts';
import type { Actor } from '../identity/actor.ts';
import type { Committee, Tier } from './chain/committee.ts';
import type { Day, Quarter } from './chain/days.ts';
import { seesPlace } from './place-filter.ts';

const COLUMNS = ['code', 'version', 'state', 'tier', 'place', 'name_zh', 'name_en', 'founded', 'calendar_key'] as const;

interface CommitteeRow {
  code: string;
  version: number;
  state: Committee['state'];
  tier: Tier;
  place: string;
  name_zh: string;
  name_en: string;
  founded: string | null;
  calendar_key: string;
}

function committeeFrom({ code, version, state, tier, place, name_zh, name_en, founded, calendar_key }: CommitteeRow): Committee {
  return { code, version, state, tier, place, nameZh: name_zh, nameEn: name_en, founded, calendarKey: calendar_key };
}

export async function findCommittee(db: Kysely<Schema>, district: number, code: string): Promise<Committee | null> {
  const row = await db.selectFrom('committee').select(COLUMNS).where('district', '=', district).where('code', '=', code).executeTakeFirst();
  return row === undefined ? null : committeeFrom(row);
}

/** Locked to the end of the transaction: who adds to a committee does so one after the other. */
export async function lockCommittee(tx: Kysely<Schema>, district: number, code: string): Promise<Committee | null> {
  const row = await tx
    .selectFrom('committee')
    .select(COLUMNS)
    .where('district', '=', district)
    .where('code', '=', code)
    .forUpdate()
    .executeTakeFirst();
  return row === undefined ? null : committeeFrom(row);
}

/** @returns false when the place has a committee already, or the code is taken. */
export async function insertCommittee(tx: Kysely<Schema>, district: number, committee: Committee): Promise<boolean> {
  const { nameZh, nameEn, calendarKey, ...same } = committee;
  const row = await tx
    .insertInto('committee')
    .values({ district, ...same, name_zh: nameZh, name_en: nameEn, calendar_key: calendarKey })
    .onConflict((on) => on.doNothing())
    .returning('code')
    .executeTakeFirst();
  return row !== undefined;
}

export async function writeCommittee(tx: Kysely<Schema>, district: number, { code, version, state, nameZh, nameEn, founded }: Committee) {
  await tx
    .updateTable('committee')
    .set({ version, state, name_zh: nameZh, name_en: nameEn, founded })
    .where('district', '=', district)
    .where('code', '=', code)
    .execute();
}

/** What stands at a committee beside its name. */
export interface CommitteeFigures {
  readonly members: number;
  /** Of them with a term that ends within 30 days. */
  readonly ending: number;
  readonly proposed: number;
  readonly agreements: number;
  readonly openResolutions: number;
  readonly overdueResolutions: number;
  /** The meeting of the quarter: null when none is set. */
  readonly conference: { readonly code: string; readonly state: string; readonly startsAt: Date } | null;
}

/** Those whose place the actor sees, by place. */
export async function listCommittees(
  db: Kysely<Schema>,
  district: number,
  actor: Actor,
  { today, quarter, warnDays, dissolved }: { today: Day; quarter: Quarter; warnDays: number; dissolved: boolean },
): Promise<(Committee & CommitteeFigures)[]> {
  const { rows } = await sql<
    CommitteeRow & {
      members: number;
      ending: number;
      proposed: number;
      agreements: number;
      open: number;
      overdue: number;
      conference: string | null;
      conference_state: string | null;
      starts_at: Date | null;
    }
  >`
    select c.code, c.version, c.state, c.tier, c.place, c.name_zh, c.name_en, c.founded, c.calendar_key, m.members, m.ending, m.proposed, a.agreements, r.open,
      r.overdue, k.code as conference, k.state as conference_state, k.starts_at
    from committee c
    cross join lateral (
      select count(*) filter (where state = 'appointed' and term_end >= ${today}::date)::int as members,
        count(*) filter (where state = 'appointed' and term_end between ${today}::date and ${today}::date + ${warnDays}::int)::int as ending,
        count(*) filter (where state = 'proposed')::int as proposed
      from member where district = c.district and committee = c.code) m
    cross join lateral (
      select count(*)::int as agreements from agreement where district = c.district and committee = c.code and state = 'active') a
    cross join lateral (
      select count(*)::int as open, count(*) filter (where due_on < ${today}::date)::int as overdue
      from resolution where district = c.district and committee = c.code and state = 'open') r
    left join conference k on k.district = c.district and k.committee = c.code and k.quarter = ${quarter} and k.state <> 'cancelled'
    where c.district = ${district} and ${seesPlace(actor, sql.ref('c.place'))} ${dissolved ? sql`` : sql`and c.state = 'active'`}
    order by c.place, c.code`.execute(db);
  return rows.map(({ open, overdue, conference, conference_state, starts_at, ...row }) => ({
    ...committeeFrom(row),
    members: row.members,
    ending: row.ending,
    proposed: row.proposed,
    agreements: row.agreements,
    openResolutions: open,
    overdueResolutions: overdue,
    conference: conference === null ? null : { code: conference, state: conference_state!, startsAt: starts_at! },
  }));
}

/** Something at the committee would be left without one. */
export async function isInUse(tx: Kysely<Schema>, district: number, code: string, today: Day): Promise<boolean> {
  const { rows } = await sql<{ used: boolean }>`
    select exists (select from member where district = ${district} and committee = ${code} and state = 'appointed' and term_end >= ${today}::date)
      or exists (select from agreement where district = ${district} and committee = ${code} and state in ('offered', 'active'))
      or exists (select from resolution where district = ${district} and committee = ${code} and state = 'open') as used`.execute(tx);
  return rows[0]!.used;
}
