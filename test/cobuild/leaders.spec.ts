/** 包联挂点领导: who of the leadership looks after which community. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CobuildHouse, openHouse, PEOPLE, uuid } from './house.ts';

let house: CobuildHouse;
beforeAll(async () => {
  house = await openHouse();
});
afterAll(async () => {
  await house.close();
  expect(house.faults).toEqual([]);
});

type Row = { code: string; communities: string[]; board: { community: string; committee: string | null; overdueResolutions: number }[] };
const leaders = async (by: (typeof PEOPLE)[keyof typeof PEOPLE]): Promise<Row[]> => (await house.ask(by, 'GET', '/leaders')).body.items;
const move = (by: (typeof PEOPLE)[keyof typeof PEOPLE], code: string, body: object) =>
  house.ask(by, 'POST', `/leaders/${code}/moves`, body);

describe('包联领导', () => {
  it('36 of them look after the 164 communities, each after exactly one', async () => {
    const all = await leaders(PEOPLE.district);
    expect(all).toHaveLength(36);
    const communities = all.flatMap((one) => one.communities);
    expect(communities).toHaveLength(164);
    expect(new Set(communities).size).toBe(164);
  });

  it('sees the own board: what is late in those communities', async () => {
    const [own, ...others] = await leaders(PEOPLE.leader);
    expect(others).toEqual([]);
    expect(own!.board.map((one) => one.community).sort()).toEqual(own!.communities);
    expect(own!.board.find((one) => one.community === '441802006020')).toMatchObject({ committee: 'ximentang', overdueResolutions: 0 });
    expect((await house.ask(PEOPLE.police, 'GET', '/leaders')).body).toMatchObject({ code: 'not-allowed' });
  });

  it('counts what is late in earnest: a drill is none, on the board and on the agenda', async () => {
    const community = '441802006020';
    const { pool } = house.database.db;
    const late = async (n: number, drill: boolean) => {
      const id = uuid();
      await pool.query(
        `insert into incident (district, id, number, version, state, level, category, cell, community, subdistrict, reported_by, description, units, due_at,
           doc, hash, found_at, reported_at, updated_at)
         select 441802, $1, $2, 1, 'called', 3, 'C0102-01', $3 || '001', $3, left($3, 9), 'community.' || $3, '演示', '{}', app_now() - interval '5 hours',
           $4, '', app_now(), app_now(), app_now()`,
        [id, `演示-${n}`, community, JSON.stringify({ drill, position: { lng: 113.03, lat: 23.7 } })],
      );
      // The ladder has told the linked leader of both.
      await pool.query(
        `insert into notice (district, seq, recipient, incident, notice, level, at) values (441802, $1, $2, $3, 'overdueLevel2', 3, app_now())`,
        [n, `leader:${community}`, id],
      );
    };
    await late(1, false);
    await late(2, true);
    const [own] = await leaders(PEOPLE.leader);
    expect(own!.board.find((one) => one.community === community)).toMatchObject({ open: 1, overdue: 1, told: 1, worstMinutes: 300 });
    // Worst first.
    expect(own!.board[0]!.community).toBe(community);
    const plan = { committee: 'ximentang', quarter: '2027Q1', startsAt: '2027-01-20T15:00:00+08:00', venueZh: '演示·议事厅', venueEn: '' };
    const { body } = await house.ask(PEOPLE.ximentang, 'POST', '/conferences', plan);
    expect(body.agenda.find((item: { kind: string }) => item.kind === 'overdue')).toMatchObject({ refs: ['演示-1'] });
  });

  it('hands a community over to another, so that it has one leader all the time', async () => {
    const community = '441802006020';
    const { pool } = house.database.db;
    await pool.query(
      `insert into account (district, account, role, name_zh, name_en, communities, password_hash)
       select district, 'leader.' || code, 'leader', person_zh, person_en, communities, 'x' from leader where code in ('fengcheng-04', 'fengcheng-05')`,
    );
    expect(await move(PEOPLE.ximentang, 'fengcheng-05', { verb: 'take', community })).toMatchObject({
      status: 403,
      body: { code: 'not-yours' },
    });
    expect(await move(PEOPLE.fengcheng, 'dongcheng-01', { verb: 'take', community })).toMatchObject({
      status: 403,
      body: { code: 'not-yours' },
    });
    const elsewhere = '441802007005';
    expect(await move(PEOPLE.district, 'fengcheng-05', { verb: 'take', community: elsewhere })).toMatchObject({
      body: { code: 'unknown-area' },
    });
    expect(await move(PEOPLE.fengcheng, 'fengcheng-04', { verb: 'take', community })).toMatchObject({
      status: 409,
      body: { code: 'leader-has-it' },
    });
    expect(await move(PEOPLE.fengcheng, 'fengcheng-05', { verb: 'take', community })).toMatchObject({ status: 200 });
    // What whoever is signed in as one of the two may see goes with it.
    const { rows } = await pool.query('select account, $1 = any(communities) as has from account where places_changed_at is not null', [
      community,
    ]);
    expect(new Map(rows.map(({ account, has }) => [account, has]))).toEqual(
      new Map([
        ['leader.fengcheng-04', false],
        ['leader.fengcheng-05', true],
      ]),
    );
    const after = (await leaders(PEOPLE.fengcheng)).filter((one) => one.communities.includes(community)).map((one) => one.code);
    expect(after).toEqual(['fengcheng-05']);
    expect(house.toldTo(`leader:${community}`)).toEqual(['leaderChanged']);
  });

  it('two who take the same community at once: it ends with one', async () => {
    const community = '441802006001';
    const answers = await Promise.all(
      ['fengcheng-02', 'fengcheng-03'].map((code) => move(PEOPLE.fengcheng, code, { verb: 'take', community })),
    );
    expect(answers.map((one) => one.status)).toEqual([200, 200]);
    const holders = (await leaders(PEOPLE.district)).filter((one) => one.communities.includes(community));
    expect(holders).toHaveLength(1);
  });

  it('is not relieved while communities are left without one', async () => {
    const relieve = { verb: 'relieve', reason: '演示·调离' };
    expect(await move(PEOPLE.fengcheng, 'fengcheng-04', relieve)).toMatchObject({ status: 409, body: { code: 'leader-has-communities' } });
    const words = { personZh: '演示·沈', personEn: 'Demo Shen', postZh: '凤城街道包联领导', postEn: 'Linked leader, Fengcheng' };
    const linked = await house.ask(PEOPLE.fengcheng, 'POST', '/leaders', { subdistrict: '441802006', ...words });
    expect(linked).toMatchObject({ status: 201, body: { communities: [] } });
    expect(await move(PEOPLE.fengcheng, linked.body.code, relieve)).toMatchObject({ status: 200, body: { state: 'relieved' } });
  });
});
