/**
 * A district is the unit of scale: every key starts with it and no statement of the core touches two, so that the tables can be distributed by it.
 */
import pg from 'pg';
import { v7 as uuid } from 'uuid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PASSWORD, startTestServer, type TestServer } from '../support/server.ts';

/** Tables that every district shares, or that belong to the database itself. */
const SHARED = new Set([
  'level_limit',
  'level_rule',
  'time_shift',
  'fengming_migration',
  'fengming_migration_lock',
  'kysely_migration',
  'kysely_migration_lock',
]);
const CORE = /\b(incident|move|feed|incident_counter|push|photo|account|session|unit_position)\b/;

interface Statement {
  readonly text: string;
  readonly values: readonly unknown[];
}

let service: TestServer;
const statements: Statement[] = [];
const original = pg.Client.prototype.query;

beforeAll(async () => {
  service = await startTestServer();
  // Every statement of the process passes here, whichever way it was made.
  pg.Client.prototype.query = function (this: pg.Client, ...args: unknown[]) {
    const [first, second] = args as [string | { text?: string; values?: unknown[] }, unknown[] | undefined];
    const text = typeof first === 'string' ? first : first?.text;
    const values = (typeof first === 'string' ? second : first?.values) ?? [];
    if (text !== undefined) statements.push({ text, values: Array.isArray(values) ? values : [] });
    return (original as (...a: unknown[]) => unknown).apply(this, args);
  } as typeof original;
});
afterAll(async () => {
  pg.Client.prototype.query = original;
  await service.stop();
});

describe('keys', () => {
  it('every primary key, unique key and foreign key of a district’s table starts with district', async () => {
    const { rows } = await service.database.db.pool.query<{ table: string; name: string; first: string; to: string | null }>(`
      select c.relname as "table", i.relname as name, a.attname as first, null as "to"
      from pg_index x join pg_class c on c.oid = x.indrelid join pg_class i on i.oid = x.indexrelid join pg_namespace n on n.oid = c.relnamespace
        left join pg_attribute a on a.attrelid = c.oid and a.attnum = x.indkey[0]
      where n.nspname = 'public' and x.indisunique
      union all
      select c.relname, k.conname, a.attname, o.relname from pg_constraint k join pg_class c on c.oid = k.conrelid join pg_class o on o.oid = k.confrelid
        join pg_attribute a on a.attrelid = c.oid and a.attnum = k.conkey[1] where k.contype = 'f'`);
    // What all districts share is there whole wherever a district is, so that a key may point at it.
    const own = rows.filter((r) => !SHARED.has(r.table) && !SHARED.has(r.to ?? ''));
    expect(own.length).toBeGreaterThan(20);
    expect(own.filter((r) => r.first !== 'district')).toEqual([]);
  });
});

describe('statements', () => {
  const ask = async (token: string | null, method: string, path: string, body?: unknown) => {
    const response = await fetch(`${service.url}/api/v1${path}`, {
      method,
      headers: {
        'idempotency-key': uuid(),
        ...(token === null ? {} : { authorization: `Bearer ${token}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    return JSON.parse(await response.text());
  };
  const signIn = async (account: string) => (await ask(null, 'POST', '/sessions', { account, password: PASSWORD })).token as string;

  it('each one on a core table names the one district', async () => {
    const worker = await signIn('grid.441802006001001');
    const community = await signIn('community.441802006001');
    const centre = await signIn('district.441802');
    statements.length = 0;
    const report = { category: 'C0102-02', description: '井盖裂了', position: { lng: 113.0008, lat: 23.6795 } };
    const [{ id }] = await Promise.all([ask(worker, 'POST', '/incidents', report), ask(worker, 'POST', '/incidents', report)]);
    await ask(community, 'POST', `/incidents/${id}/moves`, { verb: 'call' });
    for (const path of [
      `/incidents/${id}`,
      `/incidents/${id}/moves`,
      `/incidents/${id}/pushes`,
      `/incidents/${id}/deadlines`,
      '/incidents?open=true&q=井盖',
    ]) {
      await ask(centre, 'GET', path);
    }
    await service.database.db.pool.query('select 1');
    const core = statements.filter(({ text }) => CORE.test(text) && !/^\s*(begin|commit|rollback|listen)/i.test(text));
    expect(core.length).toBeGreaterThan(10);
    // The journal's functions take the district as their first argument; everything else compares or inserts it.
    const names = ({ text }: Statement) => /\bdistrict\b/.test(text) || /journal_write(_one)?\s*\(\$1/.test(text);
    expect(core.filter((s) => !names(s)).map((s) => s.text)).toEqual([]);
    const districts = new Set(core.flatMap(({ values }) => values.filter((v) => v === 441802 || v === '441802')));
    expect(districts.size).toBeGreaterThan(0);
    for (const { text, values } of core) {
      const codes = values.filter((v) => typeof v === 'number' && v >= 110000 && v <= 659999);
      expect(new Set(codes).size, text).toBe(1);
    }
  });
});
