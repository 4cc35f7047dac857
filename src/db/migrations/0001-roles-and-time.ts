/**
 * The role that the service runs as, and the time that everybody goes by.
 *
 * Tables of later migrations are the owner's; the default privileges below let the service read and write them. Where it may not
 * (the log of moves), the migration that makes the table revokes.
 */
import { type Kysely, sql } from 'kysely';

export async function up(db: Kysely<never>): Promise<void> {
  // Roles belong to the whole cluster: another database of it may make the same one at the same moment.
  await sql`
    do $$
    begin
      if not exists (select from pg_roles where rolname = 'fengming_app') then
        begin
          create role fengming_app nologin;
        exception when duplicate_object or unique_violation then null;
        end;
      end if;
      if not pg_has_role(current_user, 'fengming_app', 'usage') then
        begin
          execute format('grant fengming_app to %I', current_user);
        exception when unique_violation then null;
        end;
      end if;
    exception when insufficient_privilege then
      raise exception using
        errcode = 'insufficient_privilege',
        message = format('%I may neither make nor take the role fengming_app', current_user),
        hint = format('As an administrator: create role fengming_app nologin; grant fengming_app to %I;', current_user);
    end $$`.execute(db);
  await sql`
    grant usage on schema public to fengming_app;
    alter default privileges in schema public grant select, insert, update, delete on tables to fengming_app;
    alter default privileges in schema public grant usage, select on sequences to fengming_app`.execute(db);

  // Only the owner moves time (tests do): the service reads the shift and never sets it.
  await sql`
    create table time_shift (
      one boolean primary key default true check (one),
      ms bigint not null default 0
    );
    insert into time_shift default values;
    revoke insert, update, delete on time_shift from fengming_app`.execute(db);
  await sql`
    create function app_now() returns timestamptz language sql volatile as
    'select clock_timestamp() + ms * interval ''1 millisecond'' from public.time_shift'`.execute(db);
}
