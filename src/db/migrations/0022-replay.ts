/** Which incidents were open in some past hour, without reading all that ever ended. */
import { sql, type Kysely } from 'kysely';

/** Costs a move nothing: what changes `ended_at` writes new index entries anyway, for `incident_open` asks whether it is null. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`create index incident_ended on incident (district, ended_at) where ended_at is not null`.execute(db);
}
