/** Many incidents at once, for the parts that ask how things go with a million of them. */
import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { SearchIndexer } from '../../../src/dispatch/search/indexer.ts';
import { openCore } from './core.ts';
import { postsOf } from './walk.ts';
import { DISTRICT } from '../cluster.ts';

/** Real reports that the filled ones are copies of, in different places. */
const TEMPLATES = 100;
const CHUNK = 250_000;

/** The id of the n-th filled incident, from 0. */
export const filledId = (n: number): string => `00000000-0000-7000-8000-${n.toString(16).padStart(12, '0')}`;
const FILLED_ID = "('00000000-0000-7000-8000-' || lpad(to_hex(n.n), 12, '0'))::uuid";

/**
 * Fills a database that has the world in it. Each incident is reported and open, each with its row in the log; the hashes are those of the
 * report it is copied from, so the log cannot be proved afterwards. The search index has them all, as where a service has been up: else the
 * first minutes of whoever opens it would be spent on that.
 *
 * @param config  login of the owner.
 */
export async function fill(config: pg.ClientConfig, count: number, say: (line: string) => void): Promise<void> {
  const running = await openCore(config);
  for (const post of postsOf(running.reference).slice(0, TEMPLATES)) {
    const answer = await running.core.desk.report(post.report, post.gridWorker, randomUUID());
    if (!answer.ok) throw new Error(`refused: ${JSON.stringify(answer.refusal)}`);
  }
  const search = new SearchIndexer({
    pool: running.db.pool,
    district: DISTRICT,
    onError: (error) => {
      throw error;
    },
  });
  await search.settled();
  await search.stop();
  await running.stop();
  const db = new pg.Client(config);
  await db.connect();
  try {
    await copies(db, count, say);
  } finally {
    await db.end();
  }
}

async function copies(db: pg.Client, count: number, say: (line: string) => void): Promise<void> {
  const startedMs = performance.now();
  const rebuild = await dropIndexes(db);
  await db.query(`create temp table template as
    select row_number() over () - 1 as n, i.*, m.payload, m.key, m.digest, s.words
    from incident i join move m on m.district = i.district and m.incident = i.id join search_entry s on s.district = i.district and s.incident = i.id`);
  const { rows } = await db.query<{ templates: number; head: string }>(
    'select (select count(*)::int from template) as templates, head from feed where district = $1',
    [DISTRICT],
  );
  const { templates, head } = rows[0]!;
  for (let from = 0; from < count; from += CHUNK) {
    const to = Math.min(count, from + CHUNK) - 1;
    const series = `generate_series(${from}, ${to}) n join template t on t.n = n.n % ${templates}`;
    await db.query(`
      insert into incident (district, id, number, version, state, level, category, cell, community, subdistrict, reported_by, description, units, lead_unit,
        due_at, next_due_at, doc, hash, found_at, reported_at, updated_at, ended_at)
      select district, ${FILLED_ID}, 'F' || n.n, 1, state, level, category, cell, community, subdistrict, reported_by, description, units, lead_unit,
        due_at + interval '30 days', next_due_at + interval '30 days', doc, hash, found_at, x.at, x.at, null
      from ${series}, lateral (select now() - interval '1 second' * (${count} - n.n) as at) x`);
    await db.query(`
      insert into move (district, seq, incident, version, verb, from_state, to_state, level, actor, at, payload, hash, key, digest)
      select district, ${head}::bigint + n.n + 1, ${FILLED_ID}, 1, 'report', 'none', 'reported', level, reported_by, now(), payload, hash, uuidv7(), digest
      from ${series}`);
    await db.query(`
      insert into search_entry (district, incident, words) select district, ${FILLED_ID}, words from ${series}`);
  }
  await db.query('update feed set head = head + $1 where district = $2', [count, DISTRICT]);
  await db.query('update search_cursor set seq = (select head from feed where district = $1) where district = $1', [DISTRICT]);
  await db.query("set maintenance_work_mem = '1GB'");
  for (const statement of rebuild) await db.query(statement);
  await db.query('vacuum analyze');
  say(`  filled with ${count.toLocaleString('en')} incidents in ${((performance.now() - startedMs) / 1_000).toFixed(0)} s`);
}

/**
 * Drops what stands in the way of many rows at once: every index of incidents, of the log and of the search, those behind constraints too, and first what refers to them.
 *
 * @returns the statements that make them again, from what the database itself says of them.
 */
async function dropIndexes(db: pg.Client): Promise<string[]> {
  const tables = "('incident'::regclass, 'move'::regclass, 'search_entry'::regclass)";
  const { rows: constraints } = await db.query<{ drop: string; make: string }>(`
    select format('alter table %s drop constraint %I', conrelid::regclass, conname) as drop,
      format('alter table %s add constraint %I %s', conrelid::regclass, conname, pg_get_constraintdef(oid)) as make
    from pg_constraint where (conrelid in ${tables} and contype in ('p', 'u')) or (confrelid in ${tables} and contype = 'f')
    order by contype <> 'f'`);
  const { rows: indexes } = await db.query<{ drop: string; make: string }>(`
    select format('drop index %s', indexrelid::regclass) as drop, pg_get_indexdef(indexrelid) as make
    from pg_index i where indrelid in ${tables} and not exists (select 1 from pg_constraint c where c.conindid = i.indexrelid)`);
  const all = [...constraints, ...indexes];
  for (const { drop } of all) await db.query(drop);
  return all.map(({ make }) => make).toReversed();
}
