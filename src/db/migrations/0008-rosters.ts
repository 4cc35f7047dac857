/** Who is on duty: crews, what departs from the pattern, swaps, hand-overs, and which device belongs to which crew. */
import { type Kysely, sql } from 'kysely';

export async function up(db: Kysely<never>): Promise<void> {
  await crews(db);
  await departures(db);
  await handOvers(db);
  await told(db);
  await appendOnly(db);
}

async function crews(db: Kysely<never>): Promise<void> {
  // Counts up with every change of these tables, so that a node knows in one small read whether what it holds is still true.
  await sql`
    create table roster_version (
      district integer primary key,
      version  bigint not null check (version > 0)
    ) with (fillfactor = 10)`.execute(db);
  // place: the order in which crews take turns.
  await sql`
    create table crew (
      district integer not null,
      unit     text not null,
      code     text not null check (code ~ '^[a-z0-9-]{1,20}$'),
      place    integer not null check (place > 0),
      name_zh  text not null,
      name_en  text not null,
      phone    text check (phone ~ '^[0-9+ -]{3,30}$'),
      primary key (district, unit, code),
      constraint crew_place unique (district, unit, place),
      foreign key (district, unit) references unit (district, code) on delete cascade
    )`.execute(db);
  // As many as each unit has by the unit table. Crews of invented units are marked as invented.
  await sql`
    insert into crew (district, unit, code, place, name_zh, name_en)
    select u.district, u.code, n::text, n,
           case when u.name_zh like '演示%' then '演示·' else '' end
             || case when n <= 10 then (array['一','二','三','四','五','六','七','八','九','十'])[n] else n::text end || '班',
           case when u.name_en like 'Demo%' then 'Demo crew ' else 'Crew ' end || n
    from unit u, generate_series(1, u.crews) n`.execute(db);
}

async function departures(db: Kysely<never>): Promise<void> {
  // crew null: nobody, a hole. What is over is not changed: an end is a row of its own, and counts from its time on.
  await sql`
    create table roster_override (
      district  integer not null,
      id        uuid not null,
      unit      text not null,
      starts_at timestamptz not null,
      ends_at   timestamptz not null check (ends_at > starts_at),
      crew      text,
      reason    text not null check (length(reason) between 1 and 500),
      swap      uuid,
      by        text not null,
      at        timestamptz not null default app_now(),
      primary key (district, id)
    );
    create index roster_override_unit on roster_override (district, unit, ends_at)`.execute(db);
  await sql`
    create table roster_override_end (
      district integer not null,
      override uuid not null,
      by       text not null,
      at       timestamptz not null default app_now(),
      primary key (district, override),
      foreign key (district, override) references roster_override (district, id)
    )`.execute(db);
  // One crew asks another to work a shift of its own (gives), and may work one of the other's for it (takes).
  await sql`
    create table roster_swap (
      district    integer not null,
      id          uuid not null,
      unit        text not null,
      crew        text not null,
      other       text not null check (other <> crew),
      gives_from  timestamptz not null,
      gives_until timestamptz not null check (gives_until > gives_from),
      takes_from  timestamptz,
      takes_until timestamptz check (takes_until > takes_from),
      reason      text not null check (length(reason) between 1 and 500),
      by          text not null,
      at          timestamptz not null default app_now(),
      primary key (district, id),
      check ((takes_from is null) = (takes_until is null))
    );
    create index roster_swap_unit on roster_swap (district, unit, at)`.execute(db);
  // One row a swap: of two answers at once the key lets one in.
  await sql`
    create table roster_swap_answer (
      district integer not null,
      swap     uuid not null,
      answer   text not null check (answer in ('accepted', 'declined', 'withdrawn')),
      by       text not null,
      at       timestamptz not null default app_now(),
      primary key (district, swap),
      foreign key (district, swap) references roster_swap (district, id)
    )`.execute(db);
}

async function handOvers(db: Kysely<never>): Promise<void> {
  // One for each change of crew. open_work: what was unfinished then, as it was.
  await sql`
    create table hand_over (
      district  integer not null,
      id        uuid not null,
      unit      text not null,
      change_at timestamptz not null,
      from_crew text not null,
      to_crew   text not null,
      note      text not null check (length(note) <= 2000),
      open_work json not null,
      by        text not null,
      at        timestamptz not null default app_now(),
      primary key (district, id),
      constraint hand_over_change unique (district, unit, change_at)
    )`.execute(db);
  await sql`
    create table hand_over_taken (
      district  integer not null,
      hand_over uuid not null,
      by        text not null,
      at        timestamptz not null default app_now(),
      primary key (district, hand_over),
      foreign key (district, hand_over) references hand_over (district, id)
    )`.execute(db);
  // The last row of a session counts; crew null: signed off. until: as known then, for the record.
  await sql`
    create table session_duty (
      district integer not null,
      id       bigint generated always as identity,
      session  uuid not null,
      unit     text not null,
      crew     text,
      until    timestamptz,
      by       text not null,
      at       timestamptz not null default app_now(),
      primary key (district, id)
    );
    create index session_duty_at on session_duty (district, at)`.execute(db);
}

async function told(db: Kysely<never>): Promise<void> {
  // What was told of a roster, each once: a hole by the shift that it leaves empty, a hand-over by its change.
  await sql`
    create table roster_warning (
      district   integer not null,
      unit       text not null,
      what       text not null check (what in ('hole', 'handOver')),
      of_at      timestamptz not null,
      recipients text[] not null,
      at         timestamptz not null default app_now(),
      primary key (district, unit, what, of_at)
    )`.execute(db);
}

/** These rows say who was to be there: the service adds to them and changes none. */
async function appendOnly(db: Kysely<never>): Promise<void> {
  await sql`
    revoke update, delete, truncate on roster_override, roster_override_end, roster_swap, roster_swap_answer, hand_over, hand_over_taken,
      session_duty, roster_warning from fengming_app`.execute(db);
}
