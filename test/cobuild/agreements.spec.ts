/** 协议共建: agreements between committee and member unit, with the five links (五联). */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Actor } from '../../src/identity/actor.ts';
import { type CobuildHouse, openHouse, PEOPLE } from './house.ts';

let house: CobuildHouse;
beforeAll(async () => {
  house = await openHouse();
});
afterAll(async () => {
  await house.close();
  expect(house.faults).toEqual([]);
});

type Person = Actor;
const terms = { links: ['civility'], from: '2026-12-01', until: '2027-11-30', commitmentZh: '演示·周末清洁志愿队', commitmentEn: '' };
const make = (by: Person, body: object = {}) =>
  house.ask(by, 'POST', '/agreements', { committee: 'fengcheng-union', member: 'fengcheng-union-02', ...terms, ...body });
const move = (by: Person, code: string, body: object) => house.ask(by, 'POST', `/agreements/${code}/moves`, body);

describe('明确党建工作联抓、党建资源联享、社区问题联解、综治维稳联控、文明城市联创', () => {
  it('has 28 agreements of the quarter; those that end within thirty days come first', async () => {
    const { body } = await house.ask(PEOPLE.district, 'GET', '/agreements');
    expect(body.items).toHaveLength(28);
    expect(body.items.slice(0, 2).map((one: { code: string; endsInDays: number }) => [one.code, one.endsInDays])).toEqual([
      ['agr-09', 15],
      ['agr-02', 20],
    ]);
    expect(body.items.filter((one: { state: string }) => one.state === 'expired').map((one: { code: string }) => one.code)).toEqual([
      'agr-13',
    ]);
    const shared = await house.ask(PEOPLE.district, 'GET', '/agreements?link=security');
    expect(shared.body.items.every((one: { links: string[] }) => one.links.includes('security'))).toBe(true);
  });

  it('is offered by the committee’s office and signed by the member unit', async () => {
    const offered = await make(PEOPLE.fengcheng);
    expect(offered).toMatchObject({ status: 201, body: { code: 'agr-29', state: 'offered', signedOn: null } });
    expect(house.toldTo('member:fengcheng-union-02')).toEqual(['agreementOffered']);
    expect(await move(PEOPLE.police, 'agr-29', { verb: 'sign' })).toMatchObject({ status: 403, body: { code: 'not-yours' } });
    expect(await move(PEOPLE.fengcheng, 'agr-29', { verb: 'sign' })).toMatchObject({ status: 403, body: { code: 'not-yours' } });
    const signed = await move(PEOPLE.enforcement, 'agr-29', { verb: 'sign', expectedVersion: 1 });
    expect(signed).toMatchObject({ status: 200, body: { state: 'active', signedOn: '2026-11-20' } });
    expect(house.toldTo('subdistrict:441802006')).toContain('agreementAnswered');
  });

  it('or recorded as it was signed on paper, not before it was', async () => {
    const paper = { member: 'fengcheng-union-03', links: ['party', 'resource'] };
    expect(await make(PEOPLE.fengcheng, { ...paper, signedOn: '2026-11-21' })).toMatchObject({
      status: 422,
      body: { code: 'date-in-future' },
    });
    expect(await make(PEOPLE.fengcheng, { ...paper, signedOn: '2026-11-19' })).toMatchObject({ status: 201, body: { state: 'active' } });
  });

  it('refuses one of none of the links, one that is over, one that is there already, and strangers', async () => {
    expect(await make(PEOPLE.fengcheng, { links: [] })).toMatchObject({ status: 422, body: { code: 'no-links' } });
    expect(await make(PEOPLE.fengcheng, { links: ['friendship'] })).toMatchObject({ status: 422, body: { code: 'invalid-body' } });
    expect(await make(PEOPLE.fengcheng, { links: ['party'], until: '2026-11-30' })).toMatchObject({
      status: 422,
      body: { code: 'term-too-short' },
    });
    const again = await make(PEOPLE.fengcheng, { links: ['civility', 'party'] });
    expect(again).toMatchObject({ status: 409, body: { code: 'agreement-exists', about: { agreement: 'agr-29' } } });
    expect(await make(PEOPLE.fengcheng, { member: 'ximentang-01' })).toMatchObject({ status: 422, body: { code: 'unknown-member' } });
    expect(await make(PEOPLE.dongcheng)).toMatchObject({ status: 422, body: { code: 'unknown-committee' } });
    expect(await make(PEOPLE.police)).toMatchObject({ status: 403, body: { code: 'not-yours' } });
  });

  it('of two made at once for the same links one is made', async () => {
    const wanted = { member: 'fengcheng-union-01', links: ['party'] };
    const answers = await Promise.all([make(PEOPLE.fengcheng, wanted), make(PEOPLE.fengcheng, wanted)]);
    expect(answers.map((one) => one.status).sort()).toEqual([201, 409]);
  });
});

describe('续签与终止 (renewal and end)', () => {
  it('is renewed by both: one side offers, the other takes it', async () => {
    expect(await move(PEOPLE.canteen, 'agr-09', { verb: 'renew' })).toMatchObject({ status: 409, body: { code: 'no-renewal-offered' } });
    expect(await move(PEOPLE.canteen, 'agr-09', { verb: 'offerRenewal', until: '2026-12-05' })).toMatchObject({
      body: { code: 'term-too-short' },
    });
    const offered = await move(PEOPLE.canteen, 'agr-09', { verb: 'offerRenewal', until: '2027-12-05' });
    expect(offered).toMatchObject({ status: 200, body: { until: '2026-12-05', renewal: { until: '2027-12-05', by: 'member' } } });
    expect(house.toldTo('community:441802006020')).toContain('renewalOffered');
    expect(await move(PEOPLE.canteen, 'agr-09', { verb: 'renew' })).toMatchObject({ status: 409, body: { code: 'own-renewal' } });
    expect(await move(PEOPLE.ximentang, 'agr-09', { verb: 'renew' })).toMatchObject({
      status: 200,
      body: { until: '2027-12-05', renewal: null },
    });
  });

  it('warns thirty days ahead, and is over by itself', async () => {
    await house.service.check();
    expect(house.told.filter((one) => one.notice === 'agreementEnding').map((one) => one.about['code'])).toEqual(['agr-02']);
    await house.timeIs('2026-12-11 00:05');
    await house.service.check();
    const { body } = await house.ask(PEOPLE.fengcheng, 'GET', '/agreements/agr-02');
    expect(body).toMatchObject({ state: 'expired' });
    expect(body.moves.at(-1)).toMatchObject({ verb: 'expire', actor: 'system' });
  });

  it('two nodes that find it over end it once', async () => {
    await house.timeIs('2026-12-31 00:05');
    const other = await house.second();
    await Promise.all([house.service.check(), other.check()]);
    const { body } = await house.ask(PEOPLE.dongcheng, 'GET', '/agreements/agr-04');
    expect(body.moves.filter((one: { verb: string }) => one.verb === 'expire')).toHaveLength(1);
  });

  it('a member whose term is over signs, renews and ends nothing', async () => {
    expect(await move(PEOPLE.hospital, 'agr-01', { verb: 'end', reason: '演示' })).toMatchObject({
      status: 403,
      body: { code: 'member-expired' },
    });
    expect(await move(PEOPLE.police, 'agr-03', { verb: 'end', reason: '演示·改为常态' })).toMatchObject({
      status: 200,
      body: { state: 'ended' },
    });
  });
});
