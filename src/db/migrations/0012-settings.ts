/** Settings that people change while the service runs: which version of them each node should go by. */
import { sql, type Kysely } from 'kysely';

export async function up(db: Kysely<never>): Promise<void> {
  await sql`
    create table settings_version (
      district integer primary key,
      version  bigint not null check (version > 0)
    )`.execute(db);
}
