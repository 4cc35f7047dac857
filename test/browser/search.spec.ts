/** 查找 (the search): two characters find what they should, open or ended, in the report or in the log, with the hits marked; and nobody finds what is not theirs. */
import type { Page } from 'playwright';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startTestServer, type TestServer } from '../support/server.ts';
import { CELL, COMMUNITY, HERE, openHouse, SUBDISTRICT, type House } from './support/browser.ts';
import { outside, type Outside } from './support/outside.ts';

/** On a busy machine an answer takes its time. */
const SOON = { timeout: 30_000 };
let service: TestServer;
let house: House;
let api: Outside;
let open: { id: string; number: string };
let ended: { id: string; number: string };

beforeAll(async () => {
  service = await startTestServer({ pages: true });
  house = await openHouse(service.url);
  api = outside(service.url);
  const position = { ...HERE, accuracyM: 6 };
  open = await api.report(`grid.${CELL}`, { category: 'C0102-02', description: '菜市场东门窨井冒黑水', position });
  ended = await api.report(`grid.${CELL}`, { category: 'C0137-02', description: '桥头路灯不亮', position });
  await api.move(`community.${COMMUNITY}`, ended.id, { verb: 'comment', text: '物业说窨井边上的灯归他们管，钥匙在门卫' });
  await api.move(`community.${COMMUNITY}`, ended.id, { verb: 'reject', reason: '属物业自管' });
  for (let n = 0; n < 3; n++) await api.report(`grid.${CELL}`, { category: 'C0102-02', description: `第 ${n} 处井盖响`, position });
});
afterAll(async () => {
  await house?.close();
  await service?.stop();
});

const found = (page: Page) => page.locator('#queue .list .item');
const marks = async (page: Page) => [...new Set(await page.locator('#queue .list mark').allTextContents())];

it('finds by two characters, marks them, and shows where in the log they stand', async () => {
  const { page, context, troubles } = await house.signIn(`subdistrict.${SUBDISTRICT}`, { device: 'desk', webGl: false });
  await page.locator(`#row-${open.id}`).waitFor();
  await page.keyboard.press('/');
  await page.keyboard.type('窨井');
  // The report's own words before what was said on the way.
  await expect.poll(() => found(page).count(), SOON).toBe(2);
  expect(await found(page).first().getAttribute('id')).toBe(`row-${open.id}`);
  await found(page).nth(1).getByText('记录里').waitFor();
  expect(await marks(page)).toEqual(['窨井']);
  // What ended is found too, and says so.
  await found(page).nth(1).getByText('不予受理').waitFor();
  expect(new URL(page.url()).searchParams.get('q')).toBe('窨井');

  // By keys to the second one, and into it.
  await page.locator('#queue').focus();
  await page.keyboard.press('j');
  await page.keyboard.press('j');
  await page.keyboard.press('Enter');
  await page.locator('article.incident', { hasText: ended.number }).waitFor();

  await page.getByLabel('查找事件').fill(ended.number);
  await expect.poll(() => found(page).count(), SOON).toBe(1);
  await page.getByLabel('查找事件').fill('没有这样的事');
  await page.getByText('没有找到“没有这样的事”').waitFor();
  await page.getByLabel('清除查找').click();
  await expect.poll(() => found(page).count(), SOON).toBe(4);
  expect(troubles).toEqual([]);
  await context.close();
});

it('a link with the words in it opens what was found; without the service, what was read is looked through', async () => {
  const { page, context } = await house.signIn(`subdistrict.${SUBDISTRICT}`, { device: 'desk', webGl: false });
  await page.goto(`${service.url}/centre/?q=${encodeURIComponent('窨井')}`);
  await expect.poll(() => found(page).count(), SOON).toBe(2);
  await context.setOffline(true);
  await page.getByLabel('查找事件').fill('冒黑水');
  await page.getByText('查找没有成功').waitFor();
  await expect.poll(() => found(page).count(), SOON).toBe(1);
  // The words that were found before stand there still, marked by what is looked for now.
  expect(await marks(page)).toEqual(['冒黑水']);
  await context.close();
});

it('nobody finds what lies outside the scope', async () => {
  const { page, context } = await house.signIn('subdistrict.441802007', { device: 'desk', webGl: false });
  await page.goto(`${service.url}/centre/?q=${encodeURIComponent('窨井')}`);
  await page.getByText('没有找到“窨井”').waitFor();
  await context.close();
});
