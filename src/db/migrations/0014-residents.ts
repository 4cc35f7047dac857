/** What residents may do without an account: the district's switches, the key of their links, their ratings, and how many may report within an hour. */
import { type Kysely, sql } from 'kysely';

export async function up(db: Kysely<never>): Promise<void> {
  // No row: nothing of it is allowed.
  await sql`
    create table resident_setting (
      district   integer primary key,
      may_report boolean not null default false,
      see_photos boolean not null default false
    )`.execute(db);
  // Subjects of settings are named by the code: a further one needs no migration.
  await sql`
    alter table settings_change drop constraint settings_change_subject_check;
    alter table settings_change add constraint settings_change_subject_check check (subject ~ '^[a-z][A-Za-z]{0,39}$')`.execute(db);
  // Made at the first start and never changed: with another key every link that was handed out would be void.
  await sql`
    create table resident_key (
      district integer primary key,
      key      bytea not null check (octet_length(key) = 32),
      made_at  timestamptz not null default app_now()
    );
    revoke update, delete, truncate on resident_key from fengming_app`.execute(db);
  // A round ends when the work is undone (a reopened incident, a failed spot check): what comes of it is judged anew.
  await sql`
    create table rating (
      district   integer not null,
      incident   uuid not null,
      round      smallint not null check (round > 0),
      score      smallint not null check (score between 1 and 3),
      comment    text check (char_length(comment) between 1 and 200),
      at         timestamptz not null default app_now(),
      changed_at timestamptz,
      -- SHA-256 of what the device that rated keeps: only it may change the rating.
      device     bytea not null check (octet_length(device) = 32),
      primary key (district, incident, round),
      foreign key (district, incident) references incident (district, id)
    );
    create index rating_at on rating (district, at);
    revoke delete, truncate on rating from fengming_app`.execute(db);
  // A row for the district and one for each community: the reports of the last hour.
  await sql`
    create table resident_quota (
      district integer not null,
      subject  text not null,
      taken    timestamptz[] not null,
      primary key (district, subject)
    ) with (fillfactor = 70)`.execute(db);
  // Whoever had an account of this name would see what nobody's accounts report. Rows of before are left alone.
  await sql`alter table account add constraint account_not_reserved check (account not in ('system', 'resident')) not valid`.execute(db);
}
