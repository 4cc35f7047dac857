/** When an account was last given other places: every node looks for it as it looks for sessions that ended, and lets go of what it remembers. */
import { type Kysely, sql } from 'kysely';

export async function up(db: Kysely<never>): Promise<void> {
  await sql`
    alter table account add column places_changed_at timestamptz;
    create index account_places_changed on account (district, places_changed_at) where places_changed_at is not null`.execute(db);
}
