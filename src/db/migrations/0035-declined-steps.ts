/** Steps that ended with a decline, by their end: the figures of a day ask for them. */
import { type Kysely, sql } from 'kysely';

export async function up(db: Kysely<never>): Promise<void> {
  await sql`create index step_time_declined on step_time (district, ended_at) where ended_by = 'decline'`.execute(db);
}
