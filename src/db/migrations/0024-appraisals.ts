/** 双向考核评议: one appraisal for each quarter, member and direction. */
import { type Kysely, sql } from 'kysely';

export async function up(db: Kysely<never>): Promise<void> {
  // code: quarter, member and direction, so that there is one of each. What is handed in does not change.
  await sql`
    create table appraisal (
      district  integer not null,
      code      text not null,
      quarter   text not null check (quarter ~ '^[0-9]{4}Q[1-4]$'),
      committee text not null,
      place     text not null check (place ~ '^([0-9]{9}|[0-9]{12})$'),
      member    text not null,
      direction text not null check (direction in ('ofUnit', 'ofCommittee')),
      scores    json not null,
      comment   text check (length(comment) <= 2000),
      by        text not null,
      at        timestamptz not null,
      state     text not null check (state in ('draft', 'given')),
      version   integer not null check (version > 0),
      primary key (district, code),
      constraint appraisal_once unique (district, quarter, member, direction),
      foreign key (district, committee) references committee (district, code),
      foreign key (district, member) references member (district, code)
    );
    create index appraisal_place on appraisal (district, place, quarter)`.execute(db);
  await sql`
    create function appraisal_sealed() returns trigger language plpgsql as $body$
    begin
      if old.state = 'given' then raise exception 'an appraisal that was handed in does not change' using errcode = 'integrity_constraint_violation'; end if;
      return new;
    end $body$`.execute(db);
  await sql`create trigger appraisal_sealed before update or delete on appraisal for each row execute function appraisal_sealed()`.execute(
    db,
  );
  await sql`
    create function in_cobuild_appraisal(from_state text, verb text, to_state text) returns boolean
    language plpgsql immutable parallel safe as $body$
    begin return (from_state || ' ' || verb || ' ' || to_state) = any ('{none save draft, draft save draft, none give given, draft give given}'::text[]); end
    $body$`.execute(db);
  await sql`
    alter table cobuild_move add constraint cobuild_appraisal_law
      check (kind <> 'appraisal' or in_cobuild_appraisal(from_state, verb, to_state))`.execute(db);
}
