/** A database of its own for a spec, copied from a template in some 50 ms. */
import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { inject } from 'vitest';
import { type Database, openDatabase } from '../../src/db/connect.ts';

/** Migrated and empty. Made by the global setup. */
export const TEMPLATE = 'fengming_template';
/** With the demo world in it. Made by the first spec that asks for it. */
const WORLD = 'fengming_world';
/** Of the many specs that ask for the world at once, one makes it; the others wait for this advisory lock. */
const WORLD_LOCK = 0x0e0e;

export interface TestDatabase {
  /** As the service sees it: role `fengming_app`. */
  readonly db: Database;
  /** Login of the owner on this database: for what the service may not do. */
  readonly config: pg.ClientConfig;
  /** Sets how far the database's time runs ahead. Call the clock's `resync` after it. */
  shiftTime(ms: number): Promise<void>;
  /** Closes `db` and removes the database. */
  drop(): Promise<void>;
}

/** @param options.world  with the demo world loaded: cells, communities, units, categories, run cards, calendar. */
export async function openTestDatabase(options: { world?: boolean } = {}): Promise<TestDatabase> {
  const server: pg.ClientConfig = { ...inject('postgres'), ssl: false };
  if (options.world) await ensureWorld(server);
  const name = `test_${randomBytes(8).toString('hex')}`;
  await asOwner(server, (admin) => admin.query(`create database ${name} template ${options.world ? WORLD : TEMPLATE}`));
  const config = { ...server, database: name };
  const db = openDatabase(config);
  return {
    db,
    config,
    shiftTime: (ms) => asOwner(config, (owner) => owner.query('update time_shift set ms = $1', [ms])),
    async drop() {
      await db.close();
      await asOwner(server, (admin) => admin.query(`drop database if exists ${name} with (force)`));
    },
  };
}

async function ensureWorld(server: pg.ClientConfig): Promise<void> {
  await asOwner(server, async (admin) => {
    await admin.query('select pg_advisory_lock($1)', [WORLD_LOCK]);
    const made = await admin.query('select from pg_database where datname = $1', [WORLD]);
    if (made.rowCount) return;
    // Under another name until it is complete: a loader that fails leaves no world that looks whole.
    const making = `${WORLD}_making`;
    await admin.query(`drop database if exists ${making} with (force)`);
    await admin.query(`create database ${making} template ${TEMPLATE}`);
    const { loadDemoWorld } = await import('../../src/grid/demo-world.ts');
    const db = openDatabase({ ...server, database: making });
    try {
      await loadDemoWorld(db.kysely, () => undefined);
    } finally {
      await db.close();
    }
    await admin.query(`alter database ${making} rename to ${WORLD}`);
  });
}

/** Runs `work` on a connection of the owner, to the database `postgres` unless `config` names one. */
async function asOwner(config: pg.ClientConfig, work: (client: pg.Client) => Promise<unknown>): Promise<void> {
  const client = new pg.Client({ database: 'postgres', ...config });
  await client.connect();
  try {
    await work(client);
  } finally {
    await client.end();
  }
}
