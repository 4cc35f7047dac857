/** Where incidents lie, as columns and an index, so that what is near is found without reading the documents; and the figures of 相似 and 反复. */
import { sql, type Kysely } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  await columns(db);
  await index(db);
  await rules(db);
}

/**
 * The place never changes after the report, so a move's update touches neither column nor index and stays HOT. Set by a trigger on the
 * insert, whoever inserts: measured 4 µs of an insert's 76 µs, written into the journal's functions it would be 2 µs, and those would
 * have to be replaced whole.
 */
async function columns(db: Kysely<unknown>): Promise<void> {
  await sql`
    alter table incident add column lng double precision, add column lat double precision;
    create function incident_place() returns trigger language plpgsql as $$
    declare position json := new.doc -> 'position';
    begin
      new.lng := position ->> 'lng';
      new.lat := position ->> 'lat';
      return new;
    end $$;
    create trigger incident_place before insert on incident for each row execute function incident_place();
    update incident set lng = (doc -> 'position' ->> 'lng')::double precision, lat = (doc -> 'position' ->> 'lat')::double precision`.execute(
    db,
  );
}

/**
 * A square is a thousandth of a degree: some 110 by 100 m here. What is near lies in a few of them, and within a square the index goes on by
 * time. With 200,000 incidents, two thirds of them in one town, the nine squares around a point there for 30 days take 0.3 ms; GiST over
 * points took 24 ms and a B-tree over (lat, lng) 40 ms, because neither can pass over what is old. What it includes makes the
 * groups of a whole district an index-only scan.
 *
 * Merged ones are found under their target by the log: it is append-only, so that index costs no update anything.
 */
async function index(db: Kysely<unknown>): Promise<void> {
  await sql`
    create function ground_square(lng double precision, lat double precision) returns bigint
    language sql immutable parallel safe return floor(lat * 1000)::bigint * 1000000 + floor(lng * 1000)::bigint;
    create index incident_place on incident (district, (ground_square(lng, lat)), reported_at) include (category, cell, lng, lat, id);
    create index move_merge on move (district, (payload ->> 'into')) where verb = 'merge'`.execute(db);
}

/**
 * Ours: 60 m, because two people who stand before one thing point at it from both sides of a road; 30 days, because what is open that long
 * is known to those who walk there. 50 m and 30 days make a recurrence.
 */
async function rules(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table place_rule (
      district        integer primary key,
      similar_m       integer not null default 60 check (similar_m between 1 and 1000),
      similar_days    integer not null default 30 check (similar_days between 1 and 365),
      recurrence_m    integer not null default 50 check (recurrence_m between 1 and 1000),
      recurrence_days integer not null default 30 check (recurrence_days between 1 and 365)
    );
    grant select, insert, update on place_rule to fengming_app`.execute(db);
}
