import { sql } from 'kysely';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { unfinishedOf } from '../../src/dispatch/unfinished.ts';
import { openTestDatabase, type TestDatabase } from '../support/database.ts';

const DISTRICT = 441802;
const UNIT = 'fengcheng-police';
let database: TestDatabase;
beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database.drop());

/** Open incidents in which the unit stands as said. */
async function incidents(count: number, level: number, states: Record<string, string>): Promise<void> {
  const assignments = Object.entries(states).map(([unit, state], n) => ({ id: `${level}-${n}`, unit, role: 'lead', state }));
  await sql`
    insert into incident (district, id, number, version, state, level, category, cell, community, subdistrict, reported_by, description,
      units, doc, hash, found_at, reported_at, updated_at)
    select ${DISTRICT}, md5(${String(level)} || n)::uuid, ${String(level)} || '-' || n, 1, 'handling', ${level}, 'c', '1', '1', '1', 'a', '演示',
      ${Object.keys(states)}::text[], ${JSON.stringify({ assignments })}::json, '', now(), now(), now()
    from generate_series(1, ${count}) n`.execute(database.db.kysely);
}

it('names what the unit has still to do, and not what it has done its part of, however much and grave that is', async () => {
  await incidents(250, 1, { [UNIT]: 'finished', other: 'onScene' });
  await incidents(1, 3, { [UNIT]: 'enRoute' });
  await incidents(1, 2, { other: 'onScene', [UNIT]: 'assigned' });
  const open = await unfinishedOf(database.db.kysely, DISTRICT, UNIT);
  expect(open.map(({ level, assignment, state }) => [level, assignment, state])).toEqual([
    ['R2', '2-1', 'assigned'],
    ['R3', '3-0', 'enRoute'],
  ]);
});
