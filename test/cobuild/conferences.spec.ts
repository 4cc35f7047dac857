/** 联席会商机制: each quarter a meeting, its agenda drafted, what it resolves followed up. */
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
const plan = (by: Person, committee: string, startsAt: string, quarter = '2026Q4') =>
  house.ask(by, 'POST', '/conferences', { committee, quarter, startsAt: `${startsAt}:00+08:00`, venueZh: '演示·三楼会议室', venueEn: '' });
const move = (by: Person, code: string, body: object) => house.ask(by, 'POST', `/conferences/${code}/moves`, body);
const moveResolution = (by: Person, code: string, body: object) => house.ask(by, 'POST', `/resolutions/${code}/moves`, body);

describe('每季度召开工作例会 (a conference each quarter)', () => {
  it('of the quarter of the demo world some are held, some set, some missing', async () => {
    const { body } = await house.ask(PEOPLE.district, 'GET', '/conferences?quarter=2026Q4');
    const states = body.items.map((one: { state: string }) => one.state);
    expect(states.filter((state: string) => state === 'held').length).toBeGreaterThan(10);
    expect(states.filter((state: string) => state === 'planned').length).toBeGreaterThan(4);
    expect(states).toHaveLength(21);
  });

  it('a quarter without one is warned of, to the office and the one above', async () => {
    await house.service.check();
    const missing = house.told.filter((one) => one.notice === 'conferenceMissing');
    expect(missing.map((one) => one.about['code']).sort()).toEqual(['henghe-union', 'qingfei', 'yinzhan']);
    expect(missing.find((one) => one.about['code'] === 'qingfei')!.recipients).toEqual(['community:441802007009', 'subdistrict:441802007']);
    expect(missing.find((one) => one.about['code'] === 'henghe-union')!.recipients).toEqual(['subdistrict:441802009', 'district']);
  });

  it('is set in its quarter, in time to come, and once', async () => {
    expect(await plan(PEOPLE.henghe, 'henghe-union', '2026-11-19T15:00')).toMatchObject({ status: 422, body: { code: 'date-in-past' } });
    expect(await plan(PEOPLE.henghe, 'henghe-union', '2027-01-05T15:00')).toMatchObject({ status: 422, body: { code: 'not-in-quarter' } });
    expect(await plan(PEOPLE.dongcheng, 'henghe-union', '2026-12-02T15:00')).toMatchObject({
      status: 422,
      body: { code: 'unknown-committee' },
    });
    expect(await plan(PEOPLE.auditor, 'henghe-union', '2026-12-02T15:00')).toMatchObject({ status: 403, body: { code: 'not-yours' } });
    const answers = await Promise.all(['2026-12-02T15:00', '2026-12-03T15:00'].map((at) => plan(PEOPLE.henghe, 'henghe-union', at)));
    expect(answers.map((one) => one.status).sort()).toEqual([201, 409]);
    expect(answers.find((one) => one.status === 409)!.body).toMatchObject({ code: 'quarter-has-conference' });
    expect(answers.find((one) => one.status === 201)!.body).toMatchObject({ code: 'henghe-union-2026q4', state: 'planned' });
  });

  it('one that was cancelled makes room for another', async () => {
    expect(await move(PEOPLE.henghe, 'henghe-union-2026q4', { verb: 'cancel', reason: '演示·暴雨' })).toMatchObject({
      body: { state: 'cancelled' },
    });
    expect(await plan(PEOPLE.henghe, 'henghe-union', '2026-12-09T15:00')).toMatchObject({
      status: 201,
      body: { code: 'henghe-union-2026q4-2' },
    });
  });
});

describe('事务共商 (the agenda)', () => {
  it('is drafted from what is late, and what is about to end; what people typed stays', async () => {
    // Feilaihu's conference of the demo world is set, and nothing is drafted for it yet.
    const { body: before } = await house.ask(PEOPLE.fengcheng, 'GET', '/conferences/feilaihu-2026q4');
    expect(before).toMatchObject({ state: 'planned', agenda: [] });
    const { body: planned } = await plan(PEOPLE.fengcheng, 'fengcheng-union', '2027-01-12T15:00', '2027Q1');
    const item = (kind: string) => planned.agenda.find((one: { kind: string }) => one.kind === kind);
    expect(item('resolution').refs).toEqual(['r2', 'r4', 'r1'].map((last) => `fengcheng-union-2026q4-${last}`));
    expect(item('agreement')).toMatchObject({ refs: ['agr-02'], minutes: 5 });
    expect(item('term')).toMatchObject({ refs: ['fengcheng-union-04'] });
    const typed = { kind: 'other', textZh: '演示·春节前的值守', textEn: '', refs: [], minutes: 10 };
    const edited = await move(PEOPLE.fengcheng, planned.code, { verb: 'amend', agenda: [item('agreement'), typed], expectedVersion: 1 });
    expect(edited.body.agenda.map((item: { kind: string }) => item.kind)).toEqual(['agreement', 'other']);
    const { body: draft } = await house.ask(PEOPLE.fengcheng, 'GET', `/conferences/${planned.code}/draft`);
    const drafted = draft.items.map((one: { kind: string }) => one.kind);
    expect(drafted).toEqual([...planned.agenda.map((one: { kind: string }) => one.kind), 'other']);
  });

  it('is announced to every member in term, who answer; one that is empty is not', async () => {
    const code = 'feilaihu-2026q4';
    const office: Person = { ...PEOPLE.ximentang, account: 'community.441802006028', community: '441802006028' };
    expect(await move(office, code, { verb: 'announce' })).toMatchObject({ status: 422, body: { code: 'agenda-empty' } });
    const item = { kind: 'other', textZh: '演示·湖边照明', textEn: '', refs: [], minutes: 20 };
    await move(office, code, { verb: 'amend', agenda: [item] });
    expect(await move(office, code, { verb: 'announce' })).toMatchObject({ status: 200, body: { state: 'announced', coming: 0 } });
    const members = (await house.ask(office, 'GET', '/members?committee=feilaihu')).body.items.map((one: { code: string }) => one.code);
    expect(house.told.find((one) => one.notice === 'conferenceCalled')!.recipients).toEqual([
      ...members.map((member: string) => `member:${member}`),
      'leader:441802006028',
    ]);
    const member: Person = { ...PEOPLE.canteen, account: 'member.feilaihu-01', communities: ['441802006028'] };
    expect(await move(member, code, { verb: 'reply', coming: true })).toMatchObject({
      status: 200,
      body: { coming: 1, absent: 0, myReply: true },
    });
    expect(await move(member, code, { verb: 'reply', coming: false, note: '演示·出差' })).toMatchObject({ body: { coming: 0, absent: 1 } });
    // A member of another committee has no seat here.
    expect(await move(PEOPLE.police, code, { verb: 'reply', coming: true })).toMatchObject({ status: 403, body: { code: 'not-yours' } });
  });

  it('is a file for the calendar, and a feed for whoever has its key', async () => {
    const file = await house.ask(PEOPLE.fengcheng, 'GET', '/conferences/feilaihu-2026q4/calendar.ics');
    expect(file.headers.get('Content-Type')).toBe('text/calendar; charset=utf-8');
    const lines = (text: string) => text.replaceAll('\r\n ', '').split('\r\n');
    expect(lines(file.body)).toEqual(
      expect.arrayContaining(['DTSTART:20261208T070000Z', 'LOCATION:湖边驿站', 'STATUS:CONFIRMED', 'UID:feilaihu-2026q4@441802.fengming']),
    );
    const { calendarPath } = (await house.ask(PEOPLE.fengcheng, 'GET', '/committees')).body.items.find(
      (one: { code: string }) => one.code === 'feilaihu',
    );
    const feed = await house.ask(null, 'GET', calendarPath.replace('/api/v1', ''));
    expect(lines(feed.body).filter((line) => line === 'BEGIN:VEVENT')).toHaveLength(1);
    const guessed = await house.ask(null, 'GET', '/public/calendars/feilaihu.ics?k=0123456789');
    expect(guessed).toMatchObject({ status: 404, body: { code: 'not-found' } });
  });
});

describe('纪要与议定 (minutes and resolutions)', () => {
  const held = 'fengcheng-union-2026q4';
  const resolve = (by: Person, body: object, conference = held) => house.ask(by, 'POST', `/conferences/${conference}/resolutions`, body);

  it('a meeting is recorded as held once it has begun, with minutes, and with those who have a seat', async () => {
    const code = 'jilong-2026q4';
    const office: Person = { ...PEOPLE.ximentang, account: 'community.441802007006', subdistrict: '441802007', community: '441802007006' };
    const hold = { verb: 'hold', minutes: '演示·议定三件事', attended: ['jilong-01'] };
    expect(await move(office, code, hold)).toMatchObject({ status: 422, body: { code: 'not-held-yet' } });
    await house.timeIs('2026-11-26 15:10');
    expect(await move(office, code, { ...hold, minutes: ' ' })).toMatchObject({ status: 422, body: { code: 'no-minutes' } });
    expect(await move(office, code, { ...hold, attended: ['ximentang-01'] })).toMatchObject({
      status: 422,
      body: { code: 'unknown-member' },
    });
    expect(await move(office, code, hold)).toMatchObject({ status: 200, body: { state: 'held', attended: ['jilong-01'] } });
    expect(house.toldTo('subdistrict:441802007')).toContain('conferenceHeld');
  });

  it('resolves only at a conference that was held: who does what by when', async () => {
    const wanted = { text: '演示·路灯补三盏', owner: 'member:fengcheng-union-05', dueOn: '2026-12-10' };
    expect(await resolve(PEOPLE.fengcheng, wanted, 'feilaihu-2026q4')).toMatchObject({ status: 403, body: { code: 'not-yours' } });
    const next = 'fengcheng-union-2027q1';
    expect(await resolve(PEOPLE.fengcheng, wanted, next)).toMatchObject({ status: 422, body: { code: 'conference-not-held' } });
    expect(await resolve(PEOPLE.police, wanted)).toMatchObject({ status: 403, body: { code: 'not-yours' } });
    for (const owner of ['member:ximentang-01', 'member:nobody', 'community:441802007005']) {
      expect(await resolve(PEOPLE.fengcheng, { ...wanted, owner }), owner).toMatchObject({ status: 422, body: { code: 'unknown-owner' } });
    }
    expect(await resolve(PEOPLE.fengcheng, { ...wanted, dueOn: '2026-11-25' })).toMatchObject({
      status: 422,
      body: { code: 'date-in-past' },
    });
    expect(await resolve(PEOPLE.fengcheng, wanted)).toMatchObject({
      status: 201,
      body: { code: `${held}-r5`, state: 'open', overdue: false },
    });
    expect(house.toldTo('member:fengcheng-union-05')).toContain('resolutionGiven');
  });

  it('is not closed without an outcome', async () => {
    const code = `${held}-r1`;
    expect(await moveResolution(PEOPLE.police, code, { verb: 'close' })).toMatchObject({ status: 422, body: { code: 'outcome-missing' } });
    expect(await moveResolution(PEOPLE.police, code, { verb: 'close', outcome: '  ' })).toMatchObject({
      status: 422,
      body: { code: 'outcome-missing' },
    });
    expect(await moveResolution(PEOPLE.police, code, { verb: 'progress', note: '演示·排到十二月' })).toMatchObject({
      body: { progress: '演示·排到十二月' },
    });
    // Somebody else's is somebody else's.
    expect(await moveResolution(PEOPLE.enforcement, code, { verb: 'close', outcome: '演示' })).toMatchObject({
      status: 403,
      body: { code: 'not-yours' },
    });
    const outcome = '演示·护学岗排满全学期';
    expect(await moveResolution(PEOPLE.police, code, { verb: 'close', outcome })).toMatchObject({
      status: 200,
      body: { state: 'closed', outcome },
    });
    expect(house.toldTo('subdistrict:441802006')).toContain('resolutionClosed');
    expect(await moveResolution(PEOPLE.police, code, { verb: 'progress', note: '演示' })).toMatchObject({
      status: 409,
      body: { code: 'no-such-move' },
    });
    expect(await moveResolution(PEOPLE.fengcheng, code, { verb: 'reopen', reason: '演示·寒假还没排' })).toMatchObject({
      body: { state: 'open', outcome: '' },
    });
  });

  it('of two who close it at once one does; both are told how it stands', async () => {
    const code = `${held}-r2`;
    const close = (by: Person, outcome: string) => moveResolution(by, code, { verb: 'close', outcome });
    const power: Person = { ...PEOPLE.police, account: 'member.fengcheng-union-05' };
    const answers = await Promise.all([close(power, '演示·两处已通电'), close(PEOPLE.fengcheng, '演示·并入明年计划')]);
    expect(answers.map((one) => one.status).sort()).toEqual([200, 409]);
    const { body } = await house.ask(PEOPLE.fengcheng, 'GET', `/resolutions/${code}`);
    expect(body.moves.filter((one: { verb: string }) => one.verb === 'close')).toHaveLength(1);
    expect(body.outcome).toBe(answers.find((one) => one.status === 200)!.body.outcome);
  });

  it('warns when it is due, and when it is late – the owner, the office and the one above, once for each day that was set', async () => {
    await house.service.check();
    const late = house.told.filter((one) => one.notice === 'resolutionOverdue').map((one) => one.about['code']);
    expect(late).toContain('shijiao-2026q4-r1');
    expect(late).not.toContain(`${held}-r5`);
    await house.timeIs('2026-12-07 09:00');
    await house.service.check();
    expect(house.told.filter((one) => one.notice === 'resolutionDue').map((one) => one.about['code'])).toContain(`${held}-r5`);
    await house.timeIs('2026-12-11 00:05');
    await house.service.check();
    const told = house.told.find((one) => one.notice === 'resolutionOverdue' && one.about['code'] === `${held}-r5`);
    expect(told!.recipients).toEqual(['member:fengcheng-union-05', 'subdistrict:441802006', 'district']);
    expect(
      (await house.ask(PEOPLE.fengcheng, 'GET', '/resolutions?overdue=true&committee=fengcheng-union')).body.items.length,
    ).toBeGreaterThan(0);
  });
});
