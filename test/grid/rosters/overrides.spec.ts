import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { at, local } from '../duty-world.ts';
import { type Node, openStation, PEOPLE, POLICE, type Station, uuid } from './station.ts';

const DEVICE = uuid();
const iso = (time: string) => new Date(at(time)).toISOString();
const path = `/rosters/units/${POLICE}/overrides`;
let station: Station;
let node: Node;
beforeAll(async () => {
  station = await openStation();
  await station.timeIs('2026-11-26 10:00');
  node = await station.node();
});
afterAll(async () => {
  await station.close();
  expect(station.faults).toEqual([]);
});

const put = (from: string, until: string, crew: string | null, who: (typeof PEOPLE)[keyof typeof PEOPLE] = PEOPLE.district, key = uuid()) =>
  node.ask(who, DEVICE, 'POST', path, { from: iso(from), until: iso(until), crew, reason: '演示·培训' }, key);
const crewAt = (time: string) => node.service.book().at(POLICE, at(time)).crew;

describe('调班 (overrides)', () => {
  it('put another crew in, at once and on disk, and an end brings the pattern back from then on', async () => {
    expect(crewAt('2026-11-26 18:00')).toBe('2');
    const made = await put('2026-11-26 16:00', '2026-11-27 00:00', '1', PEOPLE.police);
    expect(made).toMatchObject({ status: 201, body: { crew: '1', by: PEOPLE.police.account, endedAt: null } });
    expect(crewAt('2026-11-26 18:00')).toBe('1');
    const other = await station.node();
    expect(other.service.book().at(POLICE, at('2026-11-26 18:00')).crew).toBe('1');
    const ended = await node.ask(PEOPLE.subdistrict, DEVICE, 'POST', `/rosters/overrides/${made.body.id}/end`);
    expect(ended).toMatchObject({ status: 200, body: { endedBy: PEOPLE.subdistrict.account } });
    expect(crewAt('2026-11-26 18:00')).toBe('2');
    await other.service.rosters.refresh();
    expect(other.service.book().at(POLICE, at('2026-11-26 18:00')).crew).toBe('2');
    expect(await node.ask(PEOPLE.district, DEVICE, 'POST', `/rosters/overrides/${made.body.id}/end`)).toMatchObject({
      status: 409,
      body: { code: 'override-ended' },
    });
    await other.stop();
  });

  it('what was while it held stays true when it is ended in the middle', async () => {
    const made = await put('2026-11-26 10:00', '2026-11-26 16:00', '3');
    await station.timeIs('2026-11-26 12:00');
    await node.ask(PEOPLE.district, DEVICE, 'POST', `/rosters/overrides/${made.body.id}/end`);
    expect([crewAt('2026-11-26 11:00'), crewAt('2026-11-26 13:00')]).toEqual(['3', '1']);
  });

  it('the same key gives the same answer and no second row, another wish under it is refused', async () => {
    const key = uuid();
    const first = await put('2026-11-28 00:00', '2026-11-28 08:00', '2', PEOPLE.district, key);
    expect(await put('2026-11-28 00:00', '2026-11-28 08:00', '2', PEOPLE.district, key)).toEqual(first);
    expect(await put('2026-11-28 00:00', '2026-11-28 08:00', '1', PEOPLE.district, key)).toMatchObject({
      status: 422,
      body: { code: 'idempotency-key-reused' },
    });
    expect(
      await node.ask(PEOPLE.district, DEVICE, 'POST', path, {
        from: iso('2026-11-28 08:00'),
        until: iso('2026-11-28 09:00'),
        crew: '1',
        reason: 'x',
      }),
    ).toMatchObject({
      status: 422,
      body: { code: 'idempotency-key-missing' },
    });
  });

  it('one in the middle of another makes room when it is asked to: before and after it the other holds on', async () => {
    await put('2026-12-07 00:00', '2026-12-08 00:00', null);
    const body = { from: iso('2026-12-07 08:00'), until: iso('2026-12-07 16:00'), crew: '3', reason: '演示·顶班', replace: true };
    expect(await node.ask(PEOPLE.district, DEVICE, 'POST', path, body, uuid())).toMatchObject({ status: 201 });
    expect(['2026-12-07 07:00', '2026-12-07 09:00', '2026-12-07 17:00'].map(crewAt)).toEqual([null, '3', null]);
    expect(crewAt('2026-12-08 01:00')).not.toBeNull();
  });

  it.each([
    ['in the past', '2026-11-26 08:00', '2026-11-26 11:00', '2', 'roster-in-past', 422],
    ['longer than a month', '2026-12-01 00:00', '2027-01-01 08:00', '2', 'roster-too-long', 422],
    ['for a crew that there is not', '2026-12-02 00:00', '2026-12-02 08:00', '9', 'unknown-crew', 422],
    ['over another override', '2026-11-28 07:00', '2026-11-28 09:00', null, 'roster-overlap', 409],
    ['that end before they begin', '2026-12-02 08:00', '2026-12-02 00:00', '2', 'invalid-body', 422],
  ])('%s are refused', async (_why, from, until, crew, code, status) => {
    const answer = await put(from, until, crew);
    expect(answer).toMatchObject({
      status,
      body: { code, whatToDo: { 'zh-CN': expect.stringMatching(/[\u4e00-\u9fff]/), en: expect.any(String) } },
    });
  });

  it('are set by the unit, its subdistrict and the district, and by nobody else', async () => {
    const code = async (who: (typeof PEOPLE)[keyof typeof PEOPLE]) => {
      const { status, body } = await put('2026-12-03 00:00', '2026-12-03 01:00', '1', who);
      return [status, body.code];
    };
    expect(await code(PEOPLE.otherUnit)).toEqual([404, 'not-found']);
    expect(await code(PEOPLE.otherSubdistrict)).toEqual([404, 'not-found']);
    expect(await code(PEOPLE.community)).toEqual([404, 'not-found']);
    expect(await code(PEOPLE.auditor)).toEqual([403, 'not-your-unit']);
    expect(await code(PEOPLE.subdistrict)).toEqual([201, undefined]);
  });

  it('at the same moment for the same hours: one is taken, the other told what stands in the way', async () => {
    const other = await station.node();
    const ask = (from: Node, crew: string) =>
      from.ask(
        PEOPLE.district,
        DEVICE,
        'POST',
        path,
        { from: iso('2026-12-05 00:00'), until: iso('2026-12-05 08:00'), crew, reason: '演示' },
        uuid(),
      );
    const answers = await Promise.all([ask(node, '2'), ask(other, '3'), ask(node, '2'), ask(other, '3')]);
    expect(answers.map((answer) => answer.status).sort()).toEqual([201, 409, 409, 409]);
    expect(answers.find((answer) => answer.status === 409)!.body).toMatchObject({
      code: 'roster-overlap',
      about: { from: iso('2026-12-05 00:00') },
    });
    await other.stop();
  });

  it('are never changed or removed by the service', async () => {
    const { kysely } = station.database.db;
    await expect(
      kysely
        .updateTable('roster_override')
        .set({ crew: null } as never)
        .execute(),
    ).rejects.toMatchObject({ code: '42501' });
    await expect(kysely.deleteFrom('roster_override_end').execute()).rejects.toMatchObject({ code: '42501' });
  });
});

describe('what is read', () => {
  it('a unit’s week: shifts, crews, overrides and who is on duty now', async () => {
    const { status, body } = await node.ask(PEOPLE.police, DEVICE, 'GET', `/rosters/units/${POLICE}?from=2026-11-26&days=7`);
    expect(status).toBe(200);
    expect(body.crews.map((crew: { code: string; nameZh: string }) => [crew.code, crew.nameZh])).toEqual([
      ['1', '演示·一班'],
      ['2', '演示·二班'],
      ['3', '演示·三班'],
    ]);
    expect([local(body.shifts[0].from), local(body.shifts.at(-1).until)]).toEqual(['2026-11-26 00:00', '2026-12-03 00:00']);
    expect(body.duty).toMatchObject({ state: 'on', crew: '1', comes: { unit: POLICE, duty: 'full' } });
    expect(body.overrides.some((o: { endedAt: string | null }) => o.endedAt !== null)).toBe(true);
  });

  it('a unit sees itself, a subdistrict what serves it, the district all, a community nobody', async () => {
    const units = async (who: (typeof PEOPLE)[keyof typeof PEOPLE]) => {
      const { body } = await node.ask(who, DEVICE, 'GET', '/rosters/on-duty');
      return (body.items as { unit: string }[] | undefined)?.map((item) => item.unit) ?? body.code;
    };
    const served = [...node.source.current().units.values()].filter((unit) => unit.scope.includes('441802006')).map((unit) => unit.code);
    expect(await units(PEOPLE.police)).toEqual([POLICE]);
    expect(await units(PEOPLE.subdistrict)).toEqual(served);
    expect(served.length).toBeLessThan(76);
    expect(await units(PEOPLE.district)).toHaveLength(76);
    expect(await units(PEOPLE.community)).toBe('not-allowed');
  });

  it('telephones are for those who have to call', async () => {
    const crew = `/rosters/units/${POLICE}/crews/1`;
    const named = { nameZh: '演示·甲班', nameEn: 'Demo crew A', phone: '0763 000 0001' };
    expect(await node.ask(PEOPLE.police, DEVICE, 'PUT', crew, named)).toMatchObject({ status: 200, body: named });
    expect((await node.ask(PEOPLE.otherSubdistrict, DEVICE, 'PUT', crew, named)).status).toBe(404);
    expect(await node.ask(PEOPLE.police, DEVICE, 'PUT', `/rosters/units/${POLICE}/crews/9`, named)).toMatchObject({
      body: { code: 'unknown-crew' },
    });
    const phone = async (who: (typeof PEOPLE)[keyof typeof PEOPLE]) =>
      (await node.ask(who, DEVICE, 'GET', `/rosters/units/${POLICE}`)).body.crews[0].phone as string | null;
    expect([
      await phone(PEOPLE.police),
      await phone(PEOPLE.subdistrict),
      await phone(PEOPLE.district),
      await phone(PEOPLE.auditor),
    ]).toEqual([named.phone, named.phone, named.phone, null]);
  });

  it('a board of a day, for one subdistrict or all', async () => {
    const all = await node.ask(PEOPLE.district, DEVICE, 'GET', '/rosters?from=2026-11-27&days=1');
    expect(all.body.items).toHaveLength(76);
    const some = await node.ask(PEOPLE.district, DEVICE, 'GET', '/rosters?from=2026-11-27&days=7&subdistrict=441802006');
    expect(some.body.items.map((row: { unit: string }) => node.source.current().units.get(row.unit)!.subdistrict)).toEqual(
      some.body.items.map(() => '441802006'),
    );
    expect((await node.ask(PEOPLE.district, DEVICE, 'GET', '/rosters?days=40')).status).toBe(422);
  });
});
