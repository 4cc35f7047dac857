import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { workdayMs } from '../../src/dispatch/chain/calendar.ts';
import { UNTOUCHED } from '../../src/dispatch/chain/fold.ts';
import { limitMs } from '../../src/dispatch/chain/levels.ts';
import { fillRunCard } from '../../src/dispatch/chain/run-cards.ts';
import { loadRules } from '../../src/dispatch/rules.ts';
import { loadReference, type Reference } from '../../src/grid/reference.ts';
import { openTestDatabase, type TestDatabase } from '../support/database.ts';
import { DISTRICT, EVERYBODY_READY, pointIn } from './desk-world.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

describe('the figures in the database', () => {
  let database: TestDatabase;
  let reference: Reference;
  let owner: pg.Client;
  beforeAll(async () => {
    database = await openTestDatabase({ world: true });
    reference = await loadReference(database.db.kysely, DISTRICT);
    owner = new pg.Client(database.config);
    await owner.connect();
  });
  afterAll(async () => {
    await owner.end();
    await database.drop();
  });

  it('are those of the level table (分级响应)', async () => {
    const rules = await loadRules(database.db.kysely, reference.calendar);
    const DAY = workdayMs(rules.calendar);
    expect(DAY).toBe(6.5 * HOUR);
    const table = {
      call: [null, 15 * MINUTE, 30 * MINUTE, 2 * HOUR],
      accept: [2 * MINUTE, 15 * MINUTE, 30 * MINUTE, 2 * HOUR],
      acknowledge: [2 * MINUTE, 10 * MINUTE, 30 * MINUTE, 2 * HOUR],
      arrive: [15 * MINUTE, 30 * MINUTE, 2 * HOUR, DAY],
      resolve: [HOUR, 4 * HOUR, DAY, 7 * DAY],
      check: [30 * MINUTE, 30 * MINUTE, 2 * HOUR, DAY],
    } as const;
    for (const [clock, limits] of Object.entries(table)) {
      for (const [i, expected] of limits.entries()) {
        const limit = rules.limits.get(`R${i + 1}:${clock}` as never)!;
        if (expected !== null) expect([clock, i, limitMs(limit, rules.calendar)]).toEqual([clock, i, expected]);
        expect(limit.kind).toBe(i < 2 ? 'continuous' : 'working');
      }
    }
    expect(rules.extensions).toEqual({ R1: 0, R2: 1, R3: 2, R4: 2 });
    expect(rules.suspendDays).toEqual({ R1: 0, R2: 0, R3: 30, R4: 365 });
  });

  it('may be changed as rows, and a missing one is named', async () => {
    await database.db.kysely.updateTable('level_limit').set({ value: 45 }).where('level', '=', 'R3').where('clock', '=', 'call').execute();
    const rules = await loadRules(database.db.kysely, reference.calendar);
    expect(rules.limits.get('R3:call')).toMatchObject({ value: 45, unit: 'minutes' });
    await owner.query(`delete from level_limit where level = 'R2' and clock = 'check'`);
    await expect(loadRules(database.db.kysely, reference.calendar)).rejects.toThrow('R2 check');
  });

  it('fill a run card for every category at every level: the demo world leaves no lead unnamed', () => {
    const cells = [...reference.cells.values()].filter((_, i) => i % 90 === 0);
    let filled = 0;
    for (const category of reference.categories.values()) {
      for (const level of ['R1', 'R2', 'R3', 'R4'] as const) {
        const cell = cells[filled++ % cells.length]!;
        const called = {
          category: category.code,
          level,
          position: pointIn(reference, cell),
          subdistrict: cell.subdistrict,
          community: cell.community,
          ...UNTOUCHED,
        };
        const card = fillRunCard(called, reference, { ...EVERYBODY_READY, now: new Date('2026-11-26T02:00:00Z') });
        const where = { category: category.code, level, cell: cell.code };
        expect({ ...where, card: card.card === null, lead: card.lead.chosen === null }).toEqual({ ...where, card: false, lead: false });
      }
    }
    expect(filled).toBe(reference.categories.size * 4);
  });
});
