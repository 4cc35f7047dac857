/** 大工委、大党委: committees, part-time members and their certificates, in the article's own words. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadDemoAccounts } from '../../src/identity/demo-accounts.ts';
import { type CobuildHouse, openHouse, PEOPLE, uuid } from './house.ts';

let house: CobuildHouse;
beforeAll(async () => {
  house = await openHouse();
});
afterAll(async () => {
  await house.close();
  expect(house.faults).toEqual([]);
});

const clinic = {
  orgZh: '演示·江滨诊所',
  orgEn: 'Demo Riverside Clinic',
  orgKind: 'hospital',
  personZh: '演示·岳',
  personEn: 'Demo Yue',
  postZh: '党支部书记',
  postEn: 'Party branch secretary',
  unit: null,
};
const propose = (committee: string, by = PEOPLE.ximentang, changed = {}) =>
  house.ask(by, 'POST', '/members', { committee, ...clinic, ...changed });
const move = (by: (typeof PEOPLE)[keyof typeof PEOPLE], code: string, body: object) =>
  house.ask(by, 'POST', `/members/${code}/moves`, body);

describe('在全区 4 个街道推行“大工委”，社区探索“大党委” (the quarter of the demo world)', () => {
  it('has 24 committees with their 70 part-time members', async () => {
    const { body } = await house.ask(PEOPLE.district, 'GET', '/committees');
    expect(body.items).toHaveLength(24);
    expect(body.items.filter((one: { tier: string }) => one.tier === 'subdistrict')).toHaveLength(4);
    expect(body.items.reduce((sum: number, one: { members: number }) => sum + one.members, 0)).toBe(70);
    expect(body.quarter).toBe('2026Q4');
  });

  it('shows each office its own: a community also the 大工委 above it', async () => {
    const codes = async (actor: (typeof PEOPLE)[keyof typeof PEOPLE]) =>
      (await house.ask(actor, 'GET', '/committees')).body.items.map((one: { code: string }) => one.code);
    expect(await codes(PEOPLE.ximentang)).toEqual(['fengcheng-union', 'ximentang']);
    expect(await codes(PEOPLE.canteen)).toEqual(['fengcheng-union', 'ximentang']);
    expect(await codes(PEOPLE.dongcheng)).not.toContain('fengcheng-union');
    expect((await house.ask(PEOPLE.unit, 'GET', '/committees')).body).toMatchObject({ code: 'not-allowed' });
    expect((await house.ask(PEOPLE.gridWorker, 'GET', '/members')).body).toMatchObject({ code: 'not-allowed' });
  });

  it('knows whose term ends within thirty days', async () => {
    const { body } = await house.ask(PEOPLE.fengcheng, 'GET', '/members?committee=fengcheng-union');
    const hospital = body.items.find((one: { code: string }) => one.code === 'fengcheng-union-04');
    expect(hospital).toMatchObject({ state: 'appointed', termEnd: '2026-12-12', endsInDays: 22, inTerm: true });
    expect(body.items.filter((one: { endsInDays: number | null }) => one.endsInDays !== null)).toHaveLength(1);
  });
});

describe('按规定程序聘任 (appointment)', () => {
  it('the community proposes, the subdistrict or the linked leader appoints and hands over the certificate', async () => {
    const proposed = await propose('ximentang');
    expect(proposed).toMatchObject({ status: 201, body: { code: 'ximentang-04', state: 'proposed', certificate: null } });
    expect(house.toldTo('subdistrict:441802006')).toContain('memberProposed');
    const code = 'ximentang-04';
    // Who proposes does not appoint.
    expect(await move(PEOPLE.ximentang, code, { verb: 'appoint', until: '2029-11-19' })).toMatchObject({
      status: 403,
      body: { code: 'not-yours' },
    });
    const appointed = await move(PEOPLE.leader, code, { verb: 'appoint', until: '2029-11-19', expectedVersion: 1 });
    expect(appointed).toMatchObject({
      status: 200,
      body: { state: 'appointed', appointed: '2026-11-20', certificate: '聘-2026-001', inTerm: true },
    });
    expect(house.toldTo(`member:${code}`)).toEqual(['memberAppointed']);
    const { body } = await house.ask(PEOPLE.ximentang, 'GET', `/members/${code}`);
    expect(body.moves.map((one: { verb: string }) => one.verb)).toEqual(['propose', 'appoint']);
    expect(body.certificates).toMatchObject([{ number: '聘-2026-001', from: '2026-11-20', until: '2029-11-19', endedOn: null }]);
  });

  it('a district account that proposed is not the one that appoints', async () => {
    const { body } = await propose('henghe-union', PEOPLE.district);
    const appoint = { verb: 'appoint', until: '2029-11-19' };
    expect(await move(PEOPLE.district, body.code, appoint)).toMatchObject({ status: 422, body: { code: 'second-person-needed' } });
    expect(await move(PEOPLE.district2, body.code, appoint)).toMatchObject({ status: 200 });
  });

  it('refuses a term that has no days, or outlives five years', async () => {
    const { body } = await propose('cuihu', PEOPLE.cuihu);
    const appoint = (until: string) => move(PEOPLE.fengcheng, body.code, { verb: 'appoint', until });
    expect(await appoint('2026-11-20')).toMatchObject({ status: 422, body: { code: 'term-too-short' } });
    expect(await appoint('2031-11-21')).toMatchObject({ status: 422, body: { code: 'term-too-long', about: { latest: '2031-11-20' } } });
    expect(await move(PEOPLE.fengcheng, body.code, { verb: 'reject', reason: '演示·已有诊所委员' })).toMatchObject({
      body: { state: 'rejected' },
    });
    expect(await appoint('2028-11-20')).toMatchObject({ status: 409, body: { code: 'no-such-move' } });
  });

  it('refuses strangers, unknown committees and units, and a NUL', async () => {
    expect(await propose('ximentang', PEOPLE.cuihu)).toMatchObject({ status: 422, body: { code: 'unknown-committee' } });
    expect(await propose('nowhere')).toMatchObject({ status: 422, body: { code: 'unknown-committee' } });
    expect(await propose('ximentang', PEOPLE.canteen)).toMatchObject({ status: 403, body: { code: 'not-yours' } });
    expect(await propose('ximentang', PEOPLE.auditor)).toMatchObject({ status: 403, body: { code: 'not-yours' } });
    expect(await propose('ximentang', PEOPLE.ximentang, { unit: 'no-such-unit' })).toMatchObject({
      status: 422,
      body: { code: 'unknown-unit' },
    });
    expect(await propose('ximentang', PEOPLE.ximentang, { orgZh: '演示\u0000' })).toMatchObject({
      status: 422,
      body: { code: 'invalid-body' },
    });
  });
});

describe('任期 (the term)', () => {
  it('is renewed from the day after its last, with a new certificate; the old one still says what it said', async () => {
    const renewed = await move(PEOPLE.district, 'fengcheng-union-04', { verb: 'renew', until: '2029-12-12', expectedVersion: 2 });
    expect(renewed).toMatchObject({ status: 200, body: { state: 'appointed', appointed: '2024-12-30', termEnd: '2029-12-12' } });
    const { body } = await house.ask(PEOPLE.fengcheng, 'GET', '/members/fengcheng-union-04');
    expect(body.certificates.map((one: { from: string; until: string }) => [one.from, one.until])).toEqual([
      ['2026-12-13', '2029-12-12'],
      ['2024-12-30', '2026-12-12'],
    ]);
  });

  it('of two who renew the same version one is refused, and asked to look again', async () => {
    const renew = (until: string) => move(PEOPLE.fengcheng, 'ximentang-02', { verb: 'renew', until, expectedVersion: 2 });
    const answers = await Promise.all([renew('2028-12-29'), renew('2029-12-28')]);
    expect(answers.map((one) => one.status).sort()).toEqual([200, 409]);
    expect(answers.find((one) => one.status === 409)!.body).toMatchObject({ code: 'version-conflict' });
  });

  it('two appointments at the same moment never have the same number', async () => {
    const codes = await Promise.all([1, 2, 3, 4].map(async () => (await propose('ximentang')).body.code as string));
    expect(new Set(codes).size).toBe(4);
    const answers = await Promise.all(codes.map((code) => move(PEOPLE.fengcheng, code, { verb: 'appoint', until: '2028-11-20' })));
    expect(new Set(answers.map((one) => one.body.certificate)).size).toBe(4);
  });

  it('the same key gives the same answer, and stands for one request only', async () => {
    const key = uuid();
    const ask = (orgZh: string) => house.ask(PEOPLE.ximentang, 'POST', '/members', { committee: 'ximentang', ...clinic, orgZh }, key);
    const [first, again] = await Promise.all([ask('演示·甲'), ask('演示·甲')]);
    expect([first.status, again.status]).toEqual([201, 201]);
    expect(again.body.code).toBe(first.body.code);
    expect(await ask('演示·乙')).toMatchObject({ status: 422, body: { code: 'idempotency-key-reused' } });
  });

  it('warns thirty days ahead – the member, the office and the one above – and once', async () => {
    await house.service.check();
    await house.service.check();
    const endings = house.told.filter((one) => one.notice === 'termEnding');
    expect(endings.map((one) => one.about['code']).sort()).toEqual(['baijia-03', 'ximentang-03']);
    expect(endings.find((one) => one.about['code'] === 'ximentang-03')!.recipients).toEqual([
      'member:ximentang-03',
      'community:441802006020',
      'subdistrict:441802006',
    ]);
  });

  it('once over is over, by itself, on the day after the last; one who is out of office acts no more', async () => {
    const out = { ...PEOPLE.canteen, account: 'member.ximentang-03' };
    await house.timeIs('2026-12-12 23:00');
    await house.service.check();
    expect((await house.ask(PEOPLE.ximentang, 'GET', '/members/ximentang-03')).body).toMatchObject({ state: 'appointed', inTerm: true });
    await house.timeIs('2026-12-13 00:01');
    // Also before the look has written it down.
    expect(await move(out, 'ximentang-03', { verb: 'resign', reason: '演示' })).toMatchObject({
      status: 403,
      body: { code: 'member-expired' },
    });
    await house.service.check();
    const { body } = await house.ask(PEOPLE.ximentang, 'GET', '/members/ximentang-03');
    expect(body).toMatchObject({ state: 'expired', inTerm: false });
    expect(body.moves.at(-1)).toMatchObject({ verb: 'expire', actor: 'system' });
    expect(house.toldTo('member:ximentang-03')).toEqual(['termEnding', 'termEnded']);
    // Renewed after it was over, the term begins today.
    const renewed = await move(PEOPLE.leader, 'ximentang-03', { verb: 'renew', until: '2028-12-12' });
    expect(renewed.body).toMatchObject({ state: 'appointed', appointed: '2026-12-13', inTerm: true });
  });
});

describe('聘书 (the certificate)', () => {
  const verdict = (path: string) => {
    const query = new URLSearchParams(path.slice(path.indexOf('?')));
    return house.ask(null, 'GET', `/public/certificates/${encodeURIComponent(query.get('n')!)}?k=${query.get('k')!}`);
  };
  const certificateOf = async (code: string) => (await house.ask(PEOPLE.district, 'GET', `/members/${code}`)).body.certificates[0];

  it('is verified by anybody who has it: body, committee and days, no person', async () => {
    const { checkPath } = await certificateOf('fengcheng-union-01');
    const { status, body } = await verdict(checkPath);
    expect([status, body]).toEqual([
      200,
      {
        state: 'valid',
        number: '演聘-2024-001',
        from: '2024-12-30',
        until: '2027-12-30',
        bodyZh: '演示·凤城派出所',
        bodyEn: 'Demo Fengcheng Police Station',
        committeeZh: '演示·凤城街道大工委',
        committeeEn: 'Demo Fengcheng Subdistrict Enlarged Working Committee',
        tier: 'subdistrict',
      },
    ]);
  });

  it('with another key is as unknown as one that was never made', async () => {
    const wrong = await house.ask(null, 'GET', `/public/certificates/${encodeURIComponent('演聘-2024-001')}?k=AAAAAAAAAAAAAAAAAAAAAA`);
    const never = await house.ask(null, 'GET', `/public/certificates/${encodeURIComponent('演聘-1999-001')}?k=AAAAAAAAAAAAAAAAAAAAAA`);
    expect([wrong.body, never.body]).toEqual([{ state: 'unknown' }, { state: 'unknown' }]);
  });

  it('says that it holds no longer once the appointment has ended; who has left signs in no more', async () => {
    const { kysely } = house.database.db;
    await loadDemoAccounts(kysely, 'no password');
    const closed = async () => {
      const rows = await kysely.selectFrom('account').select('account').where('disabled', '=', true).execute();
      return rows.map((row) => row.account);
    };
    expect(await closed()).toEqual([]);
    const { checkPath } = await certificateOf('fengcheng-union-02');
    await move(PEOPLE.district, 'fengcheng-union-02', { verb: 'end', reason: '演示·调离' });
    expect((await verdict(checkPath)).body).toMatchObject({ state: 'expired', until: '2026-12-13' });
    expect(await closed()).toEqual(['member.fengcheng-union-02']);
  });
});

describe('大工委 (a committee itself)', () => {
  const found = (by: (typeof PEOPLE)[keyof typeof PEOPLE], place: string, code: string) =>
    house.ask(by, 'POST', '/committees', { code, place, nameZh: '演示·新社区大党委', nameEn: 'Demo new committee', founded: '2026-12-01' });

  it('is founded by whoever stands above its place, one for each', async () => {
    expect(await found(PEOPLE.ximentang, '441802006001', 'first')).toMatchObject({ status: 403, body: { code: 'not-yours' } });
    expect(await found(PEOPLE.fengcheng, '441802006001', 'first')).toMatchObject({ status: 201, body: { tier: 'community', version: 1 } });
    expect(await found(PEOPLE.fengcheng, '441802006001', 'second')).toMatchObject({ status: 409, body: { code: 'committee-exists' } });
    expect(await found(PEOPLE.district, '441802999', 'third')).toMatchObject({ status: 422, body: { code: 'unknown-area' } });
    const answers = await Promise.all(['a-1', 'a-2', 'a-3'].map((code) => found(PEOPLE.fengcheng, '441802006002', code)));
    expect(answers.map((one) => one.status).sort()).toEqual([201, 409, 409]);
  });

  it('is dissolved only when nothing of it is left', async () => {
    const dissolve = (code: string) =>
      house.ask(PEOPLE.fengcheng, 'POST', `/committees/${code}/moves`, { verb: 'dissolve', reason: '演示' });
    expect(await dissolve('cuihu')).toMatchObject({ status: 409, body: { code: 'committee-in-use' } });
    expect(await dissolve('first')).toMatchObject({ status: 200, body: { state: 'dissolved' } });
  });
});

describe('what is read without an account', () => {
  it.each(['/public/certificates/none?k=AAAA', '/public/calendars/none.ics?k=AAAA'])('%s: bounded for each address', async (path) => {
    const answers = await Promise.all(Array.from({ length: 120 }, () => house.ask(null, 'GET', path)));
    // Some of the sixty may have been read by the specs before.
    expect(answers.filter((one) => one.status !== 429).length).toBeGreaterThanOrEqual(50);
    expect(answers.find((one) => one.status === 429)).toMatchObject({ body: { code: 'too-many-requests' } });
  });
});
