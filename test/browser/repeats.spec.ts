/** 相似与反复 (similar and again): the near one is offered before a second report is sent, merging is taken back, and what comes back has a dossier. */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startTestServer, type TestServer } from '../support/server.ts';
import { CELL, COMMUNITY, HERE, openHouse, SUBDISTRICT, type House } from './support/browser.ts';
import { outside, type Outside } from './support/outside.ts';
import { photo } from './support/photo.ts';

const WORKER = `grid.${CELL}`;
const SEWER_COVER = 'C0102-02';
const near = (m: number) => ({ lng: HERE.lng + m / 101_800, lat: HERE.lat, accuracyM: 8 });

let service: TestServer;
let house: House;
let api: Outside;

beforeAll(async () => {
  service = await startTestServer({ pages: true });
  house = await openHouse(service.url);
  api = outside(service.url);
});
afterAll(async () => {
  await house?.close();
  await service?.stop();
});

it('the grid worker is offered the near one, adds to it instead, and may report all the same', async () => {
  const there = await api.report(WORKER, { category: SEWER_COVER, description: '桥头污水井盖被车压得咣咣响', position: near(9) });
  const { page, troubles, context } = await house.signIn(WORKER, { device: 'phone' });
  const button = (name: string | RegExp) => page.getByRole('button', { name });
  const write = async (words: string) => {
    await page.getByRole('link', { name: '上报' }).click();
    await page.locator('input[type=file]').setInputFiles(await photo(`${words}.jpg`));
    await page.locator('textarea').fill(words);
    await page.locator('.cat.on').waitFor();
    await page.getByText('在你的网格内').waitFor();
  };

  await write('污水井盖响');
  await page.locator('.similar li', { hasText: there.description }).waitFor();
  await page
    .locator('.proof')
    .getByText(/现场证明 约 \d+ 分/)
    .waitFor();
  await button(/^上报$/).click();
  const asked = page.getByRole('alert').filter({ hasText: there.number });
  await asked.getByRole('button', { name: '加到这件' }).click();
  await page.waitForURL(new RegExp(`/incident/${there.id}`));
  await page.getByText('又有人报：污水井盖响').waitFor();
  const after = await api.get(WORKER, `/incidents/${there.id}`);
  expect(after.photos).toHaveLength(1);
  expect((await api.get(WORKER, '/incidents')).items).toHaveLength(1);

  await page.goBack();
  await page.goto(`${service.url}/field/`);
  await write('污水井盖响，换了一个');
  await page.locator('.similar li').first().waitFor();
  await button(/^上报$/).click();
  await page.getByRole('alert').getByRole('button', { name: '不是，照常上报' }).click();
  await page.locator('.tabs').waitFor();
  await expect.poll(async () => (await api.get(WORKER, '/incidents')).items.length, { timeout: 30_000 }).toBe(2);

  // Without a network nothing is compared, and it says so.
  await context.setOffline(true);
  await write('污水井盖又响了');
  await page.getByText('没有网络，先不查重复，照常上报').waitFor();
  expect(troubles.filter((t) => !t.includes('net::ERR_') && !t.includes('WebSocket connection'))).toEqual([]);
  await context.close();
});

it('the subdistrict is asked which goes into which, merges and takes it back; the reporter follows it in words', async () => {
  const { items } = await api.get(WORKER, '/incidents');
  const [twin, first] = items;
  const desk = await house.signIn(`subdistrict.${SUBDISTRICT}`, { device: 'desk' });
  const { page } = desk;
  await page.goto(`${service.url}/centre/?incident=${twin.id}&tab=repeats`);
  const offered = page.locator('.similar li', { hasText: first.number });
  await offered.getByRole('button', { name: '并入这件' }).click();
  await offered.getByText(`把 ${twin.number} 并入 ${first.number}？`).waitFor();
  await offered.getByRole('button', { name: '确认并案' }).click();
  await page.locator('.strip.good', { hasText: `${twin.number} 已并入 ${first.number}` }).waitFor();
  await expect.poll(async () => (await api.get(WORKER, `/incidents/${twin.id}`)).mergedInto, { timeout: 30_000 }).toBe(first.id);

  const phone = await house.signIn(WORKER, { device: 'phone' });
  await phone.page.goto(`${service.url}/field/#/incident/${twin.id}`);
  await phone.page.getByText(`已并入 ${first.number}`).waitFor();
  await phone.context.close();

  await page.goto(`${service.url}/centre/?incident=${first.id}&tab=repeats`);
  await page.locator('li', { hasText: twin.number }).getByRole('button', { name: '取消并案' }).click();
  await expect.poll(async () => (await api.get(WORKER, `/incidents/${twin.id}`)).state, { timeout: 30_000 }).toBe('reported');
  await page.locator('.similar li', { hasText: twin.number }).waitFor();
  // Beside the photos, how well they prove the place.
  await page.getByRole('tab', { name: /进展/ }).click();
  await page.getByText(/现场证明 \d+ 分/).waitFor();
  expect(desk.troubles).toEqual([]);
  await desk.context.close();
});

it('what comes back has a dossier, on a desk and on a phone, and as a table', async () => {
  const desk = await house.signIn(`community.${COMMUNITY}`, { device: 'desk' });
  await desk.page.goto(`${service.url}/centre/?view=dossiers`);
  await desk.page.locator('.entry', { hasText: '污水井盖' }).waitFor();
  await desk.page.locator('.dossier', { hasText: '2 次' }).waitFor();
  const download = desk.page.waitForEvent('download');
  await desk.page.getByRole('link', { name: '导出 CSV' }).click();
  const table = readFileSync(await (await download).path(), 'utf8');
  expect(table.split('\r\n')[1]).toContain('污水井盖');
  expect(desk.troubles).toEqual([]);
  await desk.context.close();

  const phone = await house.signIn(`community.${COMMUNITY}`, { device: 'phone' });
  await phone.page.goto(`${service.url}/centre/?view=dossiers`);
  await phone.page.locator('.entry', { hasText: '污水井盖' }).click();
  await phone.page.locator('.dossier ol li').nth(1).waitFor();
  await phone.page.locator('.dossier ol button').first().click();
  await phone.page.locator('.incident').waitFor();
  await phone.context.close();
});
