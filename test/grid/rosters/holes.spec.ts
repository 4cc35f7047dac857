import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { at } from '../duty-world.ts';
import { type Node, openStation, PEOPLE, POLICE, type Station, uuid } from './station.ts';

const DEVICE = uuid();
const iso = (time: string) => new Date(at(time)).toISOString();
let station: Station;
beforeAll(async () => {
  station = await openStation();
});
afterAll(() => station.close());

const nobody = (node: Node, from: string, until: string, unit = POLICE) =>
  node.ask(
    PEOPLE.district,
    DEVICE,
    'POST',
    `/rosters/units/${unit}/overrides`,
    { from: iso(from), until: iso(until), crew: null, reason: '演示·全队集训' },
    uuid(),
  );

describe('缺岗 (a hole in the roster)', () => {
  beforeEach(() => void station.told.splice(0));

  it('is told two hours before the shift begins, exactly once, by two nodes and over restarts', async () => {
    await station.timeIs('2026-11-26 10:00');
    const [a, b] = [await station.node(), await station.node()];
    await nobody(a, '2026-11-26 16:00', '2026-11-27 00:00');
    await Promise.all([a.service.check(), b.service.check()]);
    await station.timeIs('2026-11-26 13:59');
    await Promise.all([a.service.check(), b.service.check()]);
    expect(station.told).toEqual([]);

    await station.timeIs('2026-11-26 14:00');
    await Promise.all([a.service.check(), b.service.check(), a.service.check(), b.service.check()]);
    expect(station.told).toEqual([
      {
        recipients: [`unit:${POLICE}`, 'subdistrict:441802006'],
        notice: 'rosterHole',
        about: {
          unit: POLICE,
          from: iso('2026-11-26 16:00'),
          until: iso('2026-11-27 00:00'),
          standIn: 'dongcheng-police',
          standInDuty: 'full',
        },
        key: `hole ${POLICE} ${iso('2026-11-26 16:00')}`,
      },
    ]);
    await a.stop();
    await b.stop();
    const c = await station.node();
    expect(await c.service.check()).toBe(0);
    await station.timeIs('2026-11-26 17:00');
    expect(await c.service.check()).toBe(0);
    expect(station.told).toHaveLength(1);
    await c.stop();
  });

  it('that arises later than that is told at once, and so is one that is already open', async () => {
    await station.timeIs('2026-11-27 10:00');
    const node = await station.node();
    await nobody(node, '2026-11-27 10:00', '2026-11-27 12:00');
    await nobody(node, '2026-11-27 12:00', '2026-11-27 13:00');
    await node.service.check();
    expect(station.told.map(({ about }) => about.from)).toEqual([iso('2026-11-27 10:00'), iso('2026-11-27 12:00')]);
    await node.stop();
  });

  it('of a unit of the whole district is told to the district', async () => {
    await station.timeIs('2026-11-27 14:00');
    const node = await station.node();
    const fire = [...node.source.current().units.values()].find(
      (unit) => unit.scopeKind === 'district' && unit.shiftPattern === 'round-clock',
    )!;
    await nobody(node, '2026-11-27 15:00', '2026-11-27 16:00', fire.code);
    await node.service.check();
    expect(station.told.map(({ recipients }) => recipients)).toEqual([[`unit:${fire.code}`, 'district']]);
    await node.stop();
  });

  it('that was filled before anybody looked is not told', async () => {
    await station.timeIs('2026-11-28 10:00');
    const [a, b] = [await station.node(), await station.node()];
    const made = await nobody(a, '2026-11-28 13:00', '2026-11-28 14:00');
    await b.service.rosters.refresh();
    await a.ask(PEOPLE.district, DEVICE, 'POST', `/rosters/overrides/${made.body.id}/end`);
    await station.timeIs('2026-11-28 11:30');
    // The other node has the hole in memory still: it reads again before it tells.
    await b.service.check();
    expect(station.told).toEqual([]);
    await a.stop();
    await b.stop();
  });

  it('whose warning could not be delivered is told the next time', async () => {
    await station.timeIs('2026-11-29 10:00');
    const node = await station.node();
    const push = station.told.push.bind(station.told);
    station.told.push = () => {
      throw new Error('the inbox does not answer');
    };
    const { kysely } = station.database.db;
    await kysely
      .insertInto('roster_override')
      .values({
        district: 441802,
        id: uuid(),
        unit: POLICE,
        starts_at: new Date(at('2026-11-29 11:00')),
        ends_at: new Date(at('2026-11-29 12:00')),
        crew: null,
        reason: '演示',
        swap: null,
        by: 'district.441802',
      })
      .execute();
    await kysely
      .updateTable('roster_version')
      .set((eb) => ({ version: eb('version', '+', 1) }))
      .execute();
    await expect(node.service.check()).rejects.toThrow('the inbox does not answer');
    station.told.push = push;
    expect(await node.service.check()).toBe(1);
    await node.stop();
  });

  it('is listed with who comes meanwhile and whether it was told; each only to those whose unit it is', async () => {
    await station.timeIs('2026-11-30 10:00');
    const node = await station.node();
    await nobody(node, '2026-11-30 11:00', '2026-11-30 12:00');
    await nobody(node, '2026-12-01 09:00', '2026-12-01 10:00');
    await node.service.check();
    const { body } = await node.ask(PEOPLE.police, DEVICE, 'GET', '/rosters/holes');
    expect(body.items).toMatchObject([
      { unit: POLICE, from: iso('2026-11-30 11:00'), standIn: { unit: 'dongcheng-police', duty: 'full' }, toldAt: expect.any(String) },
      { unit: POLICE, from: iso('2026-12-01 09:00'), toldAt: null },
    ]);
    expect((await node.ask(PEOPLE.otherUnit, DEVICE, 'GET', '/rosters/holes')).body.items).toEqual([]);
    expect((await node.ask(PEOPLE.district, DEVICE, 'GET', '/rosters/holes?hours=2')).body.items).toHaveLength(1);
    await node.stop();
  });
});
