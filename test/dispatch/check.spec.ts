import pg from 'pg';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkLog } from '../../src/dispatch/check.ts';
import { carry, openDeskWorld, reportInput, type DeskWorld } from './desk-world.ts';

describe('checking the log', () => {
  let world: DeskWorld;
  let owner: pg.Client;
  beforeEach(async () => {
    world = await openDeskWorld();
    const { people } = world;
    for (let i = 0; i < 3; i++) {
      await carry(world, reportInput(world, 'R2'), [
        [people.community, { verb: 'call' }],
        [people.subdistrict, { verb: 'accept' }],
        [people.subdistrict, { verb: 'dispatch', runCard: true }],
      ]);
    }
    owner = new pg.Client(world.database.config);
    await owner.connect();
    // Only who owns the tables can do this, and only on purpose.
    await owner.query('alter table move disable trigger move_append_only');
  });
  afterEach(async () => {
    await owner.end();
    await world.close();
  });

  it('finds nothing in a whole one', async () => {
    expect(await checkLog(world.db)).toEqual([]);
  });

  const TAMPERINGS: readonly (readonly [string, string, string])[] = [
    ['a changed word', `update move set payload = (payload::jsonb || '{"note":"changed"}')::json where seq = 2`, 'hash'],
    ['a changed time', `update move set at = at - interval '1 hour' where seq = 3`, 'hash'],
    ['another actor', `update move set actor = 'somebody.else' where seq = 6`, 'hash'],
    ['a row that is gone', 'delete from move where seq = 5', 'seq'],
    ['the newest row gone', 'delete from move where seq = 12', 'seq'],
    ['a head that ran ahead', 'update feed set head = head + 1', 'seq'],
    ['two rows exchanged', 'update move set seq = case seq when 2 then 1002 else seq end where seq = 2', 'seq'],
    ['an incident whose state was set by hand', `update incident set state = 'closed'`, 'row'],
    ['a document changed by hand', `update incident set doc = (doc::jsonb || '{"raised":true}')::json`, 'row'],
    ['a deadline moved by hand', `update incident set next_due_at = next_due_at + interval '1 day'`, 'row'],
    [
      'an incident without a report',
      `insert into incident select district, gen_random_uuid(), number || 'x', version, state, level, category, cell, community, subdistrict, reported_by,
        description, units, lead_unit, due_at, next_due_at, doc, hash, found_at, reported_at, updated_at, ended_at from incident limit 1`,
      'orphan',
    ],
    ['a move forged with a level of its own', `update move set level = 4 where seq = 1`, 'fold'],
  ];
  it.each(TAMPERINGS)('finds %s', async (_what, text, finding) => {
    await owner.query(text);
    expect((await checkLog(world.db)).map((f) => f.what)).toContain(finding);
  });
});
