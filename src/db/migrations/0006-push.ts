/** Push evidence and the responders' latest positions. */
import { type Kysely, sql } from 'kysely';

export async function up(db: Kysely<never>): Promise<void> {
  // One row for each ring that was written to a socket. No foreign key to the log: the evidence is written behind it and must never hold it up.
  await sql`
    create table push (
      district     integer not null,
      seq          bigint not null,
      assignment   uuid not null,
      session      text not null,
      incident     uuid not null,
      unit         text not null,
      account      text not null,
      device       text not null,
      queued_at    timestamptz not null,
      sent_at      timestamptz not null,
      delivered_at timestamptz,
      shown_at     timestamptz,
      primary key (district, seq, assignment, session)
    ) with (fillfactor = 80)`.execute(db);
  await sql`create index push_incident on push (district, incident)`.execute(db);

  // Latest only: a unit's way is not kept.
  await sql`
    create table unit_position (
      district   integer not null,
      unit       text not null,
      lng        double precision not null check (lng between -180 and 180),
      lat        double precision not null check (lat between -90 and 90),
      accuracy_m double precision check (accuracy_m >= 0),
      at         timestamptz not null,
      primary key (district, unit)
    ) with (fillfactor = 50)`.execute(db);
}
