import { rmSync } from 'node:fs';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openDatabase } from '../../src/db/connect.ts';
import { type Embedded, startEmbedded } from '../../src/db/embedded.ts';
import { DatabaseUnfit, migrate } from '../../src/db/migrate.ts';
import { MIGRATIONS } from '../../src/db/migrations/all.ts';
import { makeTempDir } from '../support/temp-dir.ts';

const NAMES = Object.keys(MIGRATIONS);

// A cluster of its own: roles belong to all databases of one, and here nobody has made them yet.
let dir: string;
let embedded: Embedded;
beforeAll(async () => {
  dir = makeTempDir('migrate');
  embedded = await startEmbedded({ dataDir: dir, fast: true });
});
afterAll(async () => {
  await embedded.stop();
  rmSync(dir, { recursive: true, force: true });
});

let made: string[];
beforeEach(() => {
  made = [];
});
afterEach(async () => {
  for (const name of made) await run('postgres', `drop database if exists ${name} with (force)`);
});

async function run(database: string, text: string, login: pg.ClientConfig = {}): Promise<pg.QueryResult> {
  const client = new pg.Client({ ...embedded.owner, database, ...login });
  await client.connect();
  try {
    return await client.query(text);
  } finally {
    await client.end();
  }
}

async function newDatabase(options = ''): Promise<pg.ClientConfig & { database: string }> {
  const database = `migrate_${made.length}`;
  made.push(database);
  await run('postgres', `create database ${database} ${options}`);
  return { ...embedded.owner, database };
}

async function ran(database: string): Promise<string[]> {
  const { rows } = await run(database, 'select name from kysely_migration order by name');
  return rows.map((row) => row.name as string);
}

/** Runs `migrate` and gives the lines it logged. */
async function linesOf(owner: pg.ClientConfig): Promise<string[]> {
  const lines: string[] = [];
  await migrate(owner, (line) => lines.push(line));
  return lines;
}

describe('migrations', () => {
  it('of two databases that start at once on a new cluster both find the role', async () => {
    const [one, two] = [await newDatabase(), await newDatabase()];
    await Promise.all([migrate(one), migrate(two)]);
    expect(await ran(one.database)).toEqual(NAMES);
    expect(await ran(two.database)).toEqual(NAMES);
    const roles = await run('postgres', `select rolcanlogin, rolsuper from pg_roles where rolname = 'fengming_app'`);
    expect(roles.rows).toEqual([{ rolcanlogin: false, rolsuper: false }]);
  });

  it('by two nodes at once run once', async () => {
    const owner = await newDatabase();
    const lines = await Promise.all([linesOf(owner), linesOf(owner), linesOf(owner)]);
    expect(lines.flat()).toEqual(NAMES.map((name) => `migrated ${name}`));
  });

  it('run again find nothing to do', async () => {
    const owner = await newDatabase();
    expect(await linesOf(owner)).toHaveLength(NAMES.length);
    expect(await linesOf(owner)).toEqual([]);
  });

  it('are listed in the order of their numbers', () => {
    expect(NAMES).toEqual(NAMES.toSorted());
    for (const name of NAMES) expect(name).toMatch(/^\d{4}-[a-z]+(-[a-z]+)*$/);
  });
});

describe('a database that cannot be used is left as it is', () => {
  it('when a newer program has been at it', async () => {
    const owner = await newDatabase();
    await migrate(owner);
    await run(owner.database, `insert into kysely_migration (name, timestamp) values ('9999-of-tomorrow', '2030-01-01')`);
    const refused = await migrate(owner).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(DatabaseUnfit);
    expect((refused as Error).message).toContain('9999-of-tomorrow');
  });

  it('when it does not store UTF-8', async () => {
    const owner = await newDatabase(`encoding 'SQL_ASCII' locale_provider libc locale 'C' template template0`);
    await expect(migrate(owner)).rejects.toBeInstanceOf(DatabaseUnfit);
    expect((await run(owner.database, `select from pg_tables where schemaname = 'public'`)).rowCount).toBe(0);
  });

  it('when its login may not make the role, and says what an administrator has to run', async () => {
    // As on a server of one's own administrators: a login that owns the database and nothing else.
    await run('postgres', 'create role plain login');
    const owner = { ...(await newDatabase('owner plain')), user: 'plain' };
    await run('postgres', 'alter role fengming_app rename to fengming_away');
    try {
      await expect(migrate(owner)).rejects.toThrow('grant fengming_app to plain;');
      expect((await run(owner.database, `select from pg_tables where tablename = 'time_shift'`)).rowCount).toBe(0);
    } finally {
      await run('postgres', 'alter role fengming_away rename to fengming_app');
    }
  });

  it('and is migrated by an ordinary login once an administrator has done so', async () => {
    const owner = { ...(await newDatabase('owner plain')), user: 'plain' };
    await run('postgres', 'grant fengming_app to plain');
    await migrate(owner);
    const db = openDatabase(owner);
    expect((await db.pool.query('select current_user as who')).rows).toEqual([{ who: 'fengming_app' }]);
    await db.close();
  });
});
