/** Finds the photos and voice notes that no log took: those that were never bound, and those bound to what was never written; each bound one is looked at once, a week later. */
import { type Kysely, sql } from 'kysely';

export async function up(db: Kysely<never>): Promise<void> {
  await sql`
    alter table photo add column taken boolean not null default false;
    alter table photo add constraint photo_taken check (not taken or incident is not null);
    create index photo_not_taken on photo (district, bound_at) where incident is not null and not taken;
    create index photo_unbound on photo (district, uploaded_at) where incident is null;
    alter table voice add column taken boolean not null default false;
    alter table voice add constraint voice_taken check (not taken or incident is not null);
    create index voice_not_taken on voice (district, bound_at) where incident is not null and not taken`.execute(db);
}
