/** Photos, and what their files said of place and time before that was removed from them. */
import { type Kysely, sql } from 'kysely';

export async function up(db: Kysely<never>): Promise<void> {
  // No foreign key to incident: a photo is bound in the moment before the report that carries it is written.
  await sql`
    create table photo (
      district         integer not null,
      id               uuid not null,
      uploaded_by      text not null,
      uploaded_at      timestamptz not null default app_now(),
      key              uuid,
      digest           bytea not null check (octet_length(digest) = 32),
      width            integer not null check (width > 0),
      height           integer not null check (height > 0),
      image            bytea not null,
      thumb            bytea not null,
      proof_lng        double precision check (proof_lng between -180 and 180),
      proof_lat        double precision check (proof_lat between -90 and 90),
      proof_taken_at   timestamptz,
      claimed_taken_at timestamptz,
      incident         uuid,
      bound_at         timestamptz,
      primary key (district, id),
      constraint photo_key unique (district, uploaded_by, key),
      check ((proof_lng is null) = (proof_lat is null)),
      check ((incident is null) = (bound_at is null))
    )`.execute(db);
  // JPEG does not shrink further: trying to would cost each write and read.
  await sql`
    alter table photo alter column image set storage external;
    alter table photo alter column thumb set storage external;
    create index photo_incident on photo (district, incident) where incident is not null`.execute(db);
}
