/** Activities read, and who signed up to them: names and phones only for those who organise. */
import { type Kysely, type Selectable, sql } from 'kysely';
import type { Schema } from '../db/schema.ts';
import type { ActivitySignUpTable, ActivityTable } from '../db/tables/activities.ts';
import type { Actor } from '../identity/actor.ts';
import type { ActivityState, OpenTo } from './chain/activity.ts';
import type { Link } from './chain/links.ts';
import { readsWork } from './place-filter.ts';

export interface Activity {
  readonly code: string;
  readonly committee: string;
  readonly place: string;
  readonly link: Link;
  readonly titleZh: string;
  readonly titleEn: string | null;
  readonly note: string | null;
  readonly venue: string;
  /** Members that organise it. */
  readonly members: readonly string[];
  readonly startsAt: string;
  readonly endsAt: string;
  readonly capacity: number;
  readonly taken: number;
  readonly openTo: OpenTo;
  readonly photos: readonly string[];
  readonly outcome: string | null;
  readonly reason: string | null;
  /** Account. */
  readonly madeBy: string;
  readonly state: ActivityState;
  readonly version: number;
}

/** Those whose place the actor sees, soonest first; of those that are over, the ones since `from`. */
export async function listActivities(db: Kysely<Schema>, actor: Actor, from: Date): Promise<Activity[]> {
  const rows = await db
    .selectFrom('activity')
    .selectAll()
    .where('district', '=', actor.district)
    .where(readsWork(actor, sql.ref('activity.place')))
    .where('ends_at', '>=', from)
    .orderBy('starts_at')
    .orderBy('code')
    .execute();
  return rows.map(activityFrom);
}

/** Announced ones that everybody may come to, soonest first: for residents, so without anything of people. */
export async function openActivities(db: Kysely<Schema>, district: number, now: Date): Promise<Activity[]> {
  const rows = await db
    .selectFrom('activity')
    .selectAll()
    .where('district', '=', district)
    .where('state', '=', 'announced')
    .where('open_to', '=', 'everybody')
    .where('starts_at', '>', now)
    .orderBy('starts_at')
    .orderBy('code')
    .limit(100)
    .execute();
  return rows.map(activityFrom);
}

/** Does the district let people without an account sign up? What was signed up before may be withdrawn all the same. */
export async function residentsMayJoin(db: Kysely<Schema>, district: number): Promise<boolean> {
  const row = await db.selectFrom('resident_setting').select('may_join').where('district', '=', district).executeTakeFirst();
  return row?.may_join ?? false;
}

export async function findActivity(db: Kysely<Schema>, district: number, code: string): Promise<Activity | null> {
  const row = await db.selectFrom('activity').selectAll().where('district', '=', district).where('code', '=', code).executeTakeFirst();
  return row === undefined ? null : activityFrom(row);
}

/** Locked to the end of the transaction: sign-ups to one activity come one after the other. */
export async function lockActivity(tx: Kysely<Schema>, district: number, code: string): Promise<Activity | null> {
  const row = await tx
    .selectFrom('activity')
    .selectAll()
    .where('district', '=', district)
    .where('code', '=', code)
    .forUpdate()
    .executeTakeFirst();
  return row === undefined ? null : activityFrom(row);
}

/** Those who hold a place, in the order in which they came. */
export function readSignUps(db: Kysely<Schema>, district: number, activity: string): Promise<Selectable<ActivitySignUpTable>[]> {
  return db
    .selectFrom('activity_sign_up')
    .selectAll()
    .where('district', '=', district)
    .where('activity', '=', activity)
    .where('state', '=', 'signedUp')
    .orderBy('at')
    .orderBy('id')
    .execute();
}

/** Activities to which this account has signed up. */
export async function signedUpTo(db: Kysely<Schema>, district: number, account: string): Promise<ReadonlySet<string>> {
  const rows = await db
    .selectFrom('activity_sign_up')
    .select('activity')
    .where('district', '=', district)
    .where('account', '=', account)
    .where('state', '=', 'signedUp')
    .execute();
  return new Set(rows.map((row) => row.activity));
}

/** Takes names and phones out of sign-ups of activities that were over before. @returns how many rows. */
export async function forgetPeople(db: Kysely<Schema>, district: number, before: Date): Promise<number> {
  const { numAffectedRows } = await sql`
    update activity_sign_up s set name = null, phone = null, check_hash = null from activity a
    where s.district = ${district} and a.district = s.district and a.code = s.activity and a.ends_at < ${before}::timestamptz
      and (s.name is not null or s.phone is not null or s.check_hash is not null)`.execute(db);
  return Number(numAffectedRows ?? 0n);
}

export function activityFrom(row: Selectable<ActivityTable>): Activity {
  return {
    code: row.code,
    committee: row.committee,
    place: row.place,
    link: row.link,
    titleZh: row.title_zh,
    titleEn: row.title_en,
    note: row.note,
    venue: row.venue,
    members: row.members,
    startsAt: row.starts_at.toISOString(),
    endsAt: row.ends_at.toISOString(),
    capacity: row.capacity,
    taken: row.taken,
    openTo: row.open_to,
    photos: row.photos,
    outcome: row.outcome,
    reason: row.reason,
    madeBy: row.made_by,
    state: row.state,
    version: row.version,
  };
}
