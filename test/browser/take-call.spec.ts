/** 接报 (taking a call) at a desk: by keys alone, and the words of the last caller are never taken for those of the next one. */
import { expect, it } from 'vitest';
import { CELL, COMMUNITY, HERE } from './support/browser.ts';
import { outside } from './support/outside.ts';
import { useHouse } from './support/use-house.ts';

const OFFICE = `community.${COMMUNITY}`;
const stand = useHouse();

it('begins with the words, is filled by keys, and says that a draft is there and of when', async () => {
  const { page, context, troubles } = await stand.house.signIn(OFFICE, { device: 'desk', webGl: false });
  const form = page.locator('form.report');
  const focused = (what: string) => page.locator(`${what}:focus`).waitFor();
  await page.getByText('推送正常').waitFor();
  await page.locator('#queue').focus();

  await page.keyboard.press('c');
  await focused('form.report textarea');
  expect(await form.locator('.draft').count()).toBe(0);
  await page.keyboard.type('井盖不见了');
  await page.keyboard.press('Tab');
  await focused('form.report input[type=search]');
  await form.locator('.found button').nth(1).waitFor();
  const second = await form.locator('.found button b').nth(1).textContent();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await form.locator('.chosen b', { hasText: second! }).waitFor();
  await focused('form.report .chosen button');

  await form.getByRole('button', { name: '取消' }).last().click();
  await page.getByRole('button', { name: '接报' }).click();
  await form.getByText(/\d\d:\d\d 留下的草稿还在/).waitFor();
  expect(await form.locator('textarea').inputValue()).toBe('井盖不见了');
  await form.getByRole('button', { name: '清空' }).click();
  await focused('form.report textarea');
  expect(await form.locator('textarea').inputValue()).toBe('');
  expect(await form.locator('.draft, .chosen').count()).toBe(0);
  // The button and the two lists that it opens are each named by what they are.
  await form.getByRole('button', { name: '按网格选' }).click();
  for (const name of ['社区', '网格']) await form.getByLabel(name, { exact: true }).waitFor();
  expect(troubles).toEqual([]);
  await context.close();
});

it('a community is offered its own keys only, in the footer and on the sheet, where none lies over its words', async () => {
  const { page, context } = await stand.house.signIn(OFFICE, { device: 'desk', webGl: false });
  await page.getByText('推送正常').waitFor();
  expect(await page.locator('#queue footer').textContent()).not.toContain('派遣');
  await page.locator('#queue').focus();
  await page.keyboard.press('?');
  const sheet = page.locator('dialog.sheet[open]');
  await sheet.getByText('催办', { exact: true }).waitFor();
  expect(await sheet.getByText('派遣', { exact: true }).count()).toBe(0);
  const over = `[...document.querySelectorAll('dialog.sheet[open] dl > div')].filter((row) => {
    const last = row.querySelector('dt').lastElementChild.getBoundingClientRect();
    return last.right > row.querySelector('dd').getBoundingClientRect().left;
  }).map((row) => row.textContent)`;
  expect(await page.evaluate<string[]>(over)).toEqual([]);
  await context.close();
});

it('what could not be read is read by itself once there is a network', async () => {
  await outside(stand.service.url).report(`grid.${CELL}`, {
    category: 'C0102-02',
    description: '井盖响',
    position: { ...HERE, accuracyM: 6 },
  });
  const { page, context } = await stand.house.signIn(OFFICE, { device: 'desk', webGl: false });
  const list = /\/incidents\?open=true/;
  await page.route(list, (route) => route.abort());
  await page.reload();
  await page.getByText('没有网络，内容还在', { exact: false }).waitFor();
  await page.getByText(/\d 秒后自动再试/).waitFor();
  await page.unroute(list);
  await page.evaluate("dispatchEvent(new Event('online'))");
  await page.locator('[id^=row-]').first().waitFor();
  expect(await page.getByText('没有网络', { exact: false }).count()).toBe(0);
  await context.close();
});
