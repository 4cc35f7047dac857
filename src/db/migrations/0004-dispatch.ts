/**
 * Incidents, the log of their moves, and the two functions that are the only way in.
 *
 * Lock order, for every writer of these tables: the district's feed row, then incidents. The feed row is held to the commit, so that
 * commit order is the order of seq, and a follower that has passed a seq never misses an earlier one.
 */
import { sql, type Kysely } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await tables(db);
  await appendOnly(db);
  await limits(db);
  await journalWrite(db);
  await journalWriteOne(db);
}

async function tables(db: Kysely<unknown>): Promise<void> {
  // One hot row a district: the room lets its new versions stay on the same page.
  await sql`
    create table feed (
      district integer primary key,
      head     bigint not null default 0 check (head >= 0),
      epoch    uuid not null default gen_random_uuid()
    ) with (fillfactor = 10)`.execute(db);
  await sql`
    create table incident (
      district    integer not null,
      id          uuid not null,
      number      text not null,
      version     integer not null check (version > 0),
      state       text not null check (state in ('reported', 'verifying', 'called', 'coordinating', 'dispatched', 'responding', 'handling',
        'suspended', 'disposed', 'checking', 'closed', 'rejected', 'cancelled', 'merged', 'referred')),
      level       smallint not null check (level between 1 and 4),
      category    text not null,
      cell        text not null,
      community   text not null,
      subdistrict text not null,
      reported_by text not null,
      description text not null,
      units       text[] not null,
      lead_unit   text,
      due_at      timestamptz,
      next_due_at timestamptz,
      doc         json not null,
      hash        bytea not null,
      found_at    timestamptz not null,
      reported_at timestamptz not null,
      updated_at  timestamptz not null,
      ended_at    timestamptz,
      primary key (district, id),
      constraint incident_number unique (district, number)
    ) with (fillfactor = 80)`.execute(db);
  // Only columns that an ordinary move leaves alone: its update then touches no index at all (measured: nearly half the cost of a move).
  await sql`
    create index incident_open on incident (district, subdistrict) where ended_at is null;
    create index incident_open_id on incident (district, id) where ended_at is null;
    create index incident_newest on incident (district, reported_at desc, id desc);
    create extension if not exists pg_trgm;
    create index incident_description on incident using gin (description gin_trgm_ops)`.execute(db);
  // json, not jsonb: it keeps the very text that was hashed.
  await sql`
    create table move (
      district   integer not null,
      seq        bigint not null check (seq > 0),
      incident   uuid not null,
      version    integer not null check (version > 0),
      verb       text not null,
      from_state text not null,
      to_state   text not null,
      level      smallint not null check (level between 1 and 4),
      actor      text not null,
      at         timestamptz not null,
      payload    json not null,
      hash       bytea not null,
      key        uuid not null,
      digest     bytea not null,
      primary key (district, seq),
      constraint move_version unique (district, incident, version),
      constraint move_key unique (district, actor, key)
    )`.execute(db);
  // What the chain's table of moves allows; a spec compares the two. A function, because PostgreSQL prepares the expression of a CHECK anew for every INSERT: 130 rows in it
  // cost 660 µs of its time each, called by name 20 µs (measured on 18.4).
  await sql`
    create function in_chain(from_state text, verb text, to_state text) returns boolean
    language plpgsql immutable parallel safe as $body$
    begin
      return (from_state || ' ' || verb || ' ' || to_state) = any ('{
        none report reported, reported call called, reported requestVerification verifying, reported settleOnSpot disposed,
        reported reject rejected, reported withdraw cancelled, reported merge merged, verifying answerVerification reported,
        called accept coordinating, called returnCall reported, called raise called, called merge merged, called refer referred,
        coordinating dispatch dispatched, coordinating reject rejected, coordinating returnCall reported,
        coordinating merge merged, coordinating refer referred, coordinating raise coordinating, dispatched recall coordinating,
        dispatched abort cancelled, responding recall coordinating, responding abort cancelled, handling recall coordinating,
        handling suspend suspended, handling abort cancelled, suspended resume handling, disposed assignCheck checking,
        disposed acceptEvidence closed, checking confirmClose closed, checking failCheck handling, checking failSpotCheck reported,
        closed reopen coordinating, rejected appeal called, merged unmerge reported, referred returnReferral coordinating,
        coordinating forceClose closed, dispatched forceClose closed, handling forceClose closed, suspended forceClose closed,
        coordinating forceClose coordinating, dispatched forceClose dispatched, handling forceClose handling,
        suspended forceClose suspended, called extend called, coordinating extend coordinating, dispatched extend dispatched,
        responding extend responding, handling extend handling, reported urge reported, verifying urge verifying,
        called urge called, coordinating urge coordinating, dispatched urge dispatched, responding urge responding,
        handling urge handling, suspended urge suspended, disposed urge disposed, checking urge checking,
        reported supervise reported, verifying supervise verifying, called supervise called, coordinating supervise coordinating,
        dispatched supervise dispatched, responding supervise responding, handling supervise handling,
        suspended supervise suspended, disposed supervise disposed, checking supervise checking, reported regrade reported,
        verifying regrade verifying, called regrade called, coordinating regrade coordinating, dispatched regrade dispatched,
        responding regrade responding, handling regrade handling, dispatched addUnit dispatched, responding addUnit responding,
        handling addUnit handling, reported comment reported, verifying comment verifying, called comment called,
        coordinating comment coordinating, dispatched comment dispatched, responding comment responding, handling comment handling,
        suspended comment suspended, disposed comment disposed, checking comment checking, reported attach reported,
        verifying attach verifying, called attach called, coordinating attach coordinating, dispatched attach dispatched,
        responding attach responding, handling attach handling, suspended attach suspended, disposed attach disposed,
        checking attach checking, coordinating arbitrate coordinating, dispatched acknowledge dispatched,
        responding acknowledge responding, handling acknowledge handling, dispatched decline dispatched,
        responding decline responding, handling decline handling, dispatched release dispatched, responding release responding,
        handling release handling, dispatched depart dispatched, responding depart responding, handling depart handling,
        dispatched arrive dispatched, responding arrive responding, handling arrive handling, dispatched lapse dispatched,
        responding lapse responding, dispatched finish dispatched, responding finish responding, handling finish handling,
        dispatched acknowledge responding, responding arrive handling, responding finish handling, responding finish disposed,
        handling finish disposed, dispatched decline coordinating, responding decline coordinating, handling decline disposed,
        handling release disposed, responding lapse dispatched
      }'::text[]);
    end $body$`.execute(db);
  await sql`alter table move add constraint move_in_chain check (in_chain(from_state, verb, to_state))`.execute(db);
  await sql`
    create table incident_counter (
      district integer not null,
      day      date not null,
      last     integer not null check (last >= 0),
      primary key (district, day)
    )`.execute(db);
}

/** Nobody changes the log: the service has no right to, and the trigger stops the owner as well. */
async function appendOnly(db: Kysely<unknown>): Promise<void> {
  await sql`
    create function refuse_change_of_log() returns trigger language plpgsql as $$
    begin
      raise exception using errcode = 'restrict_violation', message = format('%s of %s refused: the log is append-only', lower(tg_op), tg_table_name);
    end $$;
    create trigger move_append_only before update or delete or truncate on move
      for each statement execute function refuse_change_of_log();
    revoke all on move, incident, feed, incident_counter from fengming_app;
    grant select, insert on move to fengming_app;
    grant select, insert, update on incident, feed, incident_counter to fengming_app`.execute(db);
}

/**
 * How long each step may take. Source: the level table of the chain's rules. Ours are: `verification` (as the check), `assignCheck`,
 * and the two minutes of R1 before a person is late with what the system should have done at once.
 */
async function limits(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table level_limit (
      level text not null check (level in ('R1', 'R2', 'R3', 'R4')),
      clock text not null check (clock in
        ('call', 'verification', 'accept', 'dispatch', 'acknowledge', 'arrive', 'resolve', 'assignCheck', 'check')),
      value integer not null check (value > 0),
      unit  text not null check (unit in ('minutes', 'hours', 'workdays')),
      kind  text not null check (kind in ('working', 'continuous')),
      primary key (level, clock)
    );
    insert into level_limit (level, clock, value, unit, kind) values
      ('R1', 'call', 2, 'minutes', 'continuous'),
      ('R1', 'verification', 30, 'minutes', 'continuous'),
      ('R1', 'accept', 2, 'minutes', 'continuous'),
      ('R1', 'dispatch', 2, 'minutes', 'continuous'),
      ('R1', 'acknowledge', 2, 'minutes', 'continuous'),
      ('R1', 'arrive', 15, 'minutes', 'continuous'),
      ('R1', 'resolve', 1, 'hours', 'continuous'),
      ('R1', 'assignCheck', 5, 'minutes', 'continuous'),
      ('R1', 'check', 30, 'minutes', 'continuous'),
      ('R2', 'call', 15, 'minutes', 'continuous'),
      ('R2', 'verification', 30, 'minutes', 'continuous'),
      ('R2', 'accept', 15, 'minutes', 'continuous'),
      ('R2', 'dispatch', 15, 'minutes', 'continuous'),
      ('R2', 'acknowledge', 10, 'minutes', 'continuous'),
      ('R2', 'arrive', 30, 'minutes', 'continuous'),
      ('R2', 'resolve', 4, 'hours', 'continuous'),
      ('R2', 'assignCheck', 15, 'minutes', 'continuous'),
      ('R2', 'check', 30, 'minutes', 'continuous'),
      ('R3', 'call', 30, 'minutes', 'working'),
      ('R3', 'verification', 2, 'hours', 'working'),
      ('R3', 'accept', 30, 'minutes', 'working'),
      ('R3', 'dispatch', 30, 'minutes', 'working'),
      ('R3', 'acknowledge', 30, 'minutes', 'working'),
      ('R3', 'arrive', 2, 'hours', 'working'),
      ('R3', 'resolve', 1, 'workdays', 'working'),
      ('R3', 'assignCheck', 30, 'minutes', 'working'),
      ('R3', 'check', 2, 'hours', 'working'),
      ('R4', 'call', 2, 'hours', 'working'),
      ('R4', 'verification', 1, 'workdays', 'working'),
      ('R4', 'accept', 2, 'hours', 'working'),
      ('R4', 'dispatch', 2, 'hours', 'working'),
      ('R4', 'acknowledge', 2, 'hours', 'working'),
      ('R4', 'arrive', 1, 'workdays', 'working'),
      ('R4', 'resolve', 7, 'workdays', 'working'),
      ('R4', 'assignCheck', 2, 'hours', 'working'),
      ('R4', 'check', 1, 'workdays', 'working');
    create table level_rule (
      level        text primary key check (level in ('R1', 'R2', 'R3', 'R4')),
      extensions   integer not null check (extensions >= 0),
      suspend_days integer not null check (suspend_days >= 0)
    );
    insert into level_rule (level, extensions, suspend_days) values ('R1', 0, 0), ('R2', 1, 0), ('R3', 2, 30), ('R4', 2, 365);
    grant select, insert, update, delete on level_limit, level_rule to fengming_app`.execute(db);
}

/**
 * Writes a batch, one transaction a call: the lock is never held over a network round trip.
 *
 * The first statement takes the feed row's lock. VOLATILE under READ COMMITTED gives each later statement a new snapshot, taken under
 * that lock: what rivals committed while we waited is seen. One statement of CTEs would lock incidents first and see an old snapshot.
 * The head goes up by the whole batch, and is set back before anybody can see it if some commands lost their race.
 */
async function journalWrite(db: Kysely<unknown>): Promise<void> {
  await sql`
    create function journal_write(
      p_district integer, p_key uuid[], p_digest bytea[], p_incident uuid[], p_expect integer[] /* 0: a report */, p_verb text[], p_from text[],
      p_to text[], p_actor text[], p_at timestamptz[], p_payload json[], p_prev bytea[], p_hash bytea[], p_level smallint[], p_lead text[],
      p_units text[] /* each an array literal */, p_due timestamptz[], p_next_due timestamptz[], p_ended timestamptz[], p_doc json[],
      -- Read only for reports, as the columns never change after:
      p_number text[], p_category text[], p_cell text[], p_community text[], p_subdistrict text[], p_description text[], p_found timestamptz[],
      out base bigint /* seq of the i-th winner is base + i */, out n integer /* winners */,
      out won integer[] /* their ordinals in order; null when all won */,
      out seen text /* json [[ordinal, seq, incident, version, digest, hash]]: losers whose key was done before */
    ) language plpgsql volatile as $$
    declare total integer := cardinality(p_key);
    begin
      update public.feed f set head = f.head + total where f.district = p_district returning f.head - total into base;
      if base is null then raise exception 'no feed for district %', p_district; end if;
      with c as materialized (
        select p_district as district, * from unnest(p_key, p_digest, p_incident, p_expect, p_verb, p_from, p_to, p_actor, p_at, p_payload, p_prev, p_hash, p_level, p_lead,
            p_units, p_due, p_next_due, p_ended, p_doc, p_number, p_category, p_cell, p_community, p_subdistrict, p_description, p_found)
          with ordinality as t(key, digest, incident, expect, verb, f, t, actor, at, payload, prev, hash, level, lead,
            units, due, next_due, ended, doc, number, category, cell, community, subdistrict, description, found_at, ord)),
      upd as (
        update public.incident i set version = i.version + 1, state = c.t, level = c.level, lead_unit = c.lead, units = c.units::text[],
          due_at = c.due, next_due_at = c.next_due, ended_at = c.ended, doc = c.doc, hash = c.hash, updated_at = c.at
        -- The district too is taken from c: a constant would let the planner, while the table has no statistics, walk all of the district's
        -- incidents and compare each with each command (measured: a second for a batch on a table of some thousand rows).
        from c where c.expect > 0 and i.district = c.district and i.id = c.incident and i.version = c.expect and i.hash = c.prev
        returning c.ord, c.key, c.digest, c.incident, c.expect, c.verb, c.f, c.t, c.level, c.actor, c.at, c.payload, c.hash),
      ins as (
        insert into public.incident (district, id, number, version, state, level, category, cell, community, subdistrict, reported_by, description,
          units, lead_unit, due_at, next_due_at, doc, hash, found_at, reported_at, updated_at, ended_at)
        select p_district, incident, number, 1, t, level, category, cell, community, subdistrict, actor, description,
          units::text[], lead, due, next_due, doc, hash, found_at, at, at, ended
        from c where expect = 0 order by ord
        on conflict (district, id) do nothing returning id),
      ok as (
        select o.*, row_number() over (order by o.ord) rn from (
          select * from upd union all
          select c.ord, c.key, c.digest, c.incident, c.expect, c.verb, c.f, c.t, c.level, c.actor, c.at, c.payload, c.hash
            -- "is true" keeps it a hashed lookup: as a join, planned for a handful of rows, it compared each report with each (measured).
            from c where c.expect = 0 and (c.incident in (select id from ins)) is true) o),
      mv as (
        insert into public.move (district, seq, incident, version, verb, from_state, to_state, level, actor, at, payload, hash, key, digest)
        select p_district, base + rn, incident, expect + 1, verb, f, t, level, actor, at, payload, hash, key, digest from ok)
      select count(*), array_agg(ord order by rn) from ok into n, won;
      if n = total then won := null; return; end if;
      update public.feed f set head = base + n where f.district = p_district;
      -- A repeat nearly always loses by its version or its id, so only losers are looked up. A key used anew on a fresh version fails on
      -- move_key: the writer then halves the batch and looks that key up.
      select json_agg(json_build_array(k.ord, m.seq, m.incident, m.version, encode(m.digest, 'hex'), encode(m.hash, 'hex')))
        from (select p_district as district, * from unnest(p_key, p_actor) with ordinality t(key, actor, ord) offset 0) k
        join public.move m on m.district = k.district and m.actor = k.actor and m.key = k.key
        where not (k.ord = any(coalesce(won, '{}'))) into seen;
    end $$`.execute(db);
}

/** One command alone: the same order of locks, no arrays. */
async function journalWriteOne(db: Kysely<unknown>): Promise<void> {
  await sql`
    create function journal_write_one(
      p_district integer, p_key uuid, p_digest bytea, p_incident uuid, p_expect integer, p_verb text, p_from text, p_to text, p_actor text,
      p_at timestamptz, p_payload json, p_prev bytea, p_hash bytea, p_level smallint, p_lead text, p_units text[], p_due timestamptz,
      p_next_due timestamptz, p_ended timestamptz, p_doc json, p_number text, p_category text, p_cell text, p_community text,
      p_subdistrict text, p_description text, p_found timestamptz,
      out base bigint, out n integer, out won integer[], out seen text
    ) language plpgsql volatile as $$
    begin
      update public.feed f set head = f.head + 1 where f.district = p_district returning f.head - 1 into base;
      if base is null then raise exception 'no feed for district %', p_district; end if;
      if p_expect > 0 then
        update public.incident i set version = i.version + 1, state = p_to, level = p_level, lead_unit = p_lead, units = p_units, due_at = p_due,
          next_due_at = p_next_due, ended_at = p_ended, doc = p_doc, hash = p_hash, updated_at = p_at
        where i.district = p_district and i.id = p_incident and i.version = p_expect and i.hash = p_prev;
      else
        insert into public.incident (district, id, number, version, state, level, category, cell, community, subdistrict, reported_by, description,
          units, lead_unit, due_at, next_due_at, doc, hash, found_at, reported_at, updated_at, ended_at)
        values (p_district, p_incident, p_number, 1, p_to, p_level, p_category, p_cell, p_community, p_subdistrict, p_actor, p_description,
          p_units, p_lead, p_due, p_next_due, p_doc, p_hash, p_found, p_at, p_at, p_ended)
        on conflict (district, id) do nothing;
      end if;
      get diagnostics n = row_count;
      if n = 1 then
        insert into public.move (district, seq, incident, version, verb, from_state, to_state, level, actor, at, payload, hash, key, digest)
        values (p_district, base + 1, p_incident, p_expect + 1, p_verb, p_from, p_to, p_level, p_actor, p_at, p_payload, p_hash, p_key, p_digest);
        return;
      end if;
      update public.feed f set head = base where f.district = p_district;
      select json_build_array(json_build_array(1, m.seq, m.incident, m.version, encode(m.digest, 'hex'), encode(m.hash, 'hex')))
        from public.move m where m.district = p_district and m.actor = p_actor and m.key = p_key into seen;
    end $$`.execute(db);
}
