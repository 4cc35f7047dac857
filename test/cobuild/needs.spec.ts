/** 由街道和社区提供需求清单, 协议共建单位主动认领并提供服务. */
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

const NEED = {
  committee: 'fengcheng-union',
  link: 'security',
  titleZh: '演示·校门口晚高峰疏导',
  titleEn: 'Demo: evening crossing guards',
  quantity: 10,
  unitZh: '人',
  unitEn: 'people',
  due: '2026-12-18',
};
const publish = (by: Actor, body: object = {}) => house.ask(by, 'POST', '/needs', { ...NEED, ...body });
const claim = (by: Actor, need: string, quantity: number, more: object = {}) =>
  house.ask(by, 'POST', `/needs/${need}/claims`, { quantity, ...more });
const move = (by: Actor, code: string, body: object) => house.ask(by, 'POST', `/claims/${code}/moves`, body);
const own = (body: { claims: { member: string; code: string }[] }, member: string) => body.claims.findLast((one) => one.member === member)!;

describe('需求清单 (the needs list)', () => {
  it('has the 39 needs and 47 claims of the quarter, each as far as it is', async () => {
    const { body } = await house.ask(PEOPLE.district, 'GET', '/needs');
    expect(body.items).toHaveLength(39);
    expect(body.items.flatMap((need: { claims: unknown[] }) => need.claims)).toHaveLength(47);
    const need = (code: string) => body.items.find((one: { code: string }) => one.code === code);
    expect(need('need-01')).toMatchObject({ state: 'partClaimed', left: 2, overdue: false, link: 'security' });
    expect(need('need-02')).toMatchObject({ state: 'confirmed', left: 0 });
    expect(need('need-09')).toMatchObject({ state: 'partClaimed', left: 1, overdue: true });
    expect(need('need-21')).toMatchObject({ state: 'open', left: 60 });
  });

  it('tells of each of the five links how it goes', async () => {
    const { body } = await house.ask(PEOPLE.district, 'GET', '/needs/figures');
    const party = body.items.find((one: { link: string }) => one.link === 'party');
    expect(party).toMatchObject({ needs: 2, open: 2, unclaimed: 0, claims: 2 });
    expect(body.items).toHaveLength(5);
  });

  it('comes in pages, and what is no page’s end is refused', async () => {
    const page = (query: string) => house.ask(PEOPLE.district, 'GET', `/needs?limit=20${query}`);
    const first = (await page('')).body;
    const second = (await page(`&after=${encodeURIComponent(first.next)}`)).body;
    expect(new Set([...first.items, ...second.items].map((need: { code: string }) => need.code)).size).toBe(39);
    for (const after of ['foo', '2026-12-18', '0000-01-01 need-01', '2026-02-30 need-01', '2026-12-18 Need 1']) {
      expect(await page(`&after=${encodeURIComponent(after)}`), after).toMatchObject({ status: 422, body: { code: 'invalid-query' } });
    }
  });

  it.each([
    '/members?endingBy=0000-01-01',
    '/agreements?endingBy=0000-01-01',
    '/appraisals?quarter=0000Q1',
    '/appraisals?quarter=9999Q4',
    '/conferences?quarter=0000Q1',
  ])('%s names no day that there is: refused, and no fault', async (path) => {
    expect(await house.ask(PEOPLE.district, 'GET', path)).toMatchObject({ status: 422, body: { code: 'invalid-query' } });
  });

  it('is seen where it concerns somebody, and nowhere else', async () => {
    const places = async (by: Actor) =>
      new Set((await house.ask(by, 'GET', '/needs')).body.items.map((one: { place: string }) => one.place.slice(0, 9)));
    expect(await places(PEOPLE.dongcheng)).toEqual(new Set(['441802007']));
    expect(await places(PEOPLE.canteen)).toEqual(new Set(['441802006']));
    expect(await places(PEOPLE.unit)).toEqual(new Set());
    expect(await house.ask(PEOPLE.henghe, 'GET', '/needs/need-01')).toMatchObject({ status: 404 });
  });

  it('is read by the grid workers of the place, who have no act on it', async () => {
    const { body } = await house.ask(PEOPLE.gridWorker, 'GET', '/needs');
    expect(new Set(body.items.map((one: { place: string }) => one.place))).toEqual(new Set(['441802006', '441802006020']));
    for (const one of body.items)
      expect([one.may, one.mayClaim, one.claims.flatMap((of: { may: string[] }) => of.may)]).toEqual([[], false, []]);
    // 西门塘社区's own, and another community's in the same subdistrict.
    expect(await house.ask(PEOPLE.gridWorker, 'GET', '/needs/need-11')).toMatchObject({ status: 200 });
    const cuihu = (await house.ask(PEOPLE.cuihu, 'GET', '/needs')).body.items.find(
      (one: { place: string }) => one.place === '441802006027',
    );
    expect(await house.ask(PEOPLE.gridWorker, 'GET', `/needs/${cuihu.code}`)).toMatchObject({ status: 404 });
    // Which person it was is not told.
    const log = (await house.ask(PEOPLE.gridWorker, 'GET', '/needs/need-11/moves')).body.items;
    expect(log.some((move: { actor: string }) => move.actor.startsWith('member.'))).toBe(false);
    expect(await claim(PEOPLE.gridWorker, 'need-11', 1)).toMatchObject({ status: 404 });
  });

  it('is published by the place or the one above it, and tells the members', async () => {
    expect(await publish(PEOPLE.police)).toMatchObject({ status: 403, body: { code: 'not-yours' } });
    expect(await publish(PEOPLE.dongcheng)).toMatchObject({ status: 422, body: { code: 'unknown-committee' } });
    expect(await publish(PEOPLE.fengcheng, { due: '2026-11-19' })).toMatchObject({ status: 422, body: { code: 'date-in-past' } });
    expect(await publish(PEOPLE.fengcheng, { quantity: 0 })).toMatchObject({ status: 422, body: { code: 'invalid-body' } });
    expect(await publish(PEOPLE.fengcheng, { link: 'friendship' })).toMatchObject({ status: 422, body: { code: 'invalid-body' } });
    const made = await publish(PEOPLE.fengcheng);
    expect(made).toMatchObject({
      status: 201,
      body: { state: 'open', left: 10, may: ['invite', 'confer', 'extend', 'withdraw'], mayClaim: false },
    });
    expect(house.toldTo('member:fengcheng-union-02')).toContain('needPublished');
    expect(await publish(PEOPLE.fengcheng, { committee: 'cuihu' })).toMatchObject({ status: 201, body: { place: '441802006027' } });
  });
});

describe('认领 (claiming)', () => {
  it('goes in parts, up to what is left, and no further', async () => {
    const { body: need } = await publish(PEOPLE.fengcheng);
    expect(await claim(PEOPLE.police, need.code, 4)).toMatchObject({ status: 201, body: { state: 'partClaimed', left: 6 } });
    expect(house.toldTo('subdistrict:441802006')).toContain('claimMade');
    expect(await claim(PEOPLE.enforcement, need.code, 7)).toMatchObject({
      status: 409,
      body: { code: 'claim-over-rest', about: { left: 6 } },
    });
    expect(await claim(PEOPLE.enforcement, need.code, 6)).toMatchObject({
      status: 201,
      body: { state: 'claimed', left: 0, mayClaim: false },
    });
    expect(await claim(PEOPLE.hospital, need.code, 1)).toMatchObject({ status: 409, body: { code: 'need-all-claimed' } });
  });

  it('two who want the last part: one gets it, the other is told what is left', async () => {
    const { body: need } = await publish(PEOPLE.fengcheng);
    await claim(PEOPLE.police, need.code, 7);
    const both = await Promise.all([claim(PEOPLE.enforcement, need.code, 3), claim(PEOPLE.hospital, need.code, 2)]);
    const won = both.filter((answer) => answer.status === 201);
    const lost = both.filter((answer) => answer.status === 409);
    expect([won.length, lost.length]).toEqual([1, 1]);
    const { body: after } = await house.ask(PEOPLE.fengcheng, 'GET', `/needs/${need.code}`);
    expect(after.claimed).toBe(7 + (won[0]!.body.claimed - 7));
    expect(after.claimed).toBeLessThanOrEqual(10);
    expect(lost[0]!.body.code).toMatch(/^(need-all-claimed|claim-over-rest)$/);
    if (lost[0]!.body.code === 'claim-over-rest') expect(lost[0]!.body.about).toEqual({ left: after.left });
  });

  it('twenty at once for ten: ten get one each', async () => {
    const { body: need } = await publish(PEOPLE.fengcheng);
    const members = [PEOPLE.police, PEOPLE.enforcement, PEOPLE.hospital];
    const all = await Promise.all(Array.from({ length: 20 }, (_, k) => claim(members[k % 3]!, need.code, 1)));
    expect(all.filter((answer) => answer.status === 201)).toHaveLength(10);
    expect(all.filter((answer) => answer.body.code === 'need-all-claimed')).toHaveLength(10);
  });

  it('is guarded by the database itself: more than was asked for cannot be written by anybody', async () => {
    const { body: need } = await publish(PEOPLE.fengcheng);
    const owner = new pg.Client(house.database.config);
    await owner.connect();
    const insert = (code: string, quantity: number) =>
      owner.query(
        `insert into claim (district, code, need, member, quantity, claimed_on, due, state, version)
         values (441802, $1, $2, 'fengcheng-union-01', $3, '2026-11-20', '2026-12-01', 'claimed', 1)`,
        [code, need.code, quantity],
      );
    await insert('forged-1', 10);
    await expect(insert('forged-2', 1)).rejects.toMatchObject({ code: '23514', constraint: 'need_not_more_than_asked' });
    await owner.end();
  });

  it('is for members in term of that place; one whose term is over is told so', async () => {
    const { body: need } = await publish(PEOPLE.fengcheng);
    expect(await claim(PEOPLE.fengcheng, need.code, 1)).toMatchObject({ status: 403, body: { code: 'not-yours' } });
    expect(await claim(PEOPLE.unit, need.code, 1)).toMatchObject({ status: 404 });
    const stranger: Actor = { account: 'member.dongcheng-union-01', role: 'member', district: 441802, communities: ['441802006001'] };
    expect(await claim(stranger, need.code, 1)).toMatchObject({ status: 403, body: { code: 'not-in-committee' } });
    const owner = new pg.Client(house.database.config);
    await owner.connect();
    await owner.query(`update member set term_end = '2026-11-19' where code = 'fengcheng-union-05'`);
    await owner.end();
    const expired: Actor = { ...PEOPLE.police, account: 'member.fengcheng-union-05' };
    expect(await claim(expired, need.code, 1)).toMatchObject({ status: 403, body: { code: 'member-expired' } });
  });

  it('has a last day of its own, not after the need’s', async () => {
    const { body: need } = await publish(PEOPLE.fengcheng);
    expect(await claim(PEOPLE.police, need.code, 1, { due: '2026-12-19' })).toMatchObject({
      status: 422,
      body: { code: 'claim-after-need' },
    });
    const taken = await claim(PEOPLE.police, need.code, 1, { due: '2026-12-01' });
    expect(own(taken.body, 'fengcheng-union-01')).toMatchObject({ due: '2026-12-01', may: ['deliver', 'giveBack'] });
  });
});

describe('服务 (delivering)', () => {
  it('with words as proof, looked at by whoever published it; when all of it is confirmed the need is done', async () => {
    const { body: need } = await publish(PEOPLE.fengcheng, { quantity: 2 });
    const a = own((await claim(PEOPLE.police, need.code, 1)).body, 'fengcheng-union-01');
    const b = own((await claim(PEOPLE.enforcement, need.code, 1)).body, 'fengcheng-union-02');
    expect(await move(PEOPLE.police, a.code, { verb: 'confirm' })).toMatchObject({ status: 409, body: { code: 'no-such-move' } });
    expect(await move(PEOPLE.enforcement, a.code, { verb: 'deliver', delivery: '不是我的' })).toMatchObject({
      status: 403,
      body: { code: 'not-yours' },
    });
    expect(await move(PEOPLE.police, a.code, { verb: 'deliver', delivery: '' })).toMatchObject({
      status: 422,
      body: { code: 'invalid-body' },
    });
    await move(PEOPLE.police, a.code, { verb: 'deliver', delivery: '演示·两名民警护学一周' });
    expect(await move(PEOPLE.dongcheng, a.code, { verb: 'confirm' })).toMatchObject({ status: 404 });
    expect(await move(PEOPLE.fengcheng, a.code, { verb: 'sendBack', reason: '照片看不清，请补' })).toMatchObject({ status: 200 });
    expect(house.toldTo('member:fengcheng-union-01')).toContain('claimSentBack');
    await move(PEOPLE.police, a.code, { verb: 'deliver', delivery: '演示·补了照片' });
    expect(await move(PEOPLE.fengcheng, a.code, { verb: 'confirm', score: 5 })).toMatchObject({
      status: 200,
      body: { confirmed: 1, state: 'claimed' },
    });
    await move(PEOPLE.enforcement, b.code, { verb: 'deliver', delivery: '演示·执法队到岗' });
    const done = await move(PEOPLE.fengcheng, b.code, { verb: 'confirm' });
    expect(done).toMatchObject({ status: 200, body: { state: 'confirmed', confirmed: 2 } });
    const log = await house.ask(PEOPLE.fengcheng, 'GET', `/needs/${need.code}/moves`);
    expect(log.body.items.map((one: { verb: string }) => one.verb)).toEqual(
      expect.arrayContaining(['publish', 'claim', 'deliver', 'sendBack', 'confirm', 'fulfil']),
    );
  });

  it('names no photo that nobody uploaded', async () => {
    const { body: need } = await publish(PEOPLE.fengcheng);
    const one = own((await claim(PEOPLE.police, need.code, 1)).body, 'fengcheng-union-01');
    const photos = ['00000000-0000-4000-8000-00000000ffff'];
    expect(await move(PEOPLE.police, one.code, { verb: 'deliver', delivery: '演示', photos })).toMatchObject({
      status: 422,
      body: { code: 'unknown-photo' },
    });
  });

  it('given back, its part is free for others', async () => {
    const { body: need } = await publish(PEOPLE.fengcheng, { quantity: 3 });
    const one = own((await claim(PEOPLE.police, need.code, 3)).body, 'fengcheng-union-01');
    expect(await move(PEOPLE.police, one.code, { verb: 'giveBack', reason: '警力抽调' })).toMatchObject({
      status: 200,
      body: { left: 3, state: 'open' },
    });
    expect(await claim(PEOPLE.hospital, need.code, 3)).toMatchObject({ status: 201 });
  });
});

describe('what its publisher does', () => {
  it('invites, hands the rest to the conference, extends and withdraws', async () => {
    const { body: need } = await publish(PEOPLE.fengcheng);
    const at = (body: object) => house.ask(PEOPLE.fengcheng, 'POST', `/needs/${need.code}/moves`, body);
    expect(await at({ verb: 'invite', members: ['fengcheng-union-03'] })).toMatchObject({ status: 200 });
    expect(house.toldTo('member:fengcheng-union-03')).toContain('needInvited');
    expect(await at({ verb: 'invite', members: ['dongcheng-union-01'] })).toMatchObject({ status: 422, body: { code: 'unknown-member' } });
    expect(await at({ verb: 'confer' })).toMatchObject({ status: 200, body: { conferredAt: expect.any(String) } });
    expect(await at({ verb: 'extend', due: '2026-12-18' })).toMatchObject({ status: 422, body: { code: 'extend-later' } });
    expect(await at({ verb: 'extend', due: '2026-12-30' })).toMatchObject({ status: 200, body: { due: '2026-12-30' } });
    await claim(PEOPLE.police, need.code, 4);
    expect(await at({ verb: 'withdraw', reason: '演示·学校改了放学时间' })).toMatchObject({ status: 200, body: { state: 'withdrawn' } });
    expect(house.toldTo('member:fengcheng-union-01')).toContain('needWithdrawn');
    expect(await claim(PEOPLE.police, need.code, 1)).toMatchObject({ status: 409, body: { code: 'no-such-move' } });
  });

  it('an overdue need takes no more claims until it is extended', async () => {
    const baijia: Actor = { account: 'member.baijia-01', role: 'member', district: 441802, communities: ['441802009001'] };
    expect(await claim(baijia, 'need-27', 1)).toMatchObject({ status: 409, body: { code: 'need-overdue' } });
    await house.ask(PEOPLE.henghe, 'POST', '/needs/need-27/moves', { verb: 'extend', due: '2026-12-01' });
    expect(await claim(baijia, 'need-27', 1)).toMatchObject({ status: 201, body: { overdue: false } });
  });
});

describe('clocks', () => {
  it('remind before the last day, warn on it, and free the part three working days later', async () => {
    const { body: need } = await publish(PEOPLE.fengcheng, { due: '2026-12-04' });
    await claim(PEOPLE.hospital, need.code, 5, { due: '2026-11-27' });
    const told = () => house.told.filter((one) => one.about['code'] === need.code).map((one) => one.notice);
    await house.timeIs('2026-11-24 09:30');
    await house.service.check();
    expect(told()).toContain('claimDue');
    await house.timeIs('2026-11-27 18:00');
    await house.service.check();
    expect(told()).toContain('claimOverdue');
    await house.timeIs('2026-12-02 12:00');
    await house.service.check();
    expect((await house.ask(PEOPLE.fengcheng, 'GET', `/needs/${need.code}`)).body).toMatchObject({ claimed: 5 });
    await house.timeIs('2026-12-02 18:00');
    await house.service.check();
    expect((await house.ask(PEOPLE.fengcheng, 'GET', `/needs/${need.code}`)).body).toMatchObject({ claimed: 0, state: 'open' });
    expect(told()).toEqual(expect.arrayContaining(['claimLapsed', 'needUnclaimed']));
    await house.timeIs('2026-12-05 09:00');
    await house.service.check();
    expect(told()).toContain('needOverdue');
    const before = house.told.length;
    await house.service.check();
    expect(house.told).toHaveLength(before);
  });
});

it('what is at work at an incident does not lapse, whatever its day', async () => {
  const { body: need } = await publish(PEOPLE.fengcheng, { due: '2026-12-31' });
  for (const by of [PEOPLE.hospital, PEOPLE.police]) await claim(by, need.code, 2, { due: '2026-12-08' });
  await house.database.db.pool.query(
    `update claim set unit = 'fengcheng-police', assignment = $2 where need = $1 and member = 'fengcheng-union-01'`,
    [need.code, uuid()],
  );
  await house.timeIs('2026-12-21 18:00');
  await house.service.check();
  const { claims } = (await house.ask(PEOPLE.fengcheng, 'GET', `/needs/${need.code}`)).body;
  expect(own({ claims }, 'fengcheng-union-04')).toMatchObject({ state: 'lapsed' });
  expect(own({ claims }, 'fengcheng-union-01')).toMatchObject({ state: 'claimed' });
});

it('a key that somebody else’s claim has as its code is refused, and nothing is taken', async () => {
  const { body: need } = await publish(PEOPLE.fengcheng, { due: '2026-12-31' });
  const taken = own((await claim(PEOPLE.police, need.code, 1)).body, 'fengcheng-union-01').code;
  const again = await house.ask(PEOPLE.enforcement, 'POST', `/needs/${need.code}/claims`, { quantity: 1 }, taken);
  expect(again).toMatchObject({ status: 422, body: { code: 'idempotency-key-reused' } });
  expect((await house.ask(PEOPLE.fengcheng, 'GET', `/needs/${need.code}`)).body.claimed).toBe(1);
});
