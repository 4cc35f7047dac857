/** Settings that people change while the service runs: which version holds, who changed what, a district's own limits, and deadlines that have to follow. */
import { sql, type Kysely } from 'kysely';

export async function up(db: Kysely<never>): Promise<void> {
  await sql`
    create table settings_version (
      district integer primary key,
      version  bigint not null check (version > 0)
    )`.execute(db);
  // Beside the audit of sign-ins, because names of holidays stand here: words that people write.
  await sql`
    create table settings_change (
      district integer not null,
      id       bigint generated always as identity,
      at       timestamptz not null default app_now(),
      account  text not null,
      subject  text not null check (subject in ('calendar', 'limits')),
      version  bigint not null,
      before   json not null,
      after    json not null,
      primary key (district, id)
    );
    revoke update, delete, truncate on settings_change from fengming_app`.execute(db);
  // A row here goes before the one that all districts share.
  await sql`
    create table district_limit (
      district integer not null,
      level    text not null,
      clock    text not null,
      value    integer not null check (value > 0),
      unit     text not null check (unit in ('minutes', 'hours', 'workdays')),
      kind     text not null check (kind in ('working', 'continuous')),
      primary key (district, level, clock),
      foreign key (level, clock) references level_limit (level, clock),
      check (unit <> 'workdays' or kind = 'working')
    );
    create table district_level_rule (
      district     integer not null,
      level        text not null references level_rule (level),
      extensions   integer not null check (extensions >= 0),
      suspend_days integer not null check (suspend_days >= 0),
      primary key (district, level)
    )`.execute(db);
  // Deadlines of open incidents follow an edit of the calendar: a walk over all of them in the order of their ids, which any node takes up where another left it.
  await sql`
    create table recount (
      district    integer not null,
      version     bigint not null,
      account     text not null,
      asked_at    timestamptz not null default app_now(),
      -- seq of the log's newest move when it was asked for.
      head        bigint not null,
      -- The second walk finds what a node that had not heard of the edit has started meanwhile.
      walk        smallint not null default 1 check (walk in (1, 2)),
      walk_from   timestamptz not null default app_now(),
      passed      uuid,
      looked      integer not null default 0,
      moved       integer not null default 0,
      finished_at timestamptz,
      checked_at  timestamptz,
      primary key (district, version)
    );
    create index recount_open on recount (district, version) where checked_at is null`.execute(db);
}
