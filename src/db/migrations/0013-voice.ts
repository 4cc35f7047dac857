/** Voice notes: a minute of speech beside the words and photos of a report. */
import { type Kysely, sql } from 'kysely';

export async function up(db: Kysely<never>): Promise<void> {
  // No foreign key to incident: a voice note is bound in the moment before the report that carries it is written.
  await sql`
    create table voice (
      district    integer not null,
      id          uuid not null,
      uploaded_by text not null,
      uploaded_at timestamptz not null default app_now(),
      key         uuid,
      digest      bytea not null check (octet_length(digest) = 32),
      type        text not null check (type in ('webm', 'ogg', 'mp4')),
      duration_ms integer not null check (duration_ms >= 0),
      sound       bytea not null,
      incident    uuid,
      bound_at    timestamptz,
      primary key (district, id),
      constraint voice_key unique (district, uploaded_by, key),
      check ((incident is null) = (bound_at is null))
    )`.execute(db);
  // Opus and AAC do not shrink further: trying to would cost each write and read.
  await sql`
    alter table voice alter column sound set storage external;
    create index voice_incident on voice (district, incident) where incident is not null`.execute(db);
}
