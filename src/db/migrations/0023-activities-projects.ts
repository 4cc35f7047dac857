/** 活动联办 and 动态项目清单: activities with those who take part, projects with their tasks. */
import { type Kysely, sql } from 'kysely';

export async function up(db: Kysely<never>): Promise<void> {
  await activities(db);
  await projects(db);
  await laws(db);
}

async function activities(db: Kysely<never>): Promise<void> {
  // taken: counted from the sign-ups by the trigger below; never more than there is room for.
  await sql`
    create table activity (
      district  integer not null,
      code      text not null,
      committee text not null,
      place     text not null check (place ~ '^([0-9]{9}|[0-9]{12})$'),
      link      text not null check (link in ('party', 'resource', 'problem', 'security', 'civility')),
      title_zh  text not null check (length(title_zh) between 1 and 200),
      title_en  text,
      note      text check (length(note) <= 2000),
      venue     text not null check (length(venue) between 1 and 200),
      members   text[] not null,
      starts_at timestamptz not null,
      ends_at   timestamptz not null check (ends_at > starts_at),
      capacity  integer not null check (capacity > 0),
      taken     integer not null default 0,
      open_to   text not null check (open_to in ('members', 'everybody')),
      photos    uuid[] not null default '{}',
      outcome   text check (length(outcome) <= 2000),
      reason    text,
      made_by   text not null,
      state     text not null check (state in ('announced', 'held', 'cancelled')),
      version   integer not null check (version > 0),
      primary key (district, code),
      foreign key (district, committee) references committee (district, code),
      constraint activity_has_room check (taken between 0 and capacity)
    );
    create index activity_place on activity (district, place, starts_at)`.execute(db);
  // Personal data: name and phone are for the organisers, and go when the activity has been over for half a year. account: of who signed up
  // signed in; check_hash: of the word that a resident without an account got to withdraw by.
  await sql`
    create table activity_sign_up (
      district   integer not null,
      activity   text not null,
      id         uuid not null,
      people     integer not null check (people between 1 and 20),
      account    text,
      member     text,
      name       text check (length(name) between 1 and 60),
      phone      text check (phone ~ '^[0-9+ -]{3,30}$'),
      check_hash bytea,
      at         timestamptz not null,
      state      text not null check (state in ('signedUp', 'withdrawn')),
      came       integer check (came between 0 and people),
      primary key (district, activity, id),
      foreign key (district, activity) references activity (district, code)
    );
    create unique index activity_sign_up_once on activity_sign_up (district, activity, account) where account is not null and state = 'signedUp'`.execute(
    db,
  );
  await sql`
    create function activity_counts() returns trigger language plpgsql as $body$
    declare more integer := 0;
    begin
      if tg_op <> 'INSERT' and old.state = 'signedUp' then more := more - old.people; end if;
      if tg_op <> 'DELETE' and new.state = 'signedUp' then more := more + new.people; end if;
      if more <> 0 then
        update public.activity a set taken = a.taken + more
          where a.district = coalesce(new.district, old.district) and a.code = coalesce(new.activity, old.activity);
      end if;
      return null;
    end $body$`.execute(db);
  await sql`create trigger activity_counts after insert or update or delete on activity_sign_up for each row execute function activity_counts()`.execute(
    db,
  );
}

async function projects(db: Kysely<never>): Promise<void> {
  await sql`
    create table project (
      district  integer not null,
      code      text not null,
      committee text not null,
      place     text not null check (place ~ '^([0-9]{9}|[0-9]{12})$'),
      link      text not null check (link in ('party', 'resource', 'problem', 'security', 'civility')),
      title_zh  text not null check (length(title_zh) between 1 and 200),
      title_en  text,
      note      text check (length(note) <= 2000),
      starts    date not null,
      ends      date not null check (ends >= starts),
      outcome   text check (length(outcome) <= 2000),
      made_by   text not null,
      state     text not null check (state in ('listed', 'done', 'dropped')),
      version   integer not null check (version > 0),
      primary key (district, code),
      foreign key (district, committee) references committee (district, code)
    );
    create index project_place on project (district, place, ends)`.execute(db);
  await sql`
    create table project_task (
      district     integer not null,
      code         text not null,
      project      text not null,
      title_zh     text not null check (length(title_zh) between 1 and 200),
      title_en     text,
      due          date not null,
      member       text,
      percent      integer not null default 0 check (percent between 0 and 100),
      note         text check (length(note) <= 2000),
      photos       uuid[] not null default '{}',
      reason       text,
      delivered_at timestamptz,
      state        text not null check (state in ('open', 'claimed', 'delivered', 'confirmed', 'dropped')),
      version      integer not null check (version > 0),
      primary key (district, code),
      foreign key (district, project) references project (district, code),
      foreign key (district, member) references member (district, code),
      check (state in ('open', 'dropped') or member is not null)
    );
    create index project_task_project on project_task (district, project);
    create index project_task_member on project_task (district, member)`.execute(db);
}

/** The tables of moves of `src/cobuild/chain/activity.ts` and `project.ts`; a spec compares them. */
async function laws(db: Kysely<never>): Promise<void> {
  await sql`
    create function in_cobuild_activity(from_state text, verb text, to_state text) returns boolean
    language plpgsql immutable parallel safe as $body$
    begin return (from_state || ' ' || verb || ' ' || to_state) = any ('{none announce announced, announced amend announced, announced hold held, announced cancel cancelled, held amend held}'::text[]); end
    $body$`.execute(db);
  await sql`
    create function in_cobuild_project(from_state text, verb text, to_state text) returns boolean
    language plpgsql immutable parallel safe as $body$
    begin return (from_state || ' ' || verb || ' ' || to_state) = any ('{none list listed, listed finish done, listed drop dropped}'::text[]); end
    $body$`.execute(db);
  await sql`
    create function in_cobuild_project_task(from_state text, verb text, to_state text) returns boolean
    language plpgsql immutable parallel safe as $body$
    begin return (from_state || ' ' || verb || ' ' || to_state) = any ('{none add open, open claim claimed, open drop dropped, claimed report claimed, claimed deliver delivered, claimed giveBack open, claimed drop dropped, delivered confirm confirmed, delivered sendBack claimed}'::text[]); end
    $body$`.execute(db);
  await sql`
    alter table cobuild_move
      add constraint cobuild_activity_law check (kind <> 'activity' or in_cobuild_activity(from_state, verb, to_state)),
      add constraint cobuild_project_law check (kind <> 'project' or in_cobuild_project(from_state, verb, to_state)),
      add constraint cobuild_project_task_law check (kind <> 'project_task' or in_cobuild_project_task(from_state, verb, to_state))`.execute(
    db,
  );
}
