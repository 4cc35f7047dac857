/** 包联挂点领导: who of the leadership looks after which community. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CobuildHouse, openHouse, PEOPLE } from './house.ts';

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

  it('hands a community over to another, so that it has one leader all the time', async () => {
    const community = '441802006020';
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
