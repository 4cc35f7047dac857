/** 演练 (a drill): begun by an operator for the own page, it rings real devices and says so everywhere; it ends in one go, and what is in earnest goes on beside it. */
import type { Page } from 'playwright';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { PASSWORD, startTestServer, type TestServer } from '../support/server.ts';
import { CELL, COMMUNITY, fillSignIn, HERE, openHouse, SUBDISTRICT, type House } from './support/browser.ts';
import { outside, type Outside } from './support/outside.ts';

const DISTRICT = 'district.441802';
let service: TestServer;
let house: House;
let api: Outside;
let real: { id: string };

beforeAll(async () => {
  service = await startTestServer({ pages: true });
  house = await openHouse(service.url);
  api = outside(service.url);
  real = await api.report(`grid.${CELL}`, { category: 'C0102-02', description: '真的有井盖响', position: { ...HERE, accuracyM: 6 } });
});
afterAll(async () => {
  await house?.close();
  await service?.stop();
});

const frame = (page: Page) => page.getByRole('region', { name: '演练中' });
async function menu(page: Page, entry: string): Promise<void> {
  await page.getByRole('button', { name: /换一页/ }).click();
  await page.getByRole('menuitem', { name: entry }).click();
}
/** Takes a call: the gravest kind that the words find, in the first cell of the list. */
async function takeCall(page: Page, words: string, kind: string): Promise<void> {
  await page.getByRole('button', { name: '接报' }).click();
  const form = page.locator('form.report');
  await form.locator('textarea').fill(words);
  await form.locator('input[type=search]').fill(kind);
  await form.locator('.found button', { hasText: kind }).first().click();
  await form.getByRole('button', { name: '按网格选' }).click();
  await form.getByLabel('社区').selectOption(COMMUNITY);
  await form.getByLabel('网格', { exact: true }).selectOption({ index: 1 });
  await form.locator('.where b').waitFor();
}

it('is begun with a word of warning, rings with the word on it, is seen beside what is in earnest, and ends in one go', async () => {
  const centre = await house.signIn(DISTRICT, { device: 'desk', webGl: false });
  const { page } = centre;
  await page.locator(`#row-${real.id}`).waitFor();
  await menu(page, '开始演练');
  const dialog = page.locator('dialog[open]');
  await dialog.getByText('不进统计', { exact: false }).first().waitFor();
  await dialog.getByRole('button', { name: '开始演练' }).click();
  await frame(page).waitFor();
  // What is in earnest leaves the queue, not the sight: it is counted on the line, and the map does not say that there is nothing to do.
  await frame(page).getByText('真实 1 件，超时 0 件').waitFor();
  await page.locator('.mapbox .tl').getByText('真实 1 件，超时 0 件').waitFor();
  // It starts with drills alone, and is kept over a reload.
  await page.locator(`#row-${real.id}`).waitFor({ state: 'hidden' });
  await page.reload();
  await frame(page).waitFor();

  await takeCall(page, '演练：电梯困人，三楼', '电梯困人');
  await page.locator('form.report').getByText('这是演练').waitFor();
  await page
    .locator('form.report')
    .getByRole('button', { name: /上报演练/ })
    .click();
  await page.locator('article.incident header').getByText('演练', { exact: true }).waitFor();
  const [drill] = (await api.get(DISTRICT, '/incidents?drill=true')).items;
  expect(drill).toMatchObject({ drill: true });

  // Whatever its level, the run card sends somebody; the unit that is rung sees what it is.
  await expect
    .poll(async () => (await api.get(DISTRICT, `/incidents/${drill.id}`)).assignments.length, { timeout: 60_000 })
    .toBeGreaterThan(0);
  const { unit } = (await api.get(DISTRICT, `/incidents/${drill.id}`)).assignments[0];
  const crew = await house.signIn(`unit.${unit}`, { device: 'phone' });
  const ring = crew.page.locator('dialog.ring');
  await ring.getByText('演练', { exact: true }).waitFor();
  await ring.getByText('指挥中心接报').waitFor();
  // So does the grid worker in whose cell it lies; and what is in earnest bears no such word.
  const grid = await house.signIn(`grid.${drill.cell}`, { device: 'phone' });
  await grid.page.goto(`${service.url}/field/#/incident/${drill.id}`);
  await grid.page.getByText('演练', { exact: true }).first().waitFor();

  await frame(page).getByRole('button', { name: '也看真实事件' }).click();
  await page.locator(`#row-${real.id}`).waitFor();
  expect(
    await page
      .locator('.box', { has: page.locator(`#row-${real.id}`) })
      .getByText('演练', { exact: true })
      .count(),
  ).toBe(0);
  await page
    .locator('.box', { has: page.locator(`#row-${drill.id}`) })
    .getByText('演练', { exact: true })
    .waitFor();

  await frame(page).getByRole('button', { name: '结束演练' }).click();
  await dialog.getByText('还有 1 件演练没有结束', { exact: false }).waitFor();
  await dialog.getByRole('button', { name: '全部结束，退出演练' }).click();
  await frame(page).waitFor({ state: 'hidden' });
  await ring.waitFor({ state: 'hidden' });
  expect(await api.get(DISTRICT, `/incidents/${drill.id}`)).toMatchObject({ state: 'cancelled', drill: true });
  expect(await api.get(DISTRICT, `/incidents/${real.id}`)).toMatchObject({ state: 'reported', drill: false });
  for (const person of [centre, crew, grid]) {
    expect(person.troubles).toEqual([]);
    await person.context.close();
  }
});

it('is nobody’s who does not answer for the units', async () => {
  const { page, context } = await house.signIn(`community.${COMMUNITY}`, { device: 'desk', webGl: false });
  await page.getByRole('button', { name: /换一页/ }).click();
  await page.getByRole('menuitem').first().waitFor();
  expect(await page.getByRole('menuitem', { name: '开始演练' }).count()).toBe(0);
  await context.close();
});

it('is over for the next person at the same computer', async () => {
  const { page, context } = await house.signIn(`subdistrict.${SUBDISTRICT}`, { device: 'desk', webGl: false });
  await menu(page, '开始演练');
  await page.locator('dialog[open]').getByRole('button', { name: '开始演练' }).click();
  await frame(page).waitFor();
  await page.getByRole('button', { name: '退出登录' }).click();
  await page.locator('#account').waitFor();
  // Another office, which may drill itself: it is asked whether it wants to, and is not in one.
  await fillSignIn(page, DISTRICT, PASSWORD);
  await page.getByText('推送正常').waitFor();
  await page.getByRole('button', { name: /换一页/ }).click();
  await page.getByRole('menuitem', { name: '开始演练' }).waitFor();
  expect(await frame(page).count()).toBe(0);
  await context.close();
});
