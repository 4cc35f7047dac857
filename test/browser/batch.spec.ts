/** 批量办理 (several at once): selected by mouse and by keys, one form, a line for what came of each; nothing is done twice and nothing is lost. */
import { writeFileSync } from 'node:fs';
import type { Page } from 'playwright';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startTestServer, type TestServer } from '../support/server.ts';
import { CELL, COMMUNITY, HERE, openHouse, SUBDISTRICT, type House } from './support/browser.ts';
import { outside, type Outside } from './support/outside.ts';
import { keptAt } from './support/pictures.ts';

const DESK = `subdistrict.${SUBDISTRICT}`;
let service: TestServer;
let house: House;
let api: Outside;
/** Called, so the subdistrict may accept them. The newest last: all of one kind, so they stand in this order. */
let called: string[];

beforeAll(async () => {
  service = await startTestServer({ pages: true });
  house = await openHouse(service.url);
  api = outside(service.url);
  called = [];
  for (let n = 0; n < 5; n++) {
    const position = { lng: HERE.lng + n * 0.0002, lat: HERE.lat, accuracyM: 6 };
    const { id } = await api.report(`grid.${CELL}`, { category: 'C0102-02', description: `第 ${n + 1} 处井盖响`, position });
    await api.move(`community.${COMMUNITY}`, id, { verb: 'call' });
    called.push(id);
  }
});
afterAll(async () => {
  await house?.close();
  await service?.stop();
});

const row = (page: Page, id: string) => page.locator(`#row-${id}`);
const lines = (page: Page, words: string) => page.locator('.panel .lines li', { hasText: words });
const verbsOf = async (id: string) =>
  (await api.get(DESK, `/incidents/${id}/moves`)).items.map((m: { verb: string }) => m.verb) as string[];
const times = async (verb: string) => Promise.all(called.map(async (id) => (await verbsOf(id)).filter((v) => v === verb).length));

it('by mouse: from one to another with Shift, one form for all; what was changed meanwhile is refused with the reason, and only that is tried again', async () => {
  // It hears of nothing, so what it shows may be old.
  const { page, context, troubles } = await house.signIn(DESK, { device: 'desk', webGl: false, deaf: true });
  await row(page, called[0]!).waitFor();
  await row(page, called[0]!).hover();
  await page
    .locator('.box', { has: row(page, called[0]!) })
    .locator('.tick')
    .check();
  await row(page, called[4]!).click({ modifiers: ['Shift'] });
  await page.getByText('已选 5 件').first().waitFor();
  await row(page, called[4]!).click({ modifiers: ['Control'] });
  await page.getByText('已选 4 件').first().waitFor();

  await page.getByRole('button', { name: /^批量办理/ }).click();
  const panel = page.locator('.panel');
  await panel.getByRole('button', { name: /^受理\s*4$/ }).click();
  await panel.locator('#batch-note').fill('一并受理，按顺序派');
  await api.move(DESK, called[1]!, { verb: 'comment', text: '刚有人问过' });
  await panel.locator('[data-solid]').click();
  await panel.getByText('3 件办好，1 件没办成').waitFor();
  // Only what is not done stays selected.
  await expect.poll(() => page.locator('#queue .tick:checked').count()).toBe(1);
  expect(await lines(page, '办好').count()).toBe(3);
  await lines(page, '没办成').getByText('刚有人动过这件').waitFor();
  expect(await times('accept')).toEqual([1, 0, 1, 1, 0]);

  await panel.getByRole('button', { name: '没办成的 1 件再办一次' }).click();
  await panel.getByText('4 件全部办好').waitFor();
  expect(await page.locator('#queue .tick:checked').count()).toBe(0);
  expect(await times('accept')).toEqual([1, 1, 1, 1, 0]);
  const { items } = await api.get(DESK, `/incidents/${called[1]}/moves`);
  expect(items.find((m: { verb: string }) => m.verb === 'accept').payload.note).toBe('一并受理，按顺序派');
  await panel.getByRole('button', { name: '完成' }).click();
  await panel.waitFor({ state: 'hidden' });
  expect(troubles.filter((t) => !t.includes('409'))).toEqual([]);
  await context.close();
});

it('by keys alone, and without a network: nothing typed is lost, and each goes out once', async () => {
  const { page, context } = await house.signIn(DESK, { device: 'desk', webGl: false });
  await row(page, called[0]!).waitFor();
  await page.locator('#queue').focus();
  await page.keyboard.press('j');
  await page.keyboard.press('x');
  for (let n = 1; n < called.length; n++) await page.keyboard.press('Shift+J');
  await page.getByText('已选 5 件').first().waitFor();
  await page.keyboard.press('b');
  const panel = page.locator('.panel');
  await panel.getByRole('button', { name: /^催办\s*5$/ }).focus();
  await page.keyboard.press('Enter');
  await page.keyboard.type('今天下班前要有回话');
  await context.setOffline(true);
  await page.keyboard.press('Control+Enter');
  await panel.getByText('0 件办好，5 件没办成').waitFor();
  expect(await lines(page, '没送到').count()).toBe(5);
  expect(await times('urge')).toEqual([0, 0, 0, 0, 0]);

  // Esc leaves the panel; what came of each is there when one comes back, and so are the words.
  await page.keyboard.press('Escape');
  await panel.waitFor({ state: 'hidden' });
  await page.getByText('0 件办好，5 件没办成').first().waitFor();
  await page.keyboard.press('b');
  await panel.getByText('0 件办好，5 件没办成').waitFor();
  expect(await lines(page, '没送到').count()).toBe(5);
  await context.setOffline(false);
  await panel.getByRole('button', { name: '没办成的 5 件再办一次' }).click();
  await panel.getByText('5 件全部办好').waitFor();
  expect(await times('urge')).toEqual([1, 1, 1, 1, 1]);
  const { items } = await api.get(DESK, `/incidents/${called[4]}/moves`);
  expect(items.at(-1)).toMatchObject({ verb: 'urge', payload: { note: '今天下班前要有回话' } });
  await context.close();
});

it('each is sent by its own run card, and what is typed waits while one looks at another', async () => {
  const { page, context } = await house.signIn(DESK, { device: 'desk', webGl: false });
  await row(page, called[0]!).waitFor();
  await row(page, called[0]!).click({ modifiers: ['Control'] });
  await row(page, called[1]!).click({ modifiers: ['Control'] });
  await page.keyboard.press('b');
  const panel = page.locator('.panel');
  await panel.getByRole('button', { name: /^派遣\s*2$/ }).click();
  await panel.locator('#batch-note').fill('先围起来');
  await row(page, called[2]!).click();
  await page.locator('article.incident').waitFor();
  await page.keyboard.press('Escape');
  await page.keyboard.press('b');
  await panel.getByRole('button', { name: /^派遣\s*2$/ }).click();
  expect(await panel.locator('#batch-note').inputValue()).toBe('先围起来');
  await panel.locator('[data-solid]').click();
  await panel.getByText('2 件全部办好').waitFor();
  for (const id of called.slice(0, 2)) {
    const incident = await api.get(DESK, `/incidents/${id}`);
    expect(incident).toMatchObject({ state: 'dispatched' });
    expect(incident.assignments.length).toBeGreaterThan(0);
  }
  await context.close();
});

/** What the printer gets: sheets of A4. @returns how many; kept where somebody asked for them. */
async function sheets(page: Page, name: string): Promise<number> {
  const pdf = await page.pdf({ preferCSSPageSize: true, printBackground: true });
  const paper = keptAt(`${name}.pdf`);
  if (paper !== null) writeFileSync(paper, pdf);
  const text = pdf.toString('latin1');
  // A4 in points.
  for (const [, width, height] of text.matchAll(/\/MediaBox\s*\[\s*0 0 (\d+)\S* (\d+)\S*\s*\]/g)) {
    expect([width, height].map(Number)).toEqual([expect.closeTo(595, -1), expect.closeTo(842, -1)]);
  }
  return text.match(/\/Type\s*\/Page\b(?!s)/g)?.length ?? 0;
}

it('goes onto paper: the record of one with all that happened, and the queue as it stands; nothing of the screen with them', async () => {
  const { page, context, troubles } = await house.signIn(DESK, { device: 'desk', webGl: false, theme: 'dark' });
  await page.evaluate('window.print = () => undefined');
  const sheet = page.locator('#printed');
  async function onPaper(name: string, words: readonly string[]): Promise<void> {
    await page.locator('html[data-printing]').waitFor({ state: 'attached' });
    expect(await page.title()).toContain(name);
    await page.emulateMedia({ media: 'print' });
    for (const text of words) await sheet.getByText(text).first().waitFor();
    expect(await page.locator('.centre').isVisible()).toBe(false);
    // Black on white, whatever the screen is.
    expect(await page.evaluate<string>('getComputedStyle(document.body).backgroundColor')).toBe('rgb(255, 255, 255)');
    expect(await sheets(page, name)).toBeGreaterThan(0);
    await page.emulateMedia({ media: null });
    expect(await sheet.isVisible()).toBe(false);
    await page.evaluate("dispatchEvent(new Event('afterprint'))");
    expect(await sheet.count()).toBe(0);
    expect(await page.title()).toContain('指挥中心');
  }
  const incident = await api.get(DESK, `/incidents/${called[0]}`);
  await row(page, called[0]!).click();
  await page.locator('article.incident').getByRole('button', { name: '打印', exact: true }).click();
  await onPaper('事件档案', [incident.number, incident.description, '先围起来', '处置单位', '办理记录', '时限', '经办人签字']);
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: '打印队列' }).click();
  await onPaper('待办队列', [incident.number, incident.description]);
  expect(troubles).toEqual([]);
  await context.close();
});
