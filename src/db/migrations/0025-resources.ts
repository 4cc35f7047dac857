/** 资源联享: what member units lend, and its bookings, which cannot overlap. */
import { type Kysely, sql } from 'kysely';

export async function up(db: Kysely<never>): Promise<void> {
  // For "the same resource" and "the same time" in one constraint. Trusted: the owner of a database may make it.
  await sql`create extension if not exists btree_gist`.execute(db);
  await sql`
    create table shared_resource (
      district        integer not null,
      code            text not null,
      member          text not null,
      committee       text not null,
      place           text not null check (place ~ '^([0-9]{9}|[0-9]{12})$'),
      kind            text not null check (kind in ('venue', 'information', 'people', 'equipment')),
      name_zh         text not null check (length(name_zh) between 1 and 200),
      name_en         text,
      quantity        integer not null check (quantity > 0),
      unit_zh         text not null,
      unit_en         text,
      hours           text not null check (hours ~ '^[0-2][0-9]:[0-5][0-9]-[0-2][0-9]:[0-5][0-9]$'),
      notice_minutes  integer not null check (notice_minutes >= 0),
      community       text not null,
      lng             double precision not null,
      lat             double precision not null,
      callable        boolean not null,
      stands_for_type text,
      condition_zh    text,
      condition_en    text,
      state           text not null check (state in ('listed', 'withdrawn')),
      version         integer not null check (version > 0),
      primary key (district, code),
      -- A booking keeps how many there are beside what it takes of them.
      unique (district, code, quantity),
      foreign key (district, member) references member (district, code),
      foreign key (district, committee) references committee (district, code),
      foreign key (district, community) references community (district, code),
      foreign key (district, stands_for_type) references unit_type (district, code),
      check (callable = (stands_for_type is not null))
    );
    create index shared_resource_place on shared_resource (district, place)`.execute(db);
  // slots: which pieces, numbered from 1. Of one piece no two bookings hold at the same time. Looked at when the transaction commits, because
  // pieces are alike and are dealt anew when a booking comes between others. None: its time is past, it holds nothing any more. What has ended
  // keeps the pieces it had, however many there are now.
  await sql`
    create table booking (
      district   integer not null,
      code       text not null,
      resource   text not null,
      capacity   integer not null,
      quantity   integer not null check (quantity > 0),
      slots      int4multirange not null,
      during     tstzrange not null,
      purpose    text not null check (length(purpose) between 1 and 500),
      place      text not null check (place ~ '^([0-9]{6}|[0-9]{9}|[0-9]{12})$'),
      asked_by   text not null,
      asked_at   timestamptz not null,
      incident   uuid,
      need       text,
      activity   text,
      reason     text,
      unit       text,
      assignment uuid,
      ended_at   timestamptz,
      state      text not null check (state in ('asked', 'agreed', 'done', 'refused', 'cancelled', 'lapsed')),
      version    integer not null check (version > 0),
      primary key (district, code),
      foreign key (district, resource, capacity) references shared_resource (district, code, quantity) on update cascade,
      foreign key (district, need) references need (district, code),
      check (not isempty(during) and not lower_inf(during) and not upper_inf(during)),
      check (state not in ('asked', 'agreed') or isempty(slots) or (lower(slots) >= 1 and upper(slots) <= capacity + 1)),
      check (assignment is null or unit is not null),
      constraint booking_not_twice exclude using gist (district with =, resource with =, slots with &&, during with &&)
        where (state in ('asked', 'agreed')) deferrable initially deferred
    );
    create index booking_resource on booking (district, resource, upper(during));
    create index booking_incident on booking (district, incident) where incident is not null`.execute(db);
  await laws(db);
}

/** The tables of moves of `src/cobuild/chain/booking.ts`; a spec compares them. */
async function laws(db: Kysely<never>): Promise<void> {
  await sql`
    create function in_cobuild_shared_resource(from_state text, verb text, to_state text) returns boolean
    language plpgsql immutable parallel safe as $body$
    begin return (from_state || ' ' || verb || ' ' || to_state) = any ('{none list listed, listed amend listed, listed withdraw withdrawn}'::text[]); end
    $body$`.execute(db);
  await sql`
    create function in_cobuild_booking(from_state text, verb text, to_state text) returns boolean
    language plpgsql immutable parallel safe as $body$
    begin return (from_state || ' ' || verb || ' ' || to_state) = any ('{none ask asked, none call agreed, asked agree agreed, asked refuse refused, asked cancel cancelled, asked lapse lapsed, agreed join agreed, agreed cancel cancelled, agreed finish done}'::text[]); end
    $body$`.execute(db);
  await sql`
    alter table cobuild_move
      add constraint cobuild_shared_resource_law check (kind <> 'shared_resource' or in_cobuild_shared_resource(from_state, verb, to_state)),
      add constraint cobuild_booking_law check (kind <> 'booking' or in_cobuild_booking(from_state, verb, to_state))`.execute(db);
}
