/** How long each step took, read off the log once; and who took data out of the house. */
import { type Kysely, sql } from 'kysely';

export async function up(db: Kysely<never>): Promise<void> {
  await stepTimes(db);
  await audit(db);
}

/**
 * One row for each run of a clock. Figures of a month read these some thousand rows by an index; from the log itself each of them would open
 * every payload of the month. Rows follow the log and can be made anew from it: delete them, and set the cursor to 0.
 */
async function stepTimes(db: Kysely<never>): Promise<void> {
  await sql`
    create table step_time (
      district   integer not null,
      incident   uuid not null,
      clock      text not null,
      started_at timestamptz not null,
      ended_at   timestamptz,
      ended_by   text,
      ended_to   text,
      -- A closing that was taken back: the incident was reopened.
      undone     boolean not null default false,
      -- Null while the clock stands still: then it cannot run out.
      due_at     timestamptz,
      limit_ms   bigint not null,
      used_ms    bigint,
      running    json,
      -- When it was known whether it was in time: at its end, or when its limit ran out.
      verdict_at timestamptz generated always as (least(ended_at, due_at)) stored,
      primary key (district, incident, clock, started_at),
      constraint step_time_ended check ((ended_at is null) = (ended_by is null) and (ended_at is null) = (ended_to is null))
    ) with (fillfactor = 80)`.execute(db);
  await sql`
    create index step_time_verdict on step_time (district, verdict_at);
    create index step_time_closed on step_time (district, ended_at) where clock = 'total' and ended_to = 'closed'`.execute(db);
  // Up to where the log has been read; its lock lets one node write at a time.
  await sql`
    create table assessment_cursor (
      district integer primary key,
      seq      bigint not null check (seq >= 0)
    ) with (fillfactor = 10)`.execute(db);
}

async function audit(db: Kysely<never>): Promise<void> {
  await sql`
    alter table audit drop constraint audit_what_check,
      add constraint audit_what_check check (what in
        ('signed-in', 'sign-in-failed', 'locked-out', 'signed-out', 'account-disabled', 'refused', 'exported'))`.execute(db);
}
