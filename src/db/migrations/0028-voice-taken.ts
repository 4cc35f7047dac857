/** Finds the voice notes that were bound to an incident whose log never took them: each bound one is looked at once, a week later. */
import { type Kysely, sql } from 'kysely';

export async function up(db: Kysely<never>): Promise<void> {
  await sql`
    alter table voice add column taken boolean not null default false;
    alter table voice add constraint voice_taken check (not taken or incident is not null);
    create index voice_not_taken on voice (district, bound_at) where incident is not null and not taken`.execute(db);
}
