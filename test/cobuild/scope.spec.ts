/** Who sees which place: the rule, and the same in SQL. */
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mayReadWork, maySeePlace, partsAt } from '../../src/cobuild/chain/scope.ts';
import { readsWork, seesPlace } from '../../src/cobuild/place-filter.ts';
import type { Actor } from '../../src/identity/actor.ts';
import { openTestDatabase, type TestDatabase } from '../support/database.ts';
import { PEOPLE } from './house.ts';

const PLACES = ['441802', '441802006', '441802007', '441802006020', '441802006027', '441802007005', '441803', '441803001'];
const everybody: readonly [string, Actor][] = Object.entries(PEOPLE);
let database: TestDatabase;
beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database.drop());

describe('范围 (scope)', () => {
  it('is the same in SQL', async () => {
    const seen: string[] = [];
    for (const [name, actor] of everybody) {
      const { rows } = await sql<{ place: string }>`
        select place from unnest(${PLACES}::text[]) p (place) where ${seesPlace(actor, sql.ref('place'))}`.execute(database.db.kysely);
      const bySql = rows.map((row) => row.place).sort();
      expect(bySql, name).toEqual(PLACES.filter((place) => maySeePlace(actor, place)).sort());
      seen.push(...bySql);
    }
    expect(seen.length).toBeGreaterThan(20);
  });

  it('is the same in SQL for needs and activities', async () => {
    for (const [name, actor] of everybody) {
      const { rows } = await sql<{ place: string }>`
        select place from unnest(${PLACES}::text[]) p (place) where ${readsWork(actor, sql.ref('place'))}`.execute(database.db.kysely);
      expect(rows.map((row) => row.place).sort(), name).toEqual(PLACES.filter((place) => mayReadWork(actor, place)).sort());
    }
  });

  it('a grid worker reads the needs and activities of the own community and of what it lies in, and is nothing there', () => {
    const read = PLACES.filter((place) => mayReadWork(PEOPLE.gridWorker, place));
    expect(read).toEqual(['441802', '441802006', '441802006020']);
    expect(read.flatMap((place) => [...partsAt(PEOPLE.gridWorker, place)])).toEqual([]);
    expect(PLACES.some((place) => mayReadWork(PEOPLE.unit, place))).toBe(false);
  });

  it('a community sees itself and the subdistrict that it lies in, not its neighbour', () => {
    expect(PLACES.filter((place) => maySeePlace(PEOPLE.ximentang, place))).toEqual(['441802', '441802006', '441802006020']);
  });

  it('nobody of the grid, of the units or of another district', () => {
    expect(PLACES.some((place) => maySeePlace(PEOPLE.gridWorker, place) || maySeePlace(PEOPLE.unit, place))).toBe(false);
    expect(maySeePlace(PEOPLE.district, '441803')).toBe(false);
  });

  it('tells the office of a place from those above it', () => {
    expect(partsAt(PEOPLE.ximentang, '441802006020')).toEqual(new Set(['office']));
    expect(partsAt(PEOPLE.fengcheng, '441802006020')).toEqual(new Set(['above']));
    expect(partsAt(PEOPLE.fengcheng, '441802006')).toEqual(new Set(['office']));
    expect(partsAt(PEOPLE.dongcheng, '441802006020')).toEqual(new Set());
    expect(partsAt(PEOPLE.district, '441802006')).toEqual(new Set(['above', 'district']));
    expect(partsAt(PEOPLE.leader, '441802006020')).toEqual(new Set(['leader']));
    expect(partsAt(PEOPLE.auditor, '441802006')).toEqual(new Set());
  });
});
