/** What the crews of a unit do themselves: sign a device on, hand over, swap. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Actor } from '../../../src/identity/actor.ts';
import { at, local } from '../duty-world.ts';
import { DISTRICT, type Node, openStation, PEOPLE, POLICE, type Station, uuid } from './station.ts';

/** Thursday 26 November: crew 3 from 00:00, 1 from 08:00, 2 from 16:00, 3 from midnight. */
const police = PEOPLE.police;
const unitPath = `/rosters/units/${POLICE}`;
const iso = (time: string) => new Date(at(time)).toISOString();
let station: Station;
let node: Node;
beforeAll(async () => {
  station = await openStation();
  await station.timeIs('2026-11-26 07:00');
  node = await station.node();
});
afterAll(async () => {
  await station.close();
  expect(station.faults).toEqual([]);
});

const signOn = (session: string, crew: string, who: (typeof PEOPLE)[keyof typeof PEOPLE] = police) =>
  node.ask(who, session, 'PUT', '/rosters/duty', { crew });
const signOff = (session: string) => node.ask(police, session, 'DELETE', '/rosters/duty');

describe('上岗 (signing a device on)', () => {
  const [day, night, never] = [uuid(), uuid(), uuid()];

  it('is for a crew that is on duty or comes within two hours', async () => {
    expect(await node.ask(police, day, 'GET', '/rosters/duty')).toMatchObject({ status: 200, body: { crew: null, until: null } });
    expect(await signOn(night, '3')).toMatchObject({ status: 200, body: { unit: POLICE, crew: '3', until: iso('2026-11-26 08:00') } });
    expect(await signOn(day, '1')).toMatchObject({ status: 200, body: { crew: '1', until: iso('2026-11-26 16:00') } });
    expect(await signOn(day, '2')).toMatchObject({ status: 409, body: { code: 'crew-not-on-duty' } });
    expect(await signOn(day, '9')).toMatchObject({ status: 422, body: { code: 'unknown-crew' } });
    expect(await signOn(day, '1', PEOPLE.subdistrict)).toMatchObject({ status: 403, body: { code: 'not-your-unit' } });
  });

  it('lets it ring until the shift of its crew is over; one that never signed on rings at any time', async () => {
    expect(local(node.service.shiftEnds(night))).toBe('2026-11-26 08:00');
    expect(node.service.shiftEnds(never)).toBeNull();
    await station.timeIs('2026-11-26 08:01');
    // Crew 1 has signed on: crew 3 is relieved.
    expect(local(node.service.shiftEnds(night))).toBe('2026-11-26 08:00');
    expect(local(node.service.shiftEnds(day))).toBe('2026-11-26 16:00');
  });

  it('a longer shift by an override rings longer', async () => {
    const body = { from: iso('2026-11-26 16:00'), until: iso('2026-11-26 18:00'), crew: '1', reason: '演示·顶班' };
    const made = await node.ask(PEOPLE.district, day, 'POST', `${unitPath}/overrides`, body, uuid());
    expect(local(node.service.shiftEnds(day))).toBe('2026-11-26 18:00');
    await node.ask(PEOPLE.district, day, 'POST', `/rosters/overrides/${made.body.id}/end`);
    expect(local(node.service.shiftEnds(day))).toBe('2026-11-26 16:00');
  });

  it('a crew that nobody has relieved rings on, until the next has signed on', async () => {
    await station.timeIs('2026-11-26 16:05');
    expect(node.service.shiftEnds(day)).toBeNull();
    const evening = uuid();
    await signOn(evening, '2');
    expect(local(node.service.shiftEnds(day))).toBe('2026-11-26 16:00');
  });

  it('who signs off is silent at once; other nodes know it, also after a restart', async () => {
    const device = uuid();
    await signOn(device, '2');
    await signOff(device);
    await signOff(device);
    expect(node.service.shiftEnds(device)).toBeLessThanOrEqual(at('2026-11-26 16:06'));
    const other = await station.node();
    expect(other.service.shiftEnds(device)).toBe(node.service.shiftEnds(device));
    await other.stop();
    const rows = await station.database.db.kysely
      .selectFrom('session_duty')
      .select('crew')
      .where('session', '=', device)
      .orderBy('id')
      .execute();
    expect(rows.map((row) => row.crew)).toEqual(['2', null]);
  });
});

describe('交接班 (hand-over)', () => {
  const [evening, night] = [uuid(), uuid()];
  const give = (session: string, note: string, key = uuid()) => node.ask(police, session, 'POST', `${unitPath}/hand-overs`, { note }, key);
  const take = (session: string, id: string) => node.ask(police, session, 'POST', `/rosters/hand-overs/${id}/take`);
  const work = { incident: uuid(), number: '20261126-00001', level: 'R2', assignment: uuid(), role: 'lead', state: 'onScene' } as const;

  it('is not due in the middle of a shift', async () => {
    await station.timeIs('2026-11-26 18:00');
    await signOn(evening, '2');
    expect((await node.ask(police, evening, 'GET', `${unitPath}/hand-over`)).body.change).toBeNull();
    expect(await give(evening, '')).toMatchObject({ status: 409, body: { code: 'no-shift-change' } });
  });

  it('names the work that is open at that moment, and is taken by the next crew once', async () => {
    await station.timeIs('2026-11-26 23:30');
    station.openWork.push(work);
    const due = await node.ask(police, evening, 'GET', `${unitPath}/hand-over`);
    expect(due.body).toEqual({ change: { at: iso('2026-11-27 00:00'), fromCrew: '2', toCrew: '3' }, openWork: [work] });
    const key = uuid();
    const given = await give(evening, '井盖已围挡\n等市政', key);
    expect(given).toMatchObject({
      status: 201,
      body: { fromCrew: '2', toCrew: '3', note: '井盖已围挡\n等市政', openWork: [work], takenAt: null },
    });
    expect(await give(evening, '井盖已围挡\n等市政', key)).toEqual(given);
    expect(await give(evening, '另一句')).toMatchObject({ status: 409, body: { code: 'hand-over-already-given' } });

    expect(await take(evening, given.body.id)).toMatchObject({ status: 403, body: { code: 'not-your-crew' } });
    expect(await take(night, given.body.id)).toMatchObject({ status: 403, body: { code: 'not-your-crew' } });
    await signOn(night, '3');
    expect(await take(night, given.body.id)).toMatchObject({ status: 200, body: { takenBy: police.account } });
    // Finished meanwhile: what was handed over stays what it was.
    station.openWork.splice(0);
    const { body } = await node.ask(PEOPLE.subdistrict, evening, 'GET', unitPath);
    expect(body.handOvers[0]).toMatchObject({ id: given.body.id, openWork: [work], takenAt: expect.any(String) });
  });

  it('one that was not taken a quarter of an hour after the change is told, once', async () => {
    await station.timeIs('2026-11-27 07:50');
    await signOn(night, '3');
    const given = await give(night, '');
    expect(given).toMatchObject({ status: 201, body: { changeAt: iso('2026-11-27 08:00'), toCrew: '1' } });
    await station.timeIs('2026-11-27 08:14');
    expect(await node.service.check()).toBe(0);
    await station.timeIs('2026-11-27 08:16');
    const before = station.told.length;
    expect([await node.service.check(), await node.service.check()]).toEqual([1, 0]);
    expect(station.told.slice(before)).toMatchObject([
      {
        recipients: [`unit:${POLICE}`, 'subdistrict:441802006'],
        notice: 'handOverMissed',
        about: { unit: POLICE, handOver: given.body.id, crew: '1' },
      },
    ]);
  });

  it('of a unit of the whole district is read by a subdistrict that it serves without note and work', async () => {
    const fire = [...node.source.current().units.values()].find((u) => u.scopeKind === 'district' && u.scope.length > 1)!;
    const served = fire.scope.find((code) => code !== fire.subdistrict)!;
    const subdistrict = { account: `subdistrict.${served}`, role: 'subdistrict', district: DISTRICT, subdistrict: served } as const;
    const crew = { account: `unit.${fire.code}`, role: 'unit', district: DISTRICT, unit: fire.code } as const;
    await station.database.db.kysely
      .insertInto('hand_over')
      .values({
        district: DISTRICT,
        id: uuid(),
        unit: fire.code,
        change_at: new Date(at('2026-11-27 08:00')),
        from_crew: '1',
        to_crew: '2',
        note: '演示',
        open_work: JSON.stringify([work]),
        by: crew.account,
      })
      .execute();
    station.openWork.push(work);
    const read = async (who: Actor) => {
      const [roster, due] = [`/rosters/units/${fire.code}`, `/rosters/units/${fire.code}/hand-over`];
      const { body } = await node.ask(who, uuid(), 'GET', roster);
      return [body.handOvers[0].note, body.handOvers[0].openWork, (await node.ask(who, uuid(), 'GET', due)).body.openWork];
    };
    expect(await read(subdistrict)).toEqual([null, null, null]);
    for (const who of [crew, PEOPLE.district, PEOPLE.auditor]) expect(await read(who)).toEqual(['演示', [work], [work]]);
    station.openWork.splice(0);
  });

  it('another unit neither sees nor takes it', async () => {
    const { body } = await node.ask(police, night, 'GET', unitPath);
    expect((await node.ask(PEOPLE.otherUnit, night, 'POST', `/rosters/hand-overs/${body.handOvers[0].id}/take`)).status).toBe(404);
  });
});

describe('换班 (swaps)', () => {
  // Saturday 28 November: crew 3 nights, 1 days, 2 evenings, like the whole week.
  const [one, two, three] = [uuid(), uuid(), uuid()];
  const saturday = { from: iso('2026-11-28 08:00'), until: iso('2026-11-28 16:00') };
  const evening = { from: iso('2026-11-28 16:00'), until: iso('2026-11-29 00:00') };
  const ask = (session: string, body: object, key = uuid()) =>
    node.ask(police, session, 'POST', `${unitPath}/swaps`, { reason: '演示·有事', ...body }, key);
  const answer = (session: string, id: string, said: string, from = node) =>
    from.ask(police, session, 'POST', `/rosters/swaps/${id}/answer`, { answer: said });
  const crewsOn = () => [saturday, evening].map(({ from }) => node.service.book().at(POLICE, Date.parse(from)).crew);
  beforeEach(async () => {
    await station.timeIs('2026-11-27 15:30');
    await signOn(one, '1');
    await signOn(two, '2');
  });

  it('asked by one crew and accepted by the other, both shifts change hands', async () => {
    expect(crewsOn()).toEqual(['1', '2']);
    const asked = await ask(one, { other: '2', gives: saturday, takes: evening });
    expect(asked).toMatchObject({ status: 201, body: { crew: '1', other: '2', answer: null } });
    expect(await answer(one, asked.body.id, 'accepted')).toMatchObject({ status: 403, body: { code: 'not-your-crew' } });
    expect(crewsOn()).toEqual(['1', '2']);
    expect(await answer(two, asked.body.id, 'accepted')).toMatchObject({ status: 200, body: { answer: 'accepted' } });
    expect(crewsOn()).toEqual(['2', '1']);
    const { body } = await node.ask(police, one, 'GET', `${unitPath}?from=2026-11-28&days=1`);
    expect(body.overrides.map((o: { swap: string; crew: string }) => [o.swap, o.crew]).sort()).toEqual([
      [asked.body.id, '1'],
      [asked.body.id, '2'],
    ]);
    // And back: the overrides of the first swap make room.
    const back = await ask(two, { other: '1', gives: saturday, takes: evening });
    expect(await answer(one, back.body.id, 'accepted')).toMatchObject({ status: 200 });
    expect(crewsOn()).toEqual(['1', '2']);
  });

  it('of two that answer at the same moment, on two nodes, one counts', async () => {
    const other = await station.node();
    const { body } = await ask(one, { other: '2', gives: saturday });
    const answers = await Promise.all([
      answer(two, body.id, 'accepted'),
      answer(two, body.id, 'declined', other),
      answer(one, body.id, 'withdrawn'),
    ]);
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(answers.filter(({ body: said }) => said.code === 'swap-already-answered')).toHaveLength(2);
    const taken = answers.find(({ status }) => status === 200)!.body.answer as string;
    expect(crewsOn()[0]).toBe(taken === 'accepted' ? '2' : '1');
    await other.stop();
    if (taken === 'accepted') await answer(one, (await ask(two, { other: '1', gives: saturday })).body.id, 'accepted');
  });

  it('is for one’s own whole shift, to come', async () => {
    const part = { from: saturday.from, until: iso('2026-11-28 12:00') };
    expect(await ask(one, { other: '2', gives: evening })).toMatchObject({ status: 422, body: { code: 'not-your-shift' } });
    expect(await ask(one, { other: '2', gives: part })).toMatchObject({ status: 422, body: { code: 'not-your-shift' } });
    expect(await ask(one, { other: '3', gives: saturday, takes: evening })).toMatchObject({
      status: 422,
      body: { code: 'not-your-shift' },
    });
    expect(await ask(one, { other: '2', gives: { from: iso('2026-11-27 08:00'), until: iso('2026-11-27 16:00') } })).toMatchObject({
      body: { code: 'roster-in-past' },
    });
    expect(await ask(one, { other: '1', gives: saturday })).toMatchObject({ body: { code: 'unknown-crew' } });
    expect(await ask(three, { other: '2', gives: saturday })).toMatchObject({ status: 403, body: { code: 'not-your-crew' } });
  });

  it('that the roster has overtaken is not accepted', async () => {
    const sunday = { from: iso('2026-11-29 08:00'), until: iso('2026-11-29 16:00') };
    const { body } = await ask(one, { other: '2', gives: sunday });
    const override = { ...sunday, crew: '3', reason: '演示·调班' };
    const made = await node.ask(PEOPLE.district, one, 'POST', `${unitPath}/overrides`, override, uuid());
    expect(await answer(two, body.id, 'accepted')).toMatchObject({ status: 409, body: { code: 'swap-out-of-date' } });
    await node.ask(PEOPLE.district, one, 'POST', `/rosters/overrides/${made.body.id}/end`);
    expect(await answer(two, body.id, 'declined')).toMatchObject({ status: 200 });
    expect(await answer(two, body.id, 'declined')).toMatchObject({ status: 200, body: { answer: 'declined' } });
  });
});

describe('离岗 (a device that has gone)', () => {
  const [day, first, second, third] = [uuid(), uuid(), uuid(), uuid()];
  beforeAll(async () => {
    await station.timeIs('2026-11-29 15:30');
    await signOn(day, '1');
    await station.timeIs('2026-11-29 16:05');
  });

  it('relieves nobody: after a sign-out the crew before rings again, on every node', async () => {
    const other = await station.node();
    await signOn(first, '2');
    await other.service.rosters.refresh();
    expect([node, other].map(({ service }) => local(service.shiftEnds(day)))).toEqual(['2026-11-29 16:00', '2026-11-29 16:00']);
    await station.endSession(first);
    expect([node, other].map(({ service }) => service.shiftEnds(day))).toEqual([null, null]);
    await other.stop();
  });

  it('nor does one whose session has run out, though nobody says so; nor after a restart', async () => {
    await node.ask(police, second, 'GET', '/rosters/duty');
    await station.database.db.kysely
      .updateTable('session')
      .set({ expires_at: new Date(at('2026-11-29 16:30')) })
      .where('id', '=', second)
      .execute();
    await signOn(second, '2');
    expect(local(node.service.shiftEnds(day))).toBe('2026-11-29 16:00');
    await station.timeIs('2026-11-29 16:31');
    expect(node.service.shiftEnds(day)).toBeNull();
    const restarted = await station.node();
    expect(restarted.service.shiftEnds(day)).toBeNull();
    await restarted.stop();
  });

  it('is made up for by the next that signs on', async () => {
    await signOn(third, '2');
    expect(local(node.service.shiftEnds(day))).toBe('2026-11-29 16:00');
  });
});
