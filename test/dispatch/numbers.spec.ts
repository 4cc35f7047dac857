import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { IncidentNumbers } from '../../src/dispatch/numbers.ts';
import { openTestDatabase, type TestDatabase } from '../support/database.ts';

describe('incident numbers', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await openTestDatabase();
  });
  afterAll(() => database.drop());

  const on = (day: string) => new Date(`${day}T12:00:00+08:00`);
  const counted = async () => Number((await database.db.pool.query('select coalesce(sum(last), 0) n from incident_counter')).rows[0].n);

  it('begin at 1 each day of China, not of UTC', async () => {
    const numbers = new IncidentNumbers(database.db.pool, 1);
    expect(await numbers.next(new Date('2026-11-22T15:59:59Z'))).toBe('20261122-0001');
    expect(await numbers.next(new Date('2026-11-22T16:00:00Z'))).toBe('20261123-0001');
  });

  it('are unique over two nodes that ask at the same time', async () => {
    const nodes = [new IncidentNumbers(database.db.pool, 2), new IncidentNumbers(database.db.pool, 2)];
    const all = await Promise.all(Array.from({ length: 500 }, (_, i) => nodes[i % 2]!.next(on('2026-03-01'))));
    expect(new Set(all).size).toBe(500);
    expect(all.every((n) => /^20260301-\d{4}$/.test(n))).toBe(true);
  });

  it('are taken in blocks, so that a report normally asks nobody', async () => {
    let asked = 0;
    const pool = Object.assign(Object.create(database.db.pool) as typeof database.db.pool, {
      query: (...args: unknown[]) => {
        asked++;
        return (database.db.pool.query as (...a: unknown[]) => unknown)(...args);
      },
    });
    const numbers = new IncidentNumbers(pool, 3);
    for (let i = 0; i < 100; i++) await numbers.next(on('2026-03-02'));
    expect(asked).toBeLessThanOrEqual(6);
  });

  it('grow past four digits', async () => {
    await database.db.pool.query(`insert into incident_counter (district, day, last) values (4, '2026-03-03', 9998)`);
    const numbers = new IncidentNumbers(database.db.pool, 4);
    expect([await numbers.next(on('2026-03-03')), await numbers.next(on('2026-03-03'))]).toEqual(['20260303-9999', '20260303-10000']);
  });

  it('wait for the database instead of being made up', async () => {
    const before = await counted();
    const broken = { query: () => Promise.reject(new Error('away')) } as unknown as typeof database.db.pool;
    await expect(new IncidentNumbers(broken, 5).next(on('2026-03-04'))).rejects.toThrow('away');
    expect(await counted()).toBe(before);
  });
});
