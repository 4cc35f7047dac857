/** Accounts: who may sign in, as which role, and where. */
import { type Kysely, type Selectable, sql } from 'kysely';
import type { Schema } from '../db/schema.ts';
import type { AccountTable } from '../db/tables/identity.ts';
import { abilitiesOf, type Ability } from './abilities.ts';
import type { Actor, Role } from './actor.ts';

/** An account without its password: what a session knows of it. */
export interface Account {
  readonly actor: Actor & { readonly role: Role };
  readonly nameZh: string;
  readonly nameEn: string;
}

/** What `GET /me` says. */
export interface Me extends Omit<Actor, 'role'> {
  readonly role: Role;
  readonly nameZh: string;
  readonly nameEn: string;
  readonly may: readonly Ability[];
}

export interface NewAccount extends Account {
  /** argon2id in PHC form, from `hashPassword`. */
  readonly passwordHash: string;
}

type AccountRow = Pick<
  Selectable<AccountTable>,
  'district' | 'account' | 'role' | 'name_zh' | 'name_en' | 'subdistrict' | 'community' | 'cell' | 'unit' | 'communities'
>;

/** The columns of `accountOf`, as a list for a select. */
export const ACCOUNT_COLUMNS = [
  'account.district',
  'account.account',
  'account.role',
  'account.name_zh',
  'account.name_en',
  'account.subdistrict',
  'account.community',
  'account.cell',
  'account.unit',
  'account.communities',
] as const;

/** Absent columns stay absent: a scope never compares with null. */
export function accountOf(row: AccountRow): Account {
  return {
    actor: {
      account: row.account,
      role: row.role,
      district: row.district,
      ...(row.subdistrict === null ? {} : { subdistrict: row.subdistrict }),
      ...(row.community === null ? {} : { community: row.community }),
      ...(row.cell === null ? {} : { cell: row.cell }),
      ...(row.unit === null ? {} : { unit: row.unit }),
      ...(row.communities === null ? {} : { communities: row.communities }),
    },
    nameZh: row.name_zh,
    nameEn: row.name_en,
  };
}

export function meOf({ actor, nameZh, nameEn }: Account): Me {
  return { ...actor, nameZh, nameEn, may: abilitiesOf(actor.role) };
}

/** Who an account is; null if there is none, or it is closed. */
export async function findActor(db: Kysely<Schema>, district: number, account: string): Promise<Actor | null> {
  const row = await db
    .selectFrom('account')
    .select(ACCOUNT_COLUMNS)
    .where('district', '=', district)
    .where('account', '=', account)
    .where('disabled', '=', false)
    .executeTakeFirst();
  return row === undefined ? null : accountOf(row).actor;
}

/** @throws a database error when the name is taken, has other characters than a–z 0–9 . - or the role lacks its place. */
export async function createAccount(db: Kysely<Schema>, { actor, nameZh, nameEn, passwordHash }: NewAccount): Promise<void> {
  await db
    .insertInto('account')
    .values({
      district: actor.district,
      account: actor.account,
      role: actor.role,
      name_zh: nameZh,
      name_en: nameEn,
      subdistrict: actor.subdistrict ?? null,
      community: actor.community ?? null,
      cell: actor.cell ?? null,
      unit: actor.unit ?? null,
      communities: actor.communities === undefined ? null : [...actor.communities],
      password_hash: passwordHash,
    })
    .execute();
}

/**
 * Closes an account and ends its sessions, in one write. Every node notices within one round of its sweep (`SWEEP_INTERVAL_MS`).
 *
 * @returns false when there is no such account, or it is closed already.
 */
export async function disableAccount(db: Kysely<Schema>, district: number, account: string): Promise<boolean> {
  const { rows } = await sql`
    with closed as (
      update account set disabled = true where district = ${district} and account = ${account} and not disabled returning account
    ), ended as (
      update session set ended_at = app_now()
      where district = ${district} and account in (select account from closed) and ended_at is null
    ), written as (
      insert into audit (district, what, account) select ${district}, 'account-disabled', account from closed
    )
    select account from closed`.execute(db);
  return rows.length > 0;
}

/**
 * Gives an account other communities. Requests, sockets and what goes out to its devices follow within one round of every node's sweep
 * (`SWEEP_INTERVAL_MS`).
 */
export async function setCommunities(db: Kysely<Schema>, district: number, account: string, communities: readonly string[]): Promise<void> {
  const after = sql`${[...communities]}::text[]`;
  await sql`
    update account set communities = ${after}, places_changed_at = app_now()
    where district = ${district} and account = ${account} and communities is distinct from ${after}`.execute(db);
}

/** Gives an account another password and ends its sessions. @returns false when there is no such account. */
export async function setPassword(db: Kysely<Schema>, district: number, account: string, passwordHash: string): Promise<boolean> {
  const { rows } = await sql`
    with changed as (
      update account set password_hash = ${passwordHash} where district = ${district} and account = ${account} returning account
    ), ended as (
      update session set ended_at = app_now()
      where district = ${district} and account in (select account from changed) and ended_at is null
    )
    select account from changed`.execute(db);
  return rows.length > 0;
}
