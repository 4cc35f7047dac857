/** Finds the voice notes that no report took, so that they can be deleted. */
import { type Kysely, sql } from 'kysely';

export async function up(db: Kysely<never>): Promise<void> {
  await sql`create index voice_unbound on voice (district, uploaded_at) where incident is null`.execute(db);
}
