/** 挂图作战: plans, their phases and tasks, and each report of progress. */
import { type Kysely, sql } from 'kysely';

export async function up(db: Kysely<never>): Promise<void> {
  // Of a plan and a phase target and done are counted from the tasks below; the columns are the tasks' own.
  await sql`
    create table plan_item (
      district   integer not null references district,
      code       text not null check (code ~ '^[a-z0-9][a-z0-9-]{0,79}$'),
      parent     text,
      level      text not null check (level in ('plan', 'phase', 'task')),
      place      text not null check (place ~ '^([0-9]{6}|[0-9]{9}|[0-9]{12})$'),
      owner_unit text not null,
      name_zh    text not null,
      name_en    text not null,
      starts     date not null,
      ends       date not null check (ends >= starts),
      measure_zh text not null,
      measure_en text not null,
      target     integer not null check (target > 0),
      done       integer not null default 0 check (done between 0 and target),
      state      text not null default 'open' check (state in ('open', 'finished', 'dropped')),
      version    integer not null default 1 check (version > 0),
      primary key (district, code),
      foreign key (district, parent) references plan_item (district, code) deferrable initially deferred,
      foreign key (district, owner_unit) references unit (district, code),
      check ((level = 'plan') = (parent is null)),
      check (level = 'task' or done = 0),
      check (state = 'dropped' or (state = 'finished') = (done = target))
    );
    create index plan_item_parent on plan_item (district, parent)`.execute(db);
  // One row a report: the figure reached by then, never the difference, so that a report told twice counts once.
  await sql`
    create table plan_progress (
      district integer not null,
      plan     text not null,
      version  integer not null,
      day      date not null,
      done     integer not null check (done >= 0),
      note     text check (length(note) between 1 and 500),
      by       text not null,
      at       timestamptz not null default app_now(),
      primary key (district, plan, version),
      foreign key (district, plan) references plan_item (district, code)
    );
    revoke update, delete, truncate on plan_progress from fengming_app`.execute(db);
  // The table of moves of `src/cobuild/chain/plan.ts`; a spec compares the two.
  await sql`
    create function in_cobuild_plan_item(from_state text, verb text, to_state text) returns boolean
    language plpgsql immutable parallel safe as $body$
    begin return (from_state || ' ' || verb || ' ' || to_state) = any ('{none add open, open report open, open finish finished, finished report open, open drop dropped}'::text[]); end
    $body$`.execute(db);
  await sql`
    alter table cobuild_move add constraint cobuild_plan_item_law
      check (kind <> 'plan_item' or in_cobuild_plan_item(from_state, verb, to_state))`.execute(db);
}
