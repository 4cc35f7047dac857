/** 双向考核评议机制. */
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

const OF_UNIT = { kept: 5, quality: 4, response: 4, sharing: 3 };
const OF_COMMITTEE = { clarity: 4, support: 3, promptness: 2, meeting: 4 };
const MEMBER = 'fengcheng-union-01';
const give = (by: Actor, direction: string, scores: object, more: object = {}) =>
  house.ask(by, 'PUT', '/appraisals', { quarter: '2026Q4', member: MEMBER, direction, scores, give: true, ...more });
const rowFor = async (by: Actor, member = MEMBER) =>
  (await house.ask(by, 'GET', '/appraisals?quarter=2026Q4')).body.items.find((one: { member: string }) => one.member === member);

describe('双向考核评议 (two-way appraisal)', () => {
  it('nobody appraises itself, or for the other side', async () => {
    expect(await give(PEOPLE.police, 'ofUnit', OF_UNIT)).toMatchObject({ status: 422, body: { code: 'appraises-itself' } });
    expect(await give(PEOPLE.fengcheng, 'ofCommittee', OF_COMMITTEE)).toMatchObject({ status: 422, body: { code: 'appraises-itself' } });
    expect(await give(PEOPLE.enforcement, 'ofUnit', OF_UNIT)).toMatchObject({ status: 403, body: { code: 'not-yours' } });
    expect(await give(PEOPLE.district, 'ofUnit', OF_UNIT)).toMatchObject({ status: 403, body: { code: 'not-yours' } });
    expect(await give(PEOPLE.dongcheng, 'ofUnit', OF_UNIT)).toMatchObject({ status: 422, body: { code: 'unknown-member' } });
  });

  it('is blind until both are in: a draft is its own side’s, a score handed in is nobody else’s', async () => {
    expect(await give(PEOPLE.fengcheng, 'ofUnit', OF_UNIT, { give: false })).toMatchObject({
      status: 200,
      body: { state: 'draft', mean: 4 },
    });
    expect((await rowFor(PEOPLE.police)).ofUnit).toMatchObject({ state: 'none', scores: null });
    expect(await give(PEOPLE.fengcheng, 'ofUnit', OF_UNIT, { comment: '演示·护学到位' })).toMatchObject({
      status: 200,
      body: { state: 'given' },
    });
    expect(house.toldTo(`member:${MEMBER}`)).toContain('appraisalAsked');
    expect((await rowFor(PEOPLE.police)).ofUnit).toMatchObject({ state: 'given', scores: null, mean: null, comment: null });
    expect((await rowFor(PEOPLE.district)).ofUnit).toMatchObject({ state: 'given', scores: null });
    expect((await rowFor(PEOPLE.fengcheng)).ofUnit).toMatchObject({ mean: 4, comment: '演示·护学到位' });
  });

  it('handed in it is sealed, also in the database', async () => {
    expect(await give(PEOPLE.fengcheng, 'ofUnit', { ...OF_UNIT, kept: 1 })).toMatchObject({
      status: 409,
      body: { code: 'appraisal-sealed' },
    });
    await expect(house.database.db.pool.query(`update appraisal set comment = 'x' where state = 'given'`)).rejects.toMatchObject({
      code: '23000',
    });
  });

  it('once both are in both see both', async () => {
    expect(await give(PEOPLE.police, 'ofCommittee', OF_COMMITTEE)).toMatchObject({ status: 200, body: { state: 'given' } });
    for (const by of [PEOPLE.police, PEOPLE.fengcheng, PEOPLE.district]) {
      expect(await rowFor(by)).toMatchObject({ shown: true, ofUnit: { mean: 4 }, ofCommittee: { mean: 3.3 } });
    }
    expect(house.toldTo('subdistrict:441802006')).toContain('appraisalShown');
  });

  it('of the 大工委 around it a community reads nothing, nor does a leader: only of those inside its own place', async () => {
    for (const by of [PEOPLE.ximentang, PEOPLE.leader]) expect(await rowFor(by)).toBeUndefined();
    expect(await rowFor(PEOPLE.ximentang, 'ximentang-01')).toMatchObject({ member: 'ximentang-01' });
    const table = async (by: Actor) => (await house.ask(by, 'GET', '/cobuild/exports/appraisals.csv')).body as string;
    expect(await table(PEOPLE.fengcheng)).toContain('演示·凤城派出所');
    expect(await table(PEOPLE.ximentang)).not.toContain('演示·凤城派出所');
  });

  it('needs every criterion once, from 1 to 5', async () => {
    const { sharing: _, ...three } = OF_UNIT;
    for (const scores of [three, { ...OF_UNIT, more: 3 }, {}]) {
      expect(await give(PEOPLE.fengcheng, 'ofUnit', scores, { member: 'fengcheng-union-02' })).toMatchObject({
        status: 422,
        body: { code: 'missing-field' },
      });
    }
    expect(await give(PEOPLE.fengcheng, 'ofUnit', { ...OF_UNIT, kept: 6 }, { member: 'fengcheng-union-02' })).toMatchObject({
      status: 422,
    });
  });

  it('has the facts from the log beside it', async () => {
    const canteen = await rowFor(PEOPLE.ximentang, 'ximentang-03');
    // need-12-1 of ten blocks is confirmed, due on 27 November: kept before it is due.
    expect(canteen.facts).toMatchObject({ confirmed: 1, claimsDue: 0, sent: 0 });
    const hexing = await rowFor(PEOPLE.henghe, 'baijia-02');
    expect(hexing.facts).toMatchObject({ claimsDue: 1, claimsKept: 1, confirmed: 1 });
    expect(canteen.committeeFacts).toMatchObject({ needs: 2, fulfilled: 0 });
  });

  it('counts as in time who acknowledged before the time ran out, also if it then came too late; what ended before the quarter is not read', async () => {
    const { pool } = house.database.db;
    let seq = 900_000;
    const at = (local: string) => new Date(`${local.replace(' ', 'T')}:00+08:00`).toISOString();
    type Change = readonly [verb: string, from: string, to: string, at: string, state: string, until: string | null];
    const sent = async (doc: object, changes: readonly Change[], { reported = '2026-11-19 09:00', ended = null as string | null } = {}) => {
      const id = uuid();
      await pool.query(
        `insert into incident (district, id, number, version, state, level, category, cell, community, subdistrict, reported_by, description, units, doc, hash,
           found_at, reported_at, updated_at, ended_at)
         values (441802, $1, $2, 9, $3, 3, 'C0102-01', '441802006001001', '441802006001', '441802006', 'grid.441802006001001', '演示', '{fengcheng-police}',
           $4, '', $5, $5, $5, $6)`,
        [id, `评议-${++seq}`, ended === null ? 'handling' : 'closed', doc, at(reported), ended === null ? null : at(ended)],
      );
      for (const [i, [verb, from, to, when, state, until]] of changes.entries()) {
        const changed = [{ id: 'a1', unit: 'fengcheng-police', role: 'assist', state, until: until === null ? null : at(until) }];
        await pool.query(
          `insert into move (district, seq, incident, version, verb, from_state, to_state, level, actor, at, payload, hash, key, digest)
           values (441802, $1, $2, $3, $4, $5, $6, 3, 'system', $7, $8, '', $9, '')`,
          [++seq, id, i + 2, verb, from, to, at(when), { changed }, uuid()],
        );
      }
    };
    const assigned = {
      drill: false,
      assignments: [{ id: 'a1', unit: 'fengcheng-police', state: 'acknowledged', assignedAt: at('2026-11-19 10:00') }],
    };
    const call: Change = ['addUnit', 'handling', 'handling', '2026-11-19 10:00', 'assigned', '2026-11-19 10:10'];
    const acknowledge = (when: string): Change => ['acknowledge', 'handling', 'handling', when, 'acknowledged', '2026-11-19 10:40'];
    const before = (await rowFor(PEOPLE.fengcheng)).facts;
    await sent(assigned, [call, acknowledge('2026-11-19 10:09')]);
    await sent(assigned, [call, acknowledge('2026-11-19 10:11')]);
    await sent(assigned, [call]);
    // Made graver meanwhile: there was less time.
    await sent(assigned, [
      call,
      ['regrade', 'handling', 'handling', '2026-11-19 10:02', 'assigned', '2026-11-19 10:05'],
      acknowledge('2026-11-19 10:09'),
    ]);
    const late: Change = ['lapse', 'responding', 'responding', '2026-11-19 10:40', 'assigned', '2026-11-19 10:50'];
    await sent(assigned, [call, acknowledge('2026-11-19 10:05'), late, acknowledge('2026-11-19 11:00')]);
    // Unreadable: whoever unpacks it fails.
    await sent({ drill: false, assignments: {} }, [], { reported: '2026-09-01 09:00', ended: '2026-09-29 09:00' });
    const after = (await rowFor(PEOPLE.fengcheng)).facts;
    expect([after.sent - before.sent, after.inTime - before.inTime]).toEqual([5, 2]);
  });

  it('a member reads its own row only; urging tells those who have not answered', async () => {
    const { body } = await house.ask(PEOPLE.police, 'GET', '/appraisals?quarter=2026Q4');
    expect(body.items.map((one: { member: string }) => one.member)).toEqual([MEMBER]);
    const urged = await house.ask(PEOPLE.fengcheng, 'POST', '/appraisals/urge', { committee: 'fengcheng-union' });
    expect(urged).toMatchObject({ status: 200, body: { told: 4 } });
    expect(house.toldTo('member:fengcheng-union-02')).toContain('appraisalOpen');
    expect(house.toldTo(`member:${MEMBER}`)).not.toContain('appraisalOpen');
    expect(await house.ask(PEOPLE.dongcheng, 'POST', '/appraisals/urge', { committee: 'fengcheng-union' })).toMatchObject({ status: 403 });
  });

  it('closes with the quarter: then what is in is shown, and nothing more is taken', async () => {
    await give(PEOPLE.fengcheng, 'ofUnit', OF_UNIT, { member: 'fengcheng-union-02' });
    await house.timeIs('2027-01-01 09:00');
    expect(await give(PEOPLE.enforcement, 'ofCommittee', OF_COMMITTEE, { member: 'fengcheng-union-02' })).toMatchObject({
      status: 422,
      body: { code: 'period-not-open' },
    });
    expect(await rowFor(PEOPLE.enforcement, 'fengcheng-union-02')).toMatchObject({
      shown: true,
      ofUnit: { mean: 4 },
      ofCommittee: { state: 'none' },
    });
  });
});
