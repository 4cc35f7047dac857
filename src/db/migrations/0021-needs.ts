/** 需求清单: needs and what member units claimed of them; and photos that belong to something else than an incident. */
import { type Kysely, sql } from 'kysely';

export async function up(db: Kysely<never>): Promise<void> {
  await needs(db);
  await counted(db);
  await laws(db);
  await holders(db);
}

async function needs(db: Kysely<never>): Promise<void> {
  // claimed, confirmed: counted from the claims by the trigger below, never written by the service.
  await sql`
    create table need (
      district      integer not null,
      code          text not null,
      committee     text not null,
      place         text not null check (place ~ '^([0-9]{9}|[0-9]{12})$'),
      link          text not null check (link in ('party', 'resource', 'problem', 'security', 'civility')),
      title_zh      text not null check (length(title_zh) between 1 and 200),
      title_en      text,
      note          text check (length(note) <= 2000),
      quantity      integer not null check (quantity > 0),
      unit_zh       text not null,
      unit_en       text,
      published_on  date not null,
      due           date not null check (due >= published_on),
      from_category text,
      incident      uuid,
      claimed       integer not null default 0,
      confirmed     integer not null default 0,
      conferred_at  timestamptz,
      invited_at    timestamptz,
      published_by  text not null,
      ended_at      timestamptz,
      end_reason    text,
      state         text not null check (state in ('open', 'fulfilled', 'withdrawn', 'closed')),
      version       integer not null check (version > 0),
      primary key (district, code),
      foreign key (district, committee) references committee (district, code),
      constraint need_not_more_than_asked check (claimed between 0 and quantity and confirmed between 0 and claimed),
      check ((state = 'open') = (ended_at is null))
    );
    create index need_place on need (district, place, due);
    create unique index need_of_incident on need (district, incident) where state = 'open' and incident is not null`.execute(db);
  await sql`
    create table claim (
      district     integer not null,
      code         text not null,
      need         text not null,
      member       text not null,
      quantity     integer not null check (quantity > 0),
      claimed_on   date not null,
      due          date not null,
      note         text check (length(note) <= 500),
      delivery     text check (length(delivery) <= 2000),
      photos       uuid[] not null default '{}',
      delivered_at timestamptz,
      confirmed_at timestamptz,
      confirmed_by text,
      score        smallint check (score between 1 and 5),
      reason       text,
      unit         text,
      assignment   uuid,
      state        text not null check (state in ('claimed', 'delivered', 'confirmed', 'givenBack', 'lapsed', 'released')),
      version      integer not null check (version > 0),
      primary key (district, code),
      foreign key (district, need) references need (district, code),
      foreign key (district, member) references member (district, code),
      check (assignment is null or unit is not null),
      check (state not in ('delivered', 'confirmed') or delivered_at is not null),
      check ((state = 'confirmed') = (confirmed_at is not null))
    );
    create index claim_need on claim (district, need);
    create index claim_member on claim (district, member);
    create index claim_assignment on claim (district, assignment) where assignment is not null`.execute(db);
}

/**
 * The need's figures follow its claims inside the same transaction. By differences, because of two claims at once each sees only itself:
 * the second waits for the row that the first has changed and adds to what it finds there; more than was asked for meets the CHECK.
 */
async function counted(db: Kysely<never>): Promise<void> {
  await sql`
    create function claim_counts() returns trigger language plpgsql as $body$
    declare
      held integer := 0;
      done integer := 0;
    begin
      if tg_op <> 'INSERT' then
        if old.state in ('claimed', 'delivered', 'confirmed') then held := held - old.quantity; end if;
        if old.state = 'confirmed' then done := done - old.quantity; end if;
      end if;
      if tg_op <> 'DELETE' then
        if new.state in ('claimed', 'delivered', 'confirmed') then held := held + new.quantity; end if;
        if new.state = 'confirmed' then done := done + new.quantity; end if;
      end if;
      if held <> 0 or done <> 0 then
        update public.need n set claimed = n.claimed + held, confirmed = n.confirmed + done
          where n.district = coalesce(new.district, old.district) and n.code = coalesce(new.need, old.need);
      end if;
      return null;
    end $body$`.execute(db);
  await sql`create trigger claim_counts after insert or update or delete on claim for each row execute function claim_counts()`.execute(db);
}

/** The tables of moves of `src/cobuild/chain/need.ts`; a spec compares them. */
async function laws(db: Kysely<never>): Promise<void> {
  await sql`
    create function in_cobuild_need(from_state text, verb text, to_state text) returns boolean
    language plpgsql immutable parallel safe as $body$
    begin return (from_state || ' ' || verb || ' ' || to_state) = any ('{none publish open, open invite open, open confer open, open extend open, open fulfil fulfilled, open withdraw withdrawn, open close closed}'::text[]); end
    $body$`.execute(db);
  await sql`
    create function in_cobuild_claim(from_state text, verb text, to_state text) returns boolean
    language plpgsql immutable parallel safe as $body$
    begin return (from_state || ' ' || verb || ' ' || to_state) = any ('{none claim claimed, claimed join claimed, claimed deliver delivered, claimed giveBack givenBack, claimed lapse lapsed, claimed release released, delivered confirm confirmed, delivered sendBack claimed, delivered release released}'::text[]); end
    $body$`.execute(db);
  await sql`
    alter table cobuild_move
      add constraint cobuild_need_law check (kind <> 'need' or in_cobuild_need(from_state, verb, to_state)),
      add constraint cobuild_claim_law check (kind <> 'claim' or in_cobuild_claim(from_state, verb, to_state))`.execute(db);
}

/** Who may see the photos of a claim, a task or an activity: whoever sees its place. `photo.incident` has the holder's id. */
async function holders(db: Kysely<never>): Promise<void> {
  await sql`
    create table photo_holder (
      district integer not null,
      id       uuid not null,
      kind     text not null,
      code     text not null,
      place    text not null check (place ~ '^([0-9]{6}|[0-9]{9}|[0-9]{12})$'),
      primary key (district, id)
    )`.execute(db);
}
