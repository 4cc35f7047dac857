/** What people search incidents by, beside them and behind the log: see `src/dispatch/search/`. */
import { sql, type Kysely } from 'kysely';

/**
 * A table of its own, so that neither a report nor a move touches the index: the row of an incident is rewritten by every move, and must stay free of it. The
 * trigram index over the description goes: it could not be used for words of two characters, and each report paid for it.
 *
 * No pending list here: 0036 gives it a small one.
 */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql`
    create table search_entry (
      district integer not null,
      incident uuid not null,
      words    tsvector not null,
      primary key (district, incident)
    );
    create index search_words on search_entry using gin (words) with (fastupdate = off);
    create table search_cursor (
      district integer primary key,
      seq      bigint not null check (seq >= 0)
    ) with (fillfactor = 10);
    drop index incident_description`.execute(db);
}
