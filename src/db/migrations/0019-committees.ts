/** 共建共治: its log, and people and papers – committees, part-time members, linked leaders, certificates, conferences, resolutions, agreements. */
import { type Kysely, sql } from 'kysely';

export async function up(db: Kysely<never>): Promise<void> {
  await log(db);
  await people(db);
  await conferences(db);
  await agreements(db);
  await laws(db);
}

async function log(db: Kysely<never>): Promise<void> {
  // What an object is is in its own table; this says how it became so. Its versions are gapless, and the key lets one of two writers in.
  await sql`
    create table cobuild_move (
      district   integer not null,
      seq        bigint generated always as identity,
      kind       text not null check (kind ~ '^[a-z][a-z_]{2,30}$'),
      object     text not null,
      version    integer not null check (version > 0),
      verb       text not null,
      from_state text not null,
      to_state   text not null,
      actor      text not null,
      at         timestamptz not null,
      payload    json not null,
      primary key (district, seq),
      constraint cobuild_move_version unique (district, kind, object, version)
    );
    create trigger cobuild_move_append_only before update or delete or truncate on cobuild_move
      for each statement execute function refuse_change_of_log();
    revoke all on cobuild_move from fengming_app;
    grant select, insert on cobuild_move to fengming_app`.execute(db);
  // What each key was answered. tells: whom the act still has to tell; null when they were.
  await sql`
    create table cobuild_answer (
      district integer not null,
      account  text not null,
      key      uuid not null,
      digest   text not null,
      answer   json not null,
      tells    json,
      at       timestamptz not null,
      primary key (district, account, key)
    );
    create index cobuild_answer_untold on cobuild_answer (district, at) where tells is not null`.execute(db);
}

async function people(db: Kysely<never>): Promise<void> {
  // Version 0: nothing of it is in the log yet.
  await sql`
    alter table committee
      add column version integer not null default 0 check (version >= 0),
      add column state   text not null default 'active' check (state in ('active', 'dissolved')),
      add column founded date,
      -- Whoever has it may subscribe to the committee's calendar without an account, as calendars do.
      add column calendar_key text not null default replace(gen_random_uuid()::text, '-', '');
    create unique index committee_of_place on committee (district, place) where state = 'active'`.execute(db);
  await sql`
    alter table leader
      add column version integer not null default 0 check (version >= 0),
      add column state   text not null default 'linked' check (state in ('linked', 'relieved'))`.execute(db);
  // appointed, term_end: the first and the last day of the term.
  await sql`
    alter table member
      add column version     integer not null default 0 check (version >= 0),
      add column state       text not null default 'proposed' check (state in ('proposed', 'appointed', 'expired', 'ended', 'rejected')),
      add column org_kind    text,
      add column appointed   date,
      add column term_end    date check (term_end > appointed),
      add column certificate text,
      add column proposed_by text,
      add constraint member_term check (state not in ('appointed', 'expired') or (appointed is not null and term_end is not null));
    create index member_of_committee on member (district, committee);
    create index member_ending on member (district, term_end) where state = 'appointed'`.execute(db);
  // One row for each paper that was handed over. What it says stays what it said; ended_on: when it stopped to hold before its last day.
  // check_key: in the QR code, so that numbers that were guessed open nothing.
  await sql`
    create table certificate (
      district  integer not null,
      number    text not null check (length(number) between 3 and 40),
      member    text not null,
      from_on   date not null,
      until_on  date not null check (until_on > from_on),
      ended_on  date,
      check_key text not null check (check_key ~ '^[A-Za-z0-9_-]{22}$'),
      issued_at timestamptz not null,
      issued_by text not null,
      primary key (district, number),
      foreign key (district, member) references member (district, code)
    );
    create index certificate_of_member on certificate (district, member);
    create table certificate_counter (
      district integer not null,
      year     integer not null,
      last     integer not null check (last > 0),
      primary key (district, year)
    );
    revoke delete, truncate on certificate, certificate_counter, member, committee, leader from fengming_app`.execute(db);
}

async function conferences(db: Kysely<never>): Promise<void> {
  await sql`
    create table conference (
      district  integer not null,
      code      text not null,
      version   integer not null check (version > 0),
      state     text not null check (state in ('planned', 'announced', 'held', 'cancelled')),
      committee text not null,
      quarter   text not null check (quarter ~ '^[0-9]{4}Q[1-4]$'),
      starts_at timestamptz not null,
      venue_zh  text not null,
      venue_en  text not null,
      agenda    json not null,
      minutes   text not null check (length(minutes) <= 20000),
      attended  text[] not null,
      primary key (district, code),
      foreign key (district, committee) references committee (district, code)
    );
    create unique index conference_of_quarter on conference (district, committee, quarter) where state <> 'cancelled'`.execute(db);
  await sql`
    create table conference_reply (
      district   integer not null,
      conference text not null,
      member     text not null,
      coming     boolean not null,
      note       text not null,
      at         timestamptz not null,
      primary key (district, conference, member),
      foreign key (district, conference) references conference (district, code),
      foreign key (district, member) references member (district, code)
    )`.execute(db);
  await sql`
    create table resolution (
      district   integer not null,
      code       text not null,
      version    integer not null check (version > 0),
      state      text not null check (state in ('open', 'closed', 'dropped')),
      conference text not null,
      committee  text not null,
      text       text not null check (length(text) between 1 and 500),
      owner      text not null check (owner ~ '^(member|community|subdistrict):[a-z0-9-]+$'),
      due_on     date not null,
      progress   text not null,
      outcome    text not null,
      primary key (district, code),
      constraint resolution_outcome check (state <> 'closed' or outcome <> ''),
      foreign key (district, conference) references conference (district, code),
      foreign key (district, committee) references committee (district, code)
    );
    create index resolution_open on resolution (district, due_on) where state = 'open';
    create index resolution_of_conference on resolution (district, conference);
    revoke delete, truncate on conference, conference_reply, resolution from fengming_app`.execute(db);
}

async function agreements(db: Kysely<never>): Promise<void> {
  await sql`
    create table agreement (
      district      integer not null,
      code          text not null,
      version       integer not null check (version > 0),
      state         text not null check (state in ('offered', 'active', 'expired', 'ended', 'declined', 'withdrawn')),
      committee     text not null,
      member        text not null,
      links         text[] not null check (links <@ '{party,resource,problem,security,civility}'::text[] and cardinality(links) > 0),
      from_on       date not null,
      until_on      date not null check (until_on > from_on),
      signed_on     date,
      commitment_zh text not null,
      commitment_en text not null,
      becomes_kind  text check (becomes_kind in ('need', 'resource')),
      becomes_code  text,
      renewal_until date,
      renewal_by    text check (renewal_by in ('office', 'member')),
      primary key (district, code),
      constraint agreement_becomes check ((becomes_kind is null) = (becomes_code is null)),
      constraint agreement_renewal check ((renewal_until is null) = (renewal_by is null)),
      foreign key (district, committee) references committee (district, code),
      foreign key (district, member) references member (district, code)
    );
    create index agreement_of_committee on agreement (district, committee);
    create index agreement_ending on agreement (district, until_on) where state = 'active';
    revoke delete, truncate on agreement from fengming_app`.execute(db);
}

/** What the tables of states allow (`cobuild/chain`); a spec compares them with these functions. By name, as the chain's own: it is cheaper for each insert. */
async function laws(db: Kysely<never>): Promise<void> {
  await sql`
    create function in_cobuild_committee(from_state text, verb text, to_state text) returns boolean
    language plpgsql immutable parallel safe as $body$
    begin return (from_state || ' ' || verb || ' ' || to_state) = any ('{none found active, active amend active,
      active dissolve dissolved}'::text[]); end $body$;
    create function in_cobuild_member(from_state text, verb text, to_state text) returns boolean
    language plpgsql immutable parallel safe as $body$
    begin return (from_state || ' ' || verb || ' ' || to_state) = any ('{none propose proposed, proposed amend proposed,
      proposed appoint appointed, proposed reject rejected, appointed amend appointed, appointed renew appointed, appointed end ended,
      appointed resign ended, appointed expire expired, expired renew appointed, expired end ended}'::text[]); end $body$;
    create function in_cobuild_leader(from_state text, verb text, to_state text) returns boolean
    language plpgsql immutable parallel safe as $body$
    begin return (from_state || ' ' || verb || ' ' || to_state) = any ('{none link linked, linked amend linked, linked take linked,
      linked give linked, linked relieve relieved}'::text[]); end $body$;
    create function in_cobuild_conference(from_state text, verb text, to_state text) returns boolean
    language plpgsql immutable parallel safe as $body$
    begin return (from_state || ' ' || verb || ' ' || to_state) = any ('{none plan planned, planned amend planned,
      planned announce announced, planned hold held, planned cancel cancelled, announced amend announced, announced reply announced,
      announced hold held, announced cancel cancelled, held correct held}'::text[]); end $body$;
    create function in_cobuild_resolution(from_state text, verb text, to_state text) returns boolean
    language plpgsql immutable parallel safe as $body$
    begin return (from_state || ' ' || verb || ' ' || to_state) = any ('{none resolve open, open amend open, open progress open,
      open close closed, open drop dropped, closed reopen open}'::text[]); end $body$;
    create function in_cobuild_agreement(from_state text, verb text, to_state text) returns boolean
    language plpgsql immutable parallel safe as $body$
    begin return (from_state || ' ' || verb || ' ' || to_state) = any ('{none offer offered, none record active, offered amend offered,
      offered sign active, offered decline declined, offered withdraw withdrawn, active offerRenewal active, active renew active,
      active end ended, active expire expired, expired offerRenewal expired, expired renew active}'::text[]); end $body$`.execute(db);
  await sql`
    alter table cobuild_move
      add constraint cobuild_committee_law check (kind <> 'committee' or in_cobuild_committee(from_state, verb, to_state)),
      add constraint cobuild_member_law check (kind <> 'member' or in_cobuild_member(from_state, verb, to_state)),
      add constraint cobuild_leader_law check (kind <> 'leader' or in_cobuild_leader(from_state, verb, to_state)),
      add constraint cobuild_conference_law check (kind <> 'conference' or in_cobuild_conference(from_state, verb, to_state)),
      add constraint cobuild_resolution_law check (kind <> 'resolution' or in_cobuild_resolution(from_state, verb, to_state)),
      add constraint cobuild_agreement_law check (kind <> 'agreement' or in_cobuild_agreement(from_state, verb, to_state))`.execute(db);
}
