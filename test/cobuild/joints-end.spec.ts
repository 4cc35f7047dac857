/** The need of an incident that ended, on a node that dies before it has told anybody. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Joints, type JointsDeps } from '../../src/cobuild/joints.ts';
import type { Incident } from '../../src/dispatch/chain/incident.ts';
import { type CobuildHouse, DISTRICT, openHouse, uuid } from './house.ts';

let house: CobuildHouse;
beforeAll(async () => {
  house = await openHouse();
});
afterAll(async () => {
  await house.close();
  expect(house.faults).toEqual([]);
});

it('a need that ends with its incident is told of by the next look', async () => {
  const { kysely: db } = house.database.db;
  const incident = uuid();
  const { code } = await db.selectFrom('need').select('code').where('state', '=', 'open').orderBy('code').executeTakeFirstOrThrow();
  await db.updateTable('need').set({ incident }).where('code', '=', code).execute();
  const faults: unknown[] = [];
  const ended = { id: incident, number: '演示-1', state: 'closed', assignments: [] } as unknown as Incident;
  const dying = new Joints({
    house: {
      db,
      district: DISTRICT,
      now: () => house.clock.now(),
      tell: () => Promise.reject(new Error('the node dies')),
      onFault: (error) => faults.push(error),
    },
    desk: { find: () => Promise.resolve(ended), move: () => Promise.reject(new Error('nothing moves')) },
    guests: {} as JointsDeps['guests'],
  });
  await dying.look(incident).catch(() => {});
  const { state } = await db.selectFrom('need').select('state').where('code', '=', code).executeTakeFirstOrThrow();
  expect(state).toBe('closed');
  const closings = () => house.told.filter((one) => one.notice === 'needClosed' && one.about['code'] === code);
  expect(closings()).toEqual([]);
  await house.timeIs('2026-11-20 10:02');
  await house.service.check();
  await house.service.check();
  expect(closings()).toHaveLength(1);
  expect(faults).toHaveLength(1);
});
