/** Accounts, sessions, failed tries and the record of who signed in, signed out or was refused. */
import { type Kysely, sql } from 'kysely';

export async function up(db: Kysely<never>): Promise<void> {
  // A role without its place would see nothing, or by a slip everything: the row is refused instead.
  await sql`
    create table account (
      district      integer not null,
      account       text not null check (account ~ '^[a-z0-9][a-z0-9.-]{0,79}$'),
      role          text not null check (role in ('gridWorker', 'community', 'subdistrict', 'district', 'unit', 'member', 'leader', 'auditor', 'admin')),
      name_zh       text not null,
      name_en       text not null,
      subdistrict   text check (subdistrict ~ '^[0-9]{9}$'),
      community     text check (community ~ '^[0-9]{12}$'),
      cell          text check (cell ~ '^[0-9]{15}$'),
      unit          text,
      communities   text[],
      password_hash text not null,
      disabled      boolean not null default false,
      created_at    timestamptz not null default app_now(),
      primary key (district, account),
      constraint account_place check (case role
        when 'gridWorker' then cell is not null and community = left(cell, 12) and subdistrict = left(cell, 9)
        when 'community' then community is not null and subdistrict = left(community, 9)
        when 'subdistrict' then subdistrict is not null
        when 'unit' then unit is not null
        when 'member' then communities is not null
        when 'leader' then communities is not null
        else true
      end)
    )`.execute(db);
  // Only the token's sha-256: who reads this table, or a backup of it, cannot sign in with it.
  await sql`
    create table session (
      district   integer not null,
      id         uuid not null,
      token_hash bytea not null check (octet_length(token_hash) = 32),
      account    text not null,
      created_at timestamptz not null default app_now(),
      expires_at timestamptz not null,
      ended_at   timestamptz,
      primary key (district, id),
      constraint session_token unique (district, token_hash),
      foreign key (district, account) references account (district, account) on delete cascade
    )`.execute(db);
  await sql`
    create index session_ended on session (district, ended_at) where ended_at is not null;
    create index session_expires on session (district, expires_at);
    create index session_account on session (district, account) where ended_at is null`.execute(db);
  // The subject is a sha-256: people type passwords into the account field, and addresses are personal data.
  await sql`
    create table sign_in_tries (
      district integer not null,
      kind     text not null check (kind in ('account', 'address')),
      subject  bytea not null check (octet_length(subject) = 32),
      tried_at timestamptz[] not null,
      primary key (district, kind, subject)
    ) with (fillfactor = 70)`.execute(db);
  await sql`
    create table audit (
      district integer not null,
      id       bigint generated always as identity,
      at       timestamptz not null default app_now(),
      what     text not null check (what in ('signed-in', 'sign-in-failed', 'locked-out', 'signed-out', 'account-disabled', 'refused')),
      account  text,
      session  uuid,
      address  text,
      detail   json not null default '{}',
      primary key (district, id)
    );
    create index audit_account on audit (district, account, id);
    revoke update, delete, truncate on audit from fengming_app`.execute(db);
}
