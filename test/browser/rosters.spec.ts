/** 值班 (the roster): a crew signs on and hands over, the next signs on and takes over, each at a device of its own. */
import { v7 as uuid } from 'uuid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestServer, type TestServer } from '../support/server.ts';
import { CELL, COMMUNITY, HERE, type House, openHouse, type Person, SUBDISTRICT } from './support/browser.ts';
import { outside } from './support/outside.ts';

const UNIT = 'fengcheng-police';
const HOUR_MS = 3_600_000;
let service: TestServer;
let house: House;
let nowMs: number;

beforeAll(async () => {
  service = await startTestServer({ pages: true });
  house = await openHouse(service.url);
  const { rows } = await service.database.db.pool.query<{ ms: number }>(`select (extract(epoch from app_now()) * 1000)::float8 as ms`);
  // On the minute: a form in minutes says the same as the roster.
  nowMs = Math.floor(rows[0]!.ms / 60_000) * 60_000;
  // Whatever the hour: crew 1 has been on for three hours and is for another one, then comes crew 2, and after it, nobody for an hour.
  const since = { starts_at: new Date(nowMs - 3 * HOUR_MS), ends_at: new Date(nowMs + HOUR_MS) };
  const kept = { district: 441802, id: uuid(), unit: UNIT, crew: '1', reason: '演示·排班', swap: null, by: 'district.441802' };
  await service.database.db.kysely
    .insertInto('roster_override')
    .values({ ...kept, ...since })
    .execute();
  await override(1, 4, '2');
  await override(4, 5, null);
});
afterAll(async () => {
  await house?.close();
  await service?.stop();
});

async function override(fromH: number, untilH: number, crew: string | null): Promise<void> {
  const district = await house.signIn('district.441802', { device: 'desk', webGl: false });
  const time = (hours: number) => new Date(nowMs + hours * HOUR_MS).toISOString();
  const answer = await district.context.request.post(`${service.url}/api/v1/rosters/units/${UNIT}/overrides`, {
    data: { from: time(fromH), until: time(untilH), crew, reason: '演示·排班' },
    headers: { origin: service.url, 'idempotency-key': uuid() },
  });
  expect(answer.status()).toBe(201);
  await district.context.close();
}

/** An incident that the unit has taken and not finished. */
async function givenWork(): Promise<void> {
  const { report, move } = outside(service.url);
  const subdistrict = `subdistrict.${SUBDISTRICT}`;
  const { id } = await report(`grid.${CELL}`, { category: 'E0498-01', description: '消防通道被堵', position: { ...HERE, accuracyM: 6 } });
  await move(`community.${COMMUNITY}`, id, { verb: 'call' });
  await move(subdistrict, id, { verb: 'accept' });
  const { assignments } = await move(subdistrict, id, { verb: 'dispatch', lead: { unit: UNIT }, assisting: [] });
  await move(`unit.${UNIT}`, id, { verb: 'acknowledge', assignment: assignments[0].id });
}

const rosterOf = async (): Promise<Person> => {
  const person = await house.signIn(`unit.${UNIT}`, { device: 'phone' });
  await person.page.getByRole('button', { name: /在岗|接班/ }).click();
  return person;
};

describe('two crews at their devices', () => {
  it('sign on, hand over with what is open, take over; a hole is seen and filled', async () => {
    await givenWork();
    const leaving = await rosterOf();
    const { page } = leaving;
    await page.getByText('没有上岗，什么时候都会响铃').waitFor();
    await page.getByText(/起没有人接班/).waitFor();
    await page.getByRole('button', { name: '一班上岗' }).click();
    await page.getByText(/响铃到 .+ 下班/).waitFor();

    await page.getByRole('heading', { name: '交班给二班' }).waitFor();
    await page.getByRole('list', { name: '没办完的 1 件' }).getByText('已签收').waitFor();
    await page.getByLabel('要交代的').fill('物业已去开门，等拖车');
    await page.getByRole('button', { name: '交班', exact: true }).click();
    await page.getByText('一班已交班，等二班上岗接班').waitFor();

    const coming = await rosterOf();
    await coming.page.getByRole('button', { name: '二班上岗' }).click();
    await coming.page.getByRole('heading', { name: '接一班的班' }).waitFor();
    await coming.page.getByText('物业已去开门，等拖车').waitFor();
    await coming.page.getByRole('list', { name: '没办完的 1 件' }).waitFor();
    await coming.page.getByRole('button', { name: '接班', exact: true }).click();
    await coming.page.getByText(/二班已于 .+ 接班/).waitFor();

    // What comes after it is empty: filled here, the strip goes.
    await coming.page.getByRole('button', { name: '安排班组' }).click();
    await coming.page.getByRole('radio', { name: '三班' }).check();
    await coming.page.getByRole('button', { name: '就这样排' }).click();
    await coming.page.getByText(/起没有人接班/).waitFor({ state: 'hidden' });

    await page.reload();
    await page.getByText(/二班已于 .+ 接班/).waitFor();
    await page.getByRole('button', { name: '离岗' }).click();
    await page.getByText('已离岗，不响铃').waitFor();
    expect([...leaving.troubles, ...coming.troubles, ...leaving.strangers, ...coming.strangers]).toEqual([]);
    await leaving.context.close();
    await coming.context.close();
  });

  it('swap: asked at one device, accepted at the other, in the roster of both', async () => {
    const [one, two] = [await rosterOf(), await rosterOf()];
    await one.page.getByRole('button', { name: '一班上岗' }).click();
    await two.page.getByRole('button', { name: '二班上岗' }).click();
    await one.page.getByRole('button', { name: '申请换班' }).click();
    await one.page.getByLabel('请对方上我们的').selectOption({ index: 2 });
    await one.page.getByRole('radio', { name: '二班' }).check();
    await one.page.getByLabel('原因').fill('全班体检');
    await one.page.getByRole('button', { name: '送出申请' }).click();
    await one.page.getByText('等二班答复').waitFor();
    await two.page.reload();
    await two.page.getByText('全班体检').waitFor();
    await two.page.getByRole('button', { name: '答应' }).click();
    await two.page.getByText(/已答应/).waitFor();
    await one.page.reload();
    await one.page.getByText('换班', { exact: true }).last().waitFor();
    expect([...one.troubles, ...two.troubles]).toEqual([]);
    await one.context.close();
    await two.context.close();
  });
});
