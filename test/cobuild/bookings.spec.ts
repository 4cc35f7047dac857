/** 资源联享: 发挥各单位场地、信息、人才等资源优势. */
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Actor } from '../../src/identity/actor.ts';
import { type CobuildHouse, openHouse, PEOPLE, uuid } from './house.ts';

let house: CobuildHouse;
beforeAll(async () => {
  house = await openHouse();
});
afterAll(async () => {
  await house.close();
  expect(house.faults).toEqual([]);
});

const zhouxin: Actor = { account: 'subdistrict.441802008', role: 'subdistrict', district: 441802, subdistrict: '441802008' };
/** Lends the gymnasium res-09, one, 18:30–21:00 … and the 80 parking spaces res-07. */
const lender = (code: string, communities: readonly string[] = []): Actor => ({
  account: `member.${code}`,
  role: 'member',
  district: 441802,
  communities,
});
const time = (local: string) => `${local.replace(' ', 'T')}:00+08:00`;
const book = (by: Actor, resource: string, from: string, until: string, more: object = {}) =>
  house.ask(by, 'POST', `/resources/${resource}/bookings`, { from: time(from), until: time(until), purpose: '演示·社区活动', ...more });
const move = (by: Actor, code: string, body: object) => house.ask(by, 'POST', `/bookings/${code}/moves`, body);

describe('资源清单 (the register)', () => {
  it('has the 40 resources of the quarter, of four kinds', async () => {
    const { body } = await house.ask(PEOPLE.district, 'GET', '/resources');
    expect(body.items).toHaveLength(40);
    expect(new Set(body.items.map((one: { kind: string }) => one.kind))).toEqual(new Set(['venue', 'information', 'people', 'equipment']));
    expect(body.items[0]).toMatchObject({ code: 'res-01', hours: '18:30-21:30', noticeMinutes: 1440, callable: false, freeNow: 1 });
    const callable = await house.ask(PEOPLE.district, 'GET', '/resources?callable=true');
    expect(callable.body.items.every((one: { standsForType: string | null }) => one.standsForType !== null)).toBe(true);
  });

  it('is added to by the member that lends, at a place in the district', async () => {
    const hall = {
      member: 'fengcheng-union-04',
      kind: 'venue',
      nameZh: '演示·门诊大厅',
      unitZh: '间',
      quantity: 1,
      hours: '18:00-21:00',
      noticeMinutes: 60,
      position: { lng: 113.03304, lat: 23.73684 },
    };
    expect(await house.ask(PEOPLE.police, 'POST', '/resources', hall)).toMatchObject({ status: 403, body: { code: 'not-yours' } });
    expect(await house.ask(PEOPLE.hospital, 'POST', '/resources', { ...hall, position: { lng: 100, lat: 20 } })).toMatchObject({
      status: 422,
      body: { code: 'outside-district' },
    });
    const made = await house.ask(PEOPLE.hospital, 'POST', '/resources', hall);
    expect(made).toMatchObject({ status: 201, body: { state: 'listed', may: ['amend', 'withdraw'], place: '441802006' } });
  });
});

describe('预约 (booking)', () => {
  it('is asked for by an office and answered by the member that lends', async () => {
    expect(await book(PEOPLE.police, 'res-01', '2026-11-23 19:00', '2026-11-23 21:00')).toMatchObject({
      status: 403,
      body: { code: 'not-yours' },
    });
    const asked = await book(PEOPLE.fengcheng, 'res-01', '2026-11-23 19:00', '2026-11-23 21:00');
    expect(asked).toMatchObject({ status: 201, body: { state: 'asked', may: ['cancel'] } });
    expect(house.toldTo('member:fengcheng-union-03')).toContain('bookingAsked');
    const school = lender('fengcheng-union-03', ['441802006001']);
    expect(await move(PEOPLE.police, asked.body.code, { verb: 'agree' })).toMatchObject({ status: 403 });
    expect(await move(school, asked.body.code, { verb: 'agree' })).toMatchObject({ status: 200, body: { state: 'agreed' } });
    expect(house.toldTo('subdistrict:441802006')).toContain('bookingAnswered');
  });

  it.each([
    ['outside its hours', '2026-11-23 08:00', '2026-11-23 10:00', 'booking-outside-hours'],
    ['that ends before it begins', '2026-12-01 10:00', '2026-12-01 09:00', 'booking-ends-first'],
    ['without notice', '2026-11-20 19:00', '2026-11-20 20:00', 'booking-too-soon'],
    ['in the past', '2026-11-19 19:00', '2026-11-19 20:00', 'date-in-past'],
  ])('%s it is refused', async (_, from, until, code) => {
    expect(await book(PEOPLE.fengcheng, 'res-01', from, until)).toMatchObject({ status: 422, body: { code } });
  });

  it('outside its hours the refusal names them, in both languages', async () => {
    const { body } = await book(PEOPLE.fengcheng, 'res-01', '2026-11-23 08:00', '2026-11-23 10:00');
    expect(body.about).toEqual({ hours: '18:30-21:30' });
    for (const words of Object.values(body.whatToDo)) expect(words).toContain('18:30-21:30');
  });

  it('over a booking there is no second, and what ends when another begins is no clash', async () => {
    await book(PEOPLE.fengcheng, 'res-01', '2026-11-25 18:30', '2026-11-25 20:00');
    const over = await book(PEOPLE.ximentang, 'res-01', '2026-11-25 19:30', '2026-11-25 21:00');
    expect(over).toMatchObject({ status: 409, body: { code: 'booking-taken', about: { free: 0 } } });
    expect(await book(PEOPLE.ximentang, 'res-01', '2026-11-25 20:00', '2026-11-25 21:00')).toMatchObject({ status: 201 });
  });

  it('two who want the same hour at once: one has it', async () => {
    const both = await Promise.all(
      [PEOPLE.fengcheng, PEOPLE.ximentang].map((by) => book(by, 'res-01', '2026-11-26 19:00', '2026-11-26 20:00')),
    );
    expect(both.map((answer) => answer.status).sort()).toEqual([201, 409]);
  });

  it('of many, as many as there are, at every moment', async () => {
    const spaces = (quantity: number, from = '2026-11-24 20:00', until = '2026-11-25 06:00') =>
      book(zhouxin, 'res-07', from, until, { quantity });
    expect(await spaces(50)).toMatchObject({ status: 201 });
    expect(await spaces(31)).toMatchObject({ status: 409, body: { code: 'booking-taken', about: { free: 30 } } });
    expect(await spaces(30)).toMatchObject({ status: 201 });
    expect(await spaces(81)).toMatchObject({ status: 422, body: { code: 'resource-not-so-many', about: { quantity: 80 } } });
    const many = await Promise.all(Array.from({ length: 6 }, () => spaces(20, '2026-11-26 21:00', '2026-11-27 05:00')));
    expect(many.filter((answer) => answer.status === 201)).toHaveLength(4);
  });

  it('is guarded by the database itself: one piece is never two people’s at a time', async () => {
    const owner = new pg.Client(house.database.config);
    await owner.connect();
    const insert = (code: string, slots: string, during: string) =>
      owner.query(
        `insert into booking (district, code, resource, capacity, quantity, slots, during, purpose, place, asked_by, asked_at, state, version)
         values (441802, $1, 'res-06', 2, 1, $2, $3, 'x', '441802007', 'nobody', now(), 'agreed', 1)`,
        [code, slots, during],
      );
    await insert('forged-1', '{[1,2)}', '[2026-12-01 08:00+08,2026-12-01 10:00+08)');
    await insert('forged-2', '{[2,3)}', '[2026-12-01 08:00+08,2026-12-01 10:00+08)');
    await insert('forged-3', '{[1,2)}', '[2026-12-01 10:00+08,2026-12-01 12:00+08)');
    await expect(insert('forged-4', '{[2,3)}', '[2026-12-01 09:00+08,2026-12-01 11:00+08)')).rejects.toMatchObject({ code: '23P01' });
    await expect(insert('forged-5', '{[3,4)}', '[2026-12-02 09:00+08,2026-12-02 11:00+08)')).rejects.toMatchObject({ code: '23514' });
    await owner.end();
  });

  it('cancelled, its time is free; a resource with bookings to come is not taken off the list, nor made fewer', async () => {
    const first = await book(PEOPLE.fengcheng, 'res-01', '2026-11-30 19:00', '2026-11-30 21:00');
    const school = lender('fengcheng-union-03', ['441802006001']);
    const take = (body: object) => house.ask(school, 'POST', '/resources/res-01/moves', body);
    expect(await take({ verb: 'withdraw', reason: '整修' })).toMatchObject({ status: 409, body: { code: 'resource-booked' } });
    expect(await move(PEOPLE.fengcheng, first.body.code, { verb: 'cancel', reason: '演示·改期' })).toMatchObject({
      status: 200,
      body: { state: 'cancelled' },
    });
    expect(await book(PEOPLE.ximentang, 'res-01', '2026-11-30 19:00', '2026-11-30 21:00')).toMatchObject({ status: 201 });
    expect(house.toldTo('member:fengcheng-union-03')).toContain('bookingCancelled');
  });

  it('not answered by its beginning it lapses, and after its end it is done', async () => {
    const asked = await book(PEOPLE.fengcheng, 'res-01', '2026-12-01 18:30', '2026-12-01 19:30');
    const agreed = await book(PEOPLE.fengcheng, 'res-01', '2026-12-01 19:30', '2026-12-01 20:30');
    await move(lender('fengcheng-union-03', ['441802006001']), agreed.body.code, { verb: 'agree' });
    await house.timeIs('2026-12-01 20:31');
    await house.service.check();
    const { body } = await house.ask(PEOPLE.fengcheng, 'GET', '/bookings?resource=res-01&from=2026-12-01&days=1');
    const state = (code: string) => body.items.find((one: { code: string }) => one.code === code).state;
    expect([state(asked.body.code), state(agreed.body.code)]).toEqual(['lapsed', 'done']);
  });
});

describe('预约 wanted for something', () => {
  const wish = (more: object) => book(PEOPLE.fengcheng, 'res-01', '2026-12-08 19:00', '2026-12-08 20:00', more);

  it('is for a need or an activity that is there, in the scope of whoever asks', async () => {
    const needs = async (by: Actor) =>
      (await house.ask(by, 'GET', '/needs')).body.items.map((one: { code: string }) => one.code) as string[];
    const own = await needs(PEOPLE.fengcheng);
    const foreign = (await needs(PEOPLE.dongcheng)).find((code) => !own.includes(code));
    expect(foreign).toBeDefined();
    for (const more of [{ need: 'no-such-need' }, { need: foreign }, { activity: 'no-such-activity' }]) {
      expect(await wish(more)).toMatchObject({ status: 404, body: { code: 'not-found' } });
    }
    expect(await wish({ need: own[0] })).toMatchObject({ status: 201, body: { need: own[0] } });
  });
});

describe('fewer than there were (a quantity lowered)', () => {
  it('leaves what has ended as it was, deals anew what holds, and is refused where that does not fit', async () => {
    const chairs = {
      member: 'fengcheng-union-04',
      kind: 'equipment',
      nameZh: '演示·轮椅',
      unitZh: '辆',
      quantity: 4,
      hours: '00:00-24:00',
      noticeMinutes: 0,
      position: { lng: 113.03304, lat: 23.73684 },
    };
    const { body: resource } = await house.ask(PEOPLE.hospital, 'POST', '/resources', chairs);
    const agreed = async (from: string, until: string, quantity: number): Promise<string> => {
      const { body } = await book(PEOPLE.fengcheng, resource.code, from, until, { quantity });
      expect(await move(PEOPLE.hospital, body.code, { verb: 'agree' })).toMatchObject({ status: 200 });
      return body.code as string;
    };
    const amend = (quantity: number) =>
      house.ask(PEOPLE.hospital, 'POST', `/resources/${resource.code}/moves`, { verb: 'amend', quantity });
    const done = await agreed('2026-12-02 08:00', '2026-12-02 09:00', 4);
    const past = await agreed('2026-12-02 10:00', '2026-12-02 11:00', 4);
    const cancelled = await agreed('2026-12-03 08:00', '2026-12-03 10:00', 2);
    const held = await agreed('2026-12-03 09:00', '2026-12-03 11:00', 2);
    await move(PEOPLE.hospital, cancelled, { verb: 'cancel', reason: '演示·改期' });
    await house.timeIs('2026-12-02 09:30');
    await house.service.check();
    await house.timeIs('2026-12-02 11:30');
    expect(await amend(1)).toMatchObject({ status: 409, body: { code: 'resource-booked' } });
    expect(await amend(2)).toMatchObject({ status: 200, body: { quantity: 2 } });
    const { rows } = await house.database.db.pool.query<{ code: string; state: string; slots: string }>(
      'select code, state, slots::text from booking where resource = $1',
      [resource.code],
    );
    const row = (code: string) => rows.find((one) => one.code === code);
    expect([done, past, cancelled, held].map(row)).toMatchObject([
      { state: 'done', slots: '{[1,5)}' },
      { state: 'agreed', slots: '{}' },
      { state: 'cancelled', slots: '{[1,3)}' },
      { state: 'agreed', slots: '{[1,3)}' },
    ]);
  });
});

describe('out at an incident past its time', () => {
  const pump = {
    member: 'fengcheng-union-04',
    kind: 'equipment',
    nameZh: '演示·水泵',
    unitZh: '台',
    quantity: 1,
    hours: '00:00-24:00',
    noticeMinutes: 0,
    position: { lng: 113.03304, lat: 23.73684 },
  };

  it('a piece is not lent again until it is given back, nor taken off the list', async () => {
    const { body: resource } = await house.ask(PEOPLE.hospital, 'POST', '/resources', pump);
    const wanted = async (from: string, until: string): Promise<string> => {
      const { body } = await book(PEOPLE.fengcheng, resource.code, from, until);
      expect(await move(PEOPLE.hospital, body.code, { verb: 'agree' })).toMatchObject({ status: 200 });
      return body.code as string;
    };
    const goes = (code: string, assignment: string | null) =>
      house.database.db.pool.query('update booking set incident = $2, unit = resource, assignment = $3 where code = $1', [
        code,
        uuid(),
        assignment,
      ]);
    const out = await wanted('2026-12-03 08:00', '2026-12-03 10:00');
    const unused = await wanted('2026-12-03 10:00', '2026-12-03 10:30');
    await goes(out, uuid());
    await goes(unused, null);
    await house.timeIs('2026-12-03 11:00');
    await house.service.check();
    const { body: listed } = await house.ask(PEOPLE.hospital, 'GET', '/bookings?open=true');
    const state = (code: string) => listed.items.find((one: { code: string }) => one.code === code)?.state;
    expect([state(out), state(unused)]).toEqual(['agreed', undefined]);
    const { body } = await house.ask(PEOPLE.fengcheng, 'GET', '/resources');
    expect(body.items.find((one: { code: string }) => one.code === resource.code)).toMatchObject({ freeNow: 0 });
    const again = () => book(PEOPLE.fengcheng, resource.code, '2026-12-03 12:00', '2026-12-03 14:00');
    expect(await again()).toMatchObject({ status: 409, body: { code: 'booking-taken', about: { free: 0 } } });
    expect(await book(PEOPLE.fengcheng, resource.code, '2026-12-11 12:00', '2026-12-11 14:00')).toMatchObject({ status: 201 });
    const withdraw = { verb: 'withdraw', reason: '演示·检修' };
    expect(await house.ask(PEOPLE.hospital, 'POST', `/resources/${resource.code}/moves`, withdraw)).toMatchObject({ status: 409 });
    expect(await move(PEOPLE.hospital, out, { verb: 'finish' })).toMatchObject({ status: 200 });
    expect(await again()).toMatchObject({ status: 201 });
  });
});

describe('the list of bookings', () => {
  it('is of the own scope, from today on, and for nobody without an area', async () => {
    for (const by of [PEOPLE.unit, PEOPLE.gridWorker]) {
      expect(await house.ask(by, 'GET', '/bookings')).toMatchObject({ status: 200, body: { items: [] } });
    }
    const { body } = await house.ask(PEOPLE.fengcheng, 'GET', '/bookings');
    expect(body.items.length).toBeGreaterThan(0);
    expect(body.items.every((one: { until: string }) => one.until > '2026-12-01T16:00:00.000Z')).toBe(true);
    const past = await house.ask(PEOPLE.fengcheng, 'GET', '/bookings?resource=res-01&from=2026-11-23&days=10');
    expect(past.body.items.length).toBeGreaterThan(0);
    // Another subdistrict sees neither what is lent there nor who asked.
    const other = await house.ask(PEOPLE.dongcheng, 'GET', '/bookings?resource=res-01&from=2026-11-23&days=10');
    expect(other.body.items).toEqual([]);
    const lent = await house.ask(PEOPLE.hospital, 'GET', '/bookings');
    expect(lent.body.items.length).toBeGreaterThan(0);
  });
});
