/** 活动联办机制, 动态项目清单. */
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

const time = (local: string) => `${local.replace(' ', 'T')}:00+08:00`;
const ACTIVITY = {
  committee: 'fengcheng-union',
  link: 'civility',
  titleZh: '演示·广场义诊',
  venue: '凤城广场',
  members: ['fengcheng-union-04'],
  startsAt: time('2026-11-28 09:00'),
  endsAt: time('2026-11-28 12:00'),
  capacity: 3,
};
const announce = (by: Actor, body: object = {}) => house.ask(by, 'POST', '/activities', { ...ACTIVITY, ...body });
const signUp = (by: Actor, code: string, people = 1) => house.ask(by, 'POST', `/activities/${code}/sign-ups`, { people });

describe('活动联办 (joint activities)', () => {
  it('are announced by the committee’s office or a member of it', async () => {
    expect(await announce(PEOPLE.hospital)).toMatchObject({
      status: 201,
      body: { state: 'announced', taken: 0, may: ['amend', 'hold', 'cancel'] },
    });
    expect(await announce(PEOPLE.canteen)).toMatchObject({ status: 403, body: { code: 'not-yours' } });
    expect(await announce(PEOPLE.fengcheng, { endsAt: ACTIVITY.startsAt })).toMatchObject({
      status: 422,
      body: { code: 'activity-times' },
    });
    expect(await announce(PEOPLE.fengcheng, { members: ['dongcheng-union-01'] })).toMatchObject({
      status: 422,
      body: { code: 'unknown-member' },
    });
    expect(house.toldTo('member:fengcheng-union-02')).toContain('activityAnnounced');
  });

  it('take as many as there is room for: of two who want the last place one gets it', async () => {
    const { body: activity } = await announce(PEOPLE.fengcheng);
    expect(await signUp(PEOPLE.police, activity.code, 2)).toMatchObject({ status: 201, body: { taken: 2, signedUp: true } });
    const both = await Promise.all([signUp(PEOPLE.enforcement, activity.code), signUp(PEOPLE.gridWorker, activity.code)]);
    expect(both.map((answer) => answer.status).sort()).toEqual([201, 409]);
    expect(both.find((answer) => answer.status === 409)!.body).toMatchObject({ code: 'activity-full', about: { free: 0 } });
    expect(await signUp(PEOPLE.police, activity.code)).toMatchObject({ status: 409, body: { code: 'signed-up-already' } });
    await house.ask(PEOPLE.police, 'DELETE', `/activities/${activity.code}/sign-ups/own`);
    expect(await signUp(PEOPLE.hospital, activity.code, 2)).toMatchObject({ status: 201, body: { taken: 3 } });
  });

  it('are read by the grid workers of the place, who sign up to those that everybody may come to', async () => {
    const { body: open } = await announce(PEOPLE.fengcheng);
    const { body: closed } = await announce(PEOPLE.fengcheng, { openTo: 'members' });
    const { body: elsewhere } = await announce(PEOPLE.fengcheng, { committee: 'cuihu', members: [] });
    const listed = async () => {
      const { items } = (await house.ask(PEOPLE.gridWorker, 'GET', '/activities')).body;
      return new Map<string, { signedUp: boolean; may: string[] }>(items.map((one: { code: string }) => [one.code, one]));
    };
    expect([...(await listed()).keys()]).toEqual(expect.arrayContaining([open.code, closed.code]));
    expect((await listed()).has(elsewhere.code)).toBe(false);
    expect((await listed()).get(open.code)).toMatchObject({ signedUp: false, may: [] });
    await signUp(PEOPLE.gridWorker, open.code);
    expect((await listed()).get(open.code)).toMatchObject({ signedUp: true, may: [] });
    expect(await signUp(PEOPLE.gridWorker, closed.code)).toMatchObject({ status: 404 });
  });

  it('show who comes to those who organise, and to nobody else', async () => {
    const { body: activity } = await announce(PEOPLE.fengcheng);
    await signUp(PEOPLE.gridWorker, activity.code);
    const names = (by: Actor) => house.ask(by, 'GET', `/activities/${activity.code}/sign-ups`);
    expect(await names(PEOPLE.hospital)).toMatchObject({ status: 200, body: { items: [{ people: 1 }] } });
    expect(await names(PEOPLE.fengcheng)).toMatchObject({ status: 200 });
    for (const other of [PEOPLE.police, PEOPLE.dongcheng, PEOPLE.gridWorker]) expect(await names(other)).toMatchObject({ status: 403 });
  });

  it('are recorded as held once they have begun, with who came', async () => {
    const { body: activity } = await announce(PEOPLE.fengcheng);
    await signUp(PEOPLE.police, activity.code, 2);
    const held = { verb: 'hold', outcome: '演示·看诊 60 人次' };
    const move = (body: object) => house.ask(PEOPLE.hospital, 'POST', `/activities/${activity.code}/moves`, body);
    expect(await move(held)).toMatchObject({ status: 422, body: { code: 'activity-not-begun' } });
    await house.timeIs('2026-11-28 12:30');
    expect(await signUp(PEOPLE.enforcement, activity.code)).toMatchObject({ status: 409, body: { code: 'no-such-move' } });
    const leaves = () => house.ask(PEOPLE.police, 'DELETE', `/activities/${activity.code}/sign-ups/own`);
    expect(await leaves()).toMatchObject({ status: 409, body: { code: 'no-such-move' } });
    expect(await move(held)).toMatchObject({ status: 200, body: { state: 'held' } });
    expect(await leaves()).toMatchObject({ status: 409, body: { code: 'no-such-move' } });
    const [one] = (await house.ask(PEOPLE.hospital, 'GET', `/activities/${activity.code}/sign-ups`)).body.items;
    expect(await move({ verb: 'amend', came: [{ id: one.id, people: 9 }] })).toMatchObject({ status: 200 });
    const [counted] = (await house.ask(PEOPLE.hospital, 'GET', `/activities/${activity.code}/sign-ups`)).body.items;
    expect(counted.came).toBe(2);
    const row = (await house.ask(PEOPLE.police, 'GET', '/appraisals?quarter=2026Q4')).body.items[0];
    expect(row.facts.hours).toBe(6);
  });
});

describe('共建共治动态项目清单 (the project list)', () => {
  const PROJECT = {
    committee: 'fengcheng-union',
    link: 'problem',
    titleZh: '演示·老旧小区充电点改造',
    starts: '2026-11-20',
    ends: '2026-12-31',
    tasks: [
      { titleZh: '勘查供电容量', due: '2026-12-05' },
      { titleZh: '施工', due: '2026-12-25' },
    ],
  };
  const list = (by: Actor, body: object = {}) => house.ask(by, 'POST', '/projects', { ...PROJECT, ...body });
  const task = (by: Actor, code: string, body: object) => house.ask(by, 'POST', `/project-tasks/${code}/moves`, body);

  it('各成员单位分别认领任务清单: a task is one member’s, with progress and proof', async () => {
    expect(await list(PEOPLE.police)).toMatchObject({ status: 403 });
    expect(await list(PEOPLE.fengcheng, { tasks: [{ titleZh: '太晚', due: '2027-01-05' }] })).toMatchObject({
      status: 422,
      body: { code: 'task-outside-project' },
    });
    const { body: project } = await list(PEOPLE.fengcheng);
    expect(project).toMatchObject({ state: 'listed', percent: 0, may: ['finish', 'drop', 'addTask'] });
    const [survey, build] = project.tasks;
    const both = await Promise.all([
      task(PEOPLE.police, survey.code, { verb: 'claim' }),
      task(PEOPLE.enforcement, survey.code, { verb: 'claim' }),
    ]);
    expect(both.map((answer) => answer.status).sort()).toEqual([200, 409]);
    const winner = both[0]!.status === 200 ? PEOPLE.police : PEOPLE.enforcement;
    const other = winner === PEOPLE.police ? PEOPLE.enforcement : PEOPLE.police;
    expect(await task(other, survey.code, { verb: 'report', percent: 50 })).toMatchObject({ status: 403, body: { code: 'not-yours' } });
    expect(await task(winner, survey.code, { verb: 'report', percent: 50 })).toMatchObject({ status: 200, body: { percent: 25 } });
    const move = (body: object) => house.ask(PEOPLE.fengcheng, 'POST', `/projects/${project.code}/moves`, body);
    expect(await move({ verb: 'finish', outcome: '演示' })).toMatchObject({ status: 409, body: { code: 'project-tasks-open' } });
    await task(winner, survey.code, { verb: 'deliver', note: '演示·容量够六处' });
    await task(PEOPLE.fengcheng, survey.code, { verb: 'confirm' });
    await task(PEOPLE.fengcheng, build.code, { verb: 'drop', reason: '演示·并入明年' });
    expect(await move({ verb: 'finish', outcome: '演示·完成勘查' })).toMatchObject({ status: 200, body: { state: 'done', percent: 100 } });
  });
});

describe('居民和志愿者参与 (residents without an account)', () => {
  /** What the district decides in its settings. */
  const mayJoin = (may: boolean) =>
    house.database.db.pool.query(
      `insert into resident_setting (district, may_report, see_photos, may_join) values (441802, false, false, $1)
       on conflict (district) do update set may_join = excluded.may_join`,
      [may],
    );
  const joins = (code: string, body: object = {}) =>
    house.ask(null, 'POST', `/public/activities/${code}/sign-ups`, { name: '演示·李', phone: '13800000000', people: 2, ...body });

  it('see what is on without anything of people, sign up, and withdraw by their own word', async () => {
    const { body: activity } = await announce(PEOPLE.fengcheng, { startsAt: time('2026-12-05 09:00'), endsAt: time('2026-12-05 11:00') });
    const { body: inside } = await announce(PEOPLE.fengcheng, {
      startsAt: time('2026-12-05 09:00'),
      endsAt: time('2026-12-05 11:00'),
      openTo: 'members',
    });
    const read = async () => (await house.ask(null, 'GET', '/public/activities')).body;
    const shown = async () => (await read()).items.find((one: { code: string }) => one.code === activity.code);
    const on = await read();
    const codes = on.items.map((one: { code: string }) => one.code);
    // Of the demo quarter those that residents may come to and that have not begun: act-04 is for members, act-06 is over.
    expect(codes).toEqual(expect.arrayContaining([activity.code, 'act-05']));
    for (const hidden of [inside.code, 'act-04', 'act-06']) expect(codes).not.toContain(hidden);
    expect(await shown()).toMatchObject({ place: '441802006', placeZh: '凤城街道' });
    const keys = ['code', 'endsAt', 'free', 'note', 'place', 'placeEn', 'placeZh', 'startsAt', 'titleEn', 'titleZh', 'venue'];
    expect(Object.keys(await shown()).sort()).toEqual(keys);
    expect(on.mayJoin).toBe(false);
    expect(await joins(activity.code)).toMatchObject({ status: 403, body: { code: 'sign-ups-off' } });
    await mayJoin(true);
    expect((await read()).mayJoin).toBe(true);
    expect(await joins(inside.code)).toMatchObject({ status: 404 });
    for (const phone of ['call me', '123', '12800000000', '3360000', '138000000001'])
      expect(await joins(activity.code, { phone }), phone).toMatchObject({
        status: 422,
        body: { code: 'invalid-body', errors: [{ path: 'phone', message: expect.stringContaining('area code') }] },
      });
    const joined = await joins(activity.code);
    expect(joined).toMatchObject({ status: 201, body: { activity: { free: 1 } } });
    expect(await joins(activity.code)).toMatchObject({ status: 409, body: { code: 'activity-full', about: { free: 1 } } });
    const [seen] = (await house.ask(PEOPLE.fengcheng, 'GET', `/activities/${activity.code}/sign-ups`)).body.items;
    expect(seen).toMatchObject({ name: '演示·李', phone: '13800000000', people: 2 });
    const leave = (word: string) =>
      house.ask(null, 'DELETE', `/public/activities/${activity.code}/sign-ups/${joined.body.id}?word=${word}`);
    expect(await leave('guess')).toMatchObject({ status: 404 });
    // Whoever has signed up may always withdraw, whatever the district decides since.
    await mayJoin(false);
    expect(await leave(joined.body.word)).toMatchObject({ status: 204 });
    expect((await shown()).free).toBe(3);
    await mayJoin(true);
  });

  it('names and phones go half a year after the activity', async () => {
    const { body: activity } = await announce(PEOPLE.fengcheng, { startsAt: time('2026-12-06 09:00'), endsAt: time('2026-12-06 11:00') });
    await joins(activity.code);
    const kept = async () => {
      const { rows } = await house.database.db.pool.query('select name, phone from activity_sign_up where activity = $1', [activity.code]);
      return rows[0] as { name: string | null; phone: string | null };
    };
    await house.timeIs('2027-06-03 09:00');
    await house.service.check();
    expect(await kept()).toMatchObject({ name: '演示·李' });
    await house.timeIs('2027-06-05 09:00');
    await house.service.check();
    expect(await kept()).toEqual({ name: null, phone: null });
  });

  it('a key stands for one sign-up of one person: with other words, or said by somebody else, it is refused', async () => {
    const { body: activity } = await announce(PEOPLE.fengcheng, {
      startsAt: time('2027-06-20 09:00'),
      endsAt: time('2027-06-20 11:00'),
      capacity: 10,
      // Their terms are over by then.
      members: [],
    });
    const resident = { name: '演示·李', phone: '13800000000', people: 2 };
    const path = `/public/activities/${activity.code}/sign-ups`;
    const [key, ofAccount] = [uuid(), uuid()];
    const first = await house.ask(null, 'POST', path, resident, key);
    expect(first).toMatchObject({ status: 201, body: { id: key } });
    const reused = { status: 422, body: { code: 'idempotency-key-reused' } };
    for (const other of [{ people: 3 }, { name: '演示·王' }]) {
      expect(await house.ask(null, 'POST', path, { ...resident, ...other }, key)).toMatchObject(reused);
    }
    expect(await house.ask(PEOPLE.police, 'POST', `/activities/${activity.code}/sign-ups`, { people: 2 }, key)).toMatchObject(reused);
    // Its own word still withdraws it, and that of the same request sent again does in its place.
    const again = await house.ask(null, 'POST', path, resident, key);
    expect(again).toMatchObject({ status: 201, body: { id: key } });
    const own = await house.ask(PEOPLE.police, 'POST', `/activities/${activity.code}/sign-ups`, { people: 2 }, ofAccount);
    expect(own.status).toBe(201);
    expect(await house.ask(null, 'POST', path, resident, ofAccount)).toMatchObject(reused);
    const { rows } = await house.database.db.pool.query('select check_hash, people from activity_sign_up where activity = $1 and id = $2', [
      activity.code,
      ofAccount,
    ]);
    expect(rows).toEqual([{ check_hash: null, people: 2 }]);
    const word = again.body.word as string;
    expect(await house.ask(null, 'DELETE', `${path}/${key}?word=${word}`)).toMatchObject({ status: 204 });
  });
});
