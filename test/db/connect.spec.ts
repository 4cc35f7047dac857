import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type Database, openDatabase } from '../../src/db/connect.ts';
import { openTestDatabase, type TestDatabase } from '../support/database.ts';

const PATIENCE = { timeout: 30_000, interval: 25 };

let test: TestDatabase;
let db: Database;
beforeAll(async () => {
  test = await openTestDatabase();
  db = test.db;
});
afterAll(() => test.drop());

async function asOwner(text: string): Promise<pg.QueryResult> {
  const owner = new pg.Client(test.config);
  await owner.connect();
  try {
    return await owner.query(text);
  } finally {
    await owner.end();
  }
}

describe('the service', () => {
  it('may read and write what the owner makes, and only add to what is granted for adding only', async () => {
    await asOwner('create table notes (n int); create table log (n int); revoke update, delete on log from fengming_app');
    await db.pool.query('insert into notes values (1)');
    await db.pool.query('update notes set n = 2');
    await db.pool.query('delete from notes');

    await db.pool.query('insert into log values (1)');
    for (const text of [
      'update log set n = 2',
      'delete from log',
      'truncate log',
      'drop table log',
      'alter table log disable trigger all',
    ]) {
      await expect(db.pool.query(text), text).rejects.toMatchObject({ code: '42501' });
    }
    expect((await db.pool.query('select n from log')).rows).toEqual([{ n: 1 }]);
  });

  it('cannot make tables, roles or databases', async () => {
    for (const text of ['create table mine (n int)', 'create role friend', 'create database mine']) {
      await expect(db.pool.query(text), text).rejects.toMatchObject({ code: '42501' });
    }
  });

  it('reads bigint as a number, a date as its text, and refuses a bigint that a number cannot hold', async () => {
    const { rows } = await db.pool.query(`select 9007199254740991::bigint as big, date '2026-02-16' as day`);
    expect(rows).toEqual([{ big: 9_007_199_254_740_991, day: '2026-02-16' }]);
    await expect(db.pool.query('select 9007199254740993::bigint')).rejects.toThrow(RangeError);
  });

  it('has days begin when they begin in the district', async () => {
    const { rows } = await db.pool.query(`select (timestamptz '2026-02-16T16:30:00Z')::date as day`);
    expect(rows).toEqual([{ day: '2026-02-17' }]);
  });
});

describe('a lost connection', () => {
  it('of the pool is replaced at the next query', async () => {
    const { rows } = await db.pool.query<{ pid: number }>('select pg_backend_pid() as pid');
    await asOwner(`select pg_terminate_backend(${rows[0]!.pid})`);
    await vi.waitFor(() => expect(db.pool.totalCount).toBe(0), PATIENCE);
    expect((await db.pool.query('select 1 as one')).rows).toEqual([{ one: 1 }]);
  });

  it('of its own tells who holds it, and the process lives on', async () => {
    const client = await db.client('journal');
    const ended = new Promise((resolve) => client.once('end', resolve));
    const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid');
    await asOwner(`select pg_terminate_backend(${rows[0]!.pid})`);
    await ended;
    await expect(client.query('select 1')).rejects.toThrow();
  });
});

describe('a connection of its own', () => {
  it('has its name, its own settings, and the role of the service', async () => {
    const client = await db.client('journal', '-c jit=off -c plan_cache_mode=force_generic_plan -c statement_timeout=1234');
    const { rows } = await client.query(
      `select current_user as who, current_setting('application_name') as name, current_setting('jit') as jit,
              current_setting('plan_cache_mode') as plans, current_setting('statement_timeout') as timeout`,
    );
    expect(rows).toEqual([{ who: 'fengming_app', name: 'fengming journal', jit: 'off', plans: 'force_generic_plan', timeout: '1234ms' }]);
    await client.end();
  });

  it('is ended with the database, if nobody did before', async () => {
    const other = openDatabase(test.config);
    const client = await other.client('left-open');
    await other.close();
    await expect(client.query('select 1')).rejects.toThrow();
    const left = () => asOwner(`select from pg_stat_activity where application_name = 'fengming left-open'`);
    await vi.waitFor(async () => expect((await left()).rowCount).toBe(0), PATIENCE);
  });
});

it('takes a DATABASE_URL as it takes the embedded login, and keeps the options that are in it', async () => {
  const { host, port, user, database } = test.config;
  const query = new URLSearchParams({ host: host!, port: String(port), options: '-c geqo=off' });
  const url = openDatabase({ connectionString: `postgres://${user}@localhost/${database}?${query}` });
  const client = await url.client('reader', '-c jit=off');
  const text = `select current_user as who, current_database() as place, current_setting('geqo') as geqo`;
  const expected = [{ who: 'fengming_app', place: database, geqo: 'off' }];
  expect((await url.pool.query(text)).rows).toEqual(expected);
  expect((await client.query(text)).rows).toEqual(expected);
  await url.close();
});
