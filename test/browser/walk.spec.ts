/** 今日路线 (today's walk): what is asked and pressing first, the rest on the way; answered or passed, it is ticked, and the next is one tap away. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startTestServer, type TestServer } from '../support/server.ts';
import { CELL, COMMUNITY, HERE, openHouse, type House } from './support/browser.ts';
import { outside } from './support/outside.ts';

const ACCOUNT = `grid.${CELL}`;
/** So many metres east of where the phone is: a line through the cell. */
const east = (metres: number) => ({ lng: Number((HERE.lng + metres / 101_900).toFixed(6)), lat: HERE.lat, accuracyM: 6 });

let service: TestServer;
let house: House;

beforeAll(async () => {
  service = await startTestServer({ pages: true });
  house = await openHouse(service.url);
  const behind = outside(service.url);
  const report = (category: string, description: string, metres: number) =>
    behind.report(ACCOUNT, { category, description, position: east(metres) });
  await report('C0137-02', '路灯不亮', 100);
  await report('E0110-01', '垃圾堆了三天', 160);
  await report('C0104-01', '雨水箅子缺了', 60);
  const asked = await report('C0102-01', '井盖翻起', 240);
  // Half an hour to answer, by day and by night.
  await behind.move(`community.${COMMUNITY}`, asked.id, { verb: 'requestVerification' });
});
afterAll(async () => {
  await house?.close();
  await service?.stop();
});

it('is planned, walked and ticked off', async () => {
  const { page, context, troubles, strangers } = await house.signIn(ACCOUNT, { device: 'phone' });
  const stops = () => page.locator('ol.stops li b').allInnerTexts();
  await page.locator('.next', { hasText: '污水井盖' }).waitFor();
  await page.getByRole('link', { name: '共 4 处' }).click();
  await page.locator('ol.stops li').nth(3).waitFor();
  expect(await stops()).toEqual(['污水井盖', '生活垃圾', '路灯', '雨水箅子'].map((name) => expect.stringContaining(name)));
  await page.getByText(/全程直线/).waitFor();
  await page.locator('.leaflet-container').waitFor();

  // The big button leads to the first; its answer ticks it.
  await page.locator('footer .big').click();
  await page.getByRole('button', { name: '属实' }).click();
  await page.getByRole('button', { name: '送出' }).click();
  await page.locator('.next', { hasText: '垃圾' }).waitFor();
  await page.goBack();
  await page.locator('ul.done li', { hasText: '污水井盖' }).waitFor();
  expect(await stops()).toHaveLength(3);

  // Passing by ticks what nobody asks about.
  const at = east(102);
  await context.setGeolocation({ longitude: at.lng, latitude: at.lat, accuracy: 6 });
  await page.locator('ul.done li', { hasText: '路灯' }).waitFor();
  // And a tap does, where a house stood between.
  await page.getByRole('button', { name: /垃圾.*到过了/ }).click();
  await page.locator('ul.done li').nth(2).waitFor();

  // What was walked today stays walked.
  await page.reload();
  await page.locator('ul.done li').nth(2).waitFor();
  expect(await stops()).toEqual([expect.stringContaining('雨水箅子')]);
  expect(strangers).toEqual([]);
  expect(troubles).toEqual([]);
});
