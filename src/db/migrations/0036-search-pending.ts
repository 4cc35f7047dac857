/** The words of new entries are sorted into the index together: see `src/dispatch/search/`. */
import { type Kysely, sql } from 'kysely';

/**
 * An entry has some forty words, and each alone is a walk down the index. 256 kB of entries at a time cost half the CPU of that (measured with
 * `load-tests/micro/search.ts`; ten times as much gains nothing more), and are 32 pages that a search reads through until then.
 */
export async function up(db: Kysely<never>): Promise<void> {
  await sql`alter index search_words set (fastupdate = on, gin_pending_list_limit = 256)`.execute(db);
}
