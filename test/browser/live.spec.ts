/** 边看边变 (live): what changes on the screen moves neither what is read nor what is typed; and a lost connection says of when the picture is. */
import type { Page } from 'playwright';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startTestServer, type TestServer } from '../support/server.ts';
import { answerRing, CELL, COMMUNITY, HERE, openHouse, SUBDISTRICT, type House } from './support/browser.ts';
import { outside, type Outside } from './support/outside.ts';

const ROWS = 24;
/** On a busy machine an answer takes its time. */
const SOON = { timeout: 30_000 };
let service: TestServer;
let house: House;
let api: Outside;
const ids: string[] = [];

beforeAll(async () => {
  service = await startTestServer({ pages: true });
  house = await openHouse(service.url);
  api = outside(service.url);
  for (let n = 0; n < ROWS; n++) ids.push(await report(n));
});
afterAll(async () => {
  await house?.close();
  await service?.stop();
});

const report = async (n: number, more: object = {}): Promise<string> =>
  (
    await api.report(`grid.${CELL}`, {
      category: 'C0102-02',
      description: `第 ${n} 处井盖响`,
      position: { lng: HERE.lng + n * 0.0001, lat: HERE.lat, accuracyM: 6 },
      ...more,
    })
  ).id;
const scrollOf = (page: Page, what: string) => page.locator(what).evaluate((e) => (e as { scrollTop: number }).scrollTop);

it('in the centre a row changes and others come while one reads the queue and types in the drawer', async () => {
  const { page, context, loads } = await house.signIn(`subdistrict.${SUBDISTRICT}`, { device: 'desk', webGl: false });
  await page.locator(`#row-${ids[0]}`).waitFor();
  await page.locator('#queue .list').evaluate((e) => void ((e as { scrollTop: number }).scrollTop = 420));
  await page.locator(`#row-${ids[12]}`).waitFor();
  await page.locator(`#row-${ids[12]}`).click();
  await page.locator('article.incident').waitFor();
  await page.getByRole('button', { name: '更多办法' }).click();
  await page.getByRole('menuitem', { name: '留言' }).click();
  await page.locator('#field-text').fill('正在打字，光标在中');
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('ArrowLeft');
  const queueAt = await scrollOf(page, '#queue .list');
  expect(queueAt).toBeGreaterThan(0);
  const before = loads();

  // The opened one moves, another one moves, and new ones come.
  await api.move(`community.${COMMUNITY}`, ids[12]!, { verb: 'comment', text: '社区去看过了' });
  await api.move(`community.${COMMUNITY}`, ids[11]!, { verb: 'comment', text: '这件也看过了' });
  const fresh = [await report(30), await report(31)];
  await page.getByText('社区去看过了').waitFor();
  await expect.poll(async () => page.locator('#queue .tabs .n').first().textContent(), SOON).toBe(String(ROWS + fresh.length));

  expect(await page.evaluate('document.activeElement.id')).toBe('field-text');
  expect(await page.locator('#field-text').evaluate((e) => (e as unknown as { selectionStart: number }).selectionStart)).toBe(7);
  expect(await page.locator('#field-text').inputValue()).toBe('正在打字，光标在中');
  expect(Math.abs((await scrollOf(page, '#queue .list')) - queueAt)).toBeLessThan(2);
  expect(loads()).toBe(before);
  await context.close();
});

it('in the centre rows change places while one stands on one of them by keys: the focus goes with it, and the keys go on from there', async () => {
  const { page, context } = await house.signIn(`subdistrict.${SUBDISTRICT}`, { device: 'desk', webGl: false });
  const rows = () => page.locator('#queue .item').evaluateAll((all) => all.map((e) => e.id));
  await page.locator(`#row-${ids[5]}`).focus();
  const before = (await rows()).join();
  for (const id of ids.slice(0, 6)) await api.move(`community.${COMMUNITY}`, id, { verb: 'call' });
  // At night all of those are due in the morning, in the order they had: what has little time by night too goes before them.
  await report(40, { level: 'R2' });
  await expect.poll(async () => (await rows()).join(), SOON).not.toBe(before);
  // By day those six are due later than what waits to be called, and may be further down than what is drawn: none still stands where it did.
  const uncalled = async () =>
    (await page.locator('#queue .item', { hasText: '待呼叫' }).evaluateAll((all) => all.map((e) => e.id))).join();
  await expect.poll(uncalled, SOON).toContain('row-');
  await expect.poll(uncalled, SOON).not.toContain(`row-${ids[5]}`);
  // Scrolled out of what is drawn, the list has it.
  await expect.poll(() => page.evaluate<string>('document.activeElement.id'), SOON).toMatch(new RegExp(`^(row-${ids[5]}|queue)$`));
  await page.keyboard.press('j');
  await expect.poll(() => page.evaluate<string>('document.activeElement.id')).toMatch(/^row-/);
  await context.close();
});

it('a lost connection says of when the picture is, and that one may go on pressing', async () => {
  // One that nobody has called yet.
  const id = ids.at(-1)!;
  await api.move(`community.${COMMUNITY}`, id, { verb: 'call' });
  await api.move(`subdistrict.${SUBDISTRICT}`, id, { verb: 'accept' });
  await api.move(`subdistrict.${SUBDISTRICT}`, id, { verb: 'dispatch', lead: { unit: 'north-drainage' } });
  const { page, context } = await house.signIn('unit.north-drainage', { device: 'phone', webGl: false });
  await page.locator('dialog.ring').waitFor();
  await context.setOffline(true);
  await page.locator('.strip.inv').first().waitFor();
  expect(await page.locator('.strip.inv').first().textContent()).toMatch(/\d\d:\d\d/);
  await answerRing(page);
  await context.setOffline(false);
  await page.locator('.strip.inv').first().waitFor({ state: 'hidden' });
  // What was pressed meanwhile goes out, once.
  const signed = async () =>
    (await api.get(`subdistrict.${SUBDISTRICT}`, `/incidents/${id}/moves`)).items.filter((m: { verb: string }) => m.verb === 'acknowledge')
      .length;
  await expect.poll(signed, SOON).toBe(1);
  await context.close();
});
