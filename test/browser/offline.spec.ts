/**
 * The grid worker's phone: what is reported without a network (没有网络) is kept, and goes out exactly once, in order, when there is one; and the first report on a
 * fresh phone is three presses.
 */
import { expect, it } from 'vitest';
import { CELL, COMMUNITY } from './support/browser.ts';
import { outside } from './support/outside.ts';
import { photo } from './support/photo.ts';
import { useHouse } from './support/use-house.ts';

const ACCOUNT = `grid.${CELL}`;
const FIRST = '污水井盖翻起，先报的一件';
const SECOND = '桥头路灯不亮，后报的一件';

const stand = useHouse();

it('two reports with photos and a voice note wait, survive a reload, and are there once each, though an answer got lost and two pages send them', async () => {
  const { page, context, troubles, strangers } = await stand.house.signIn(ACCOUNT, { device: 'phone' });
  const button = (name: string) => page.getByRole('button', { name, exact: true });
  const report = async (words: string, files: readonly string[], { spoken = false } = {}) => {
    await page.getByRole('link', { name: '上报' }).click();
    for (const [i, file] of files.entries()) {
      await page.locator('input[type=file]').setInputFiles(await photo(file));
      await page.locator('.shot').nth(i).waitFor();
    }
    await page.locator('textarea').fill(words);
    if (spoken) await speak();
    await page.locator('.cat.on').waitFor();
    await page.getByText('在你的网格内').waitFor();
    await button('上报').click();
    await page.locator('.tabs').waitFor();
  };
  const speak = async () => {
    await button('说一段').click();
    await page.getByText('0:01 / 1:00').waitFor();
    await button('说好了').click();
    await page.getByText('语音 1').waitFor();
  };
  // What the page needs is on the phone: itself, the categories, the cells.
  await page.evaluate('navigator.serviceWorker.ready.then(() => undefined)');
  await page.getByRole('link', { name: '上报' }).click();
  await page.getByText('全部').waitFor();
  await page.getByText('在你的网格内').waitFor();
  await page.getByRole('button', { name: '关闭' }).click();

  await context.setOffline(true);
  await page.getByText('没有网络，照常上报').waitFor();
  await report(FIRST, ['first.jpg', 'near.jpg'], { spoken: true });
  await page.getByText('已存好 1 件，有网自动送出').waitFor();

  await page.reload();
  await page.getByText('已存好 1 件，有网自动送出').waitFor();
  await report(SECOND, ['second.jpg']);
  await page.getByText('已存好 2 件，有网自动送出').waitFor();
  await expect.poll(() => page.locator('main li', { hasText: '等网络' }).count(), { timeout: 30_000 }).toBe(2);
  expect((await outside(stand.service.url).get(ACCOUNT, '/incidents')).items).toEqual([]);

  // The app on the home screen and a tab: one outbox.
  const tab = await context.newPage();
  await tab.goto(`${stand.service.url}/field/`);
  await tab.getByText('已存好 2 件，有网自动送出').waitFor();

  // The first answer gets lost on its way: the service has the report, the phone does not know it.
  const asked: string[] = [];
  await context.route('**/api/v1/incidents', async (route) => {
    if (route.request().method() !== 'POST') return route.fallback();
    asked.push(route.request().headers()['idempotency-key']!);
    if (asked.length > 1) return route.continue();
    await route.fetch();
    await route.abort('connectionreset');
  });
  await context.setOffline(false);
  for (const each of [page, tab]) await each.getByText('待送出').waitFor({ state: 'hidden' });
  await page.locator('main li', { hasText: '路灯' }).waitFor();

  const { items } = await outside(stand.service.url).get(ACCOUNT, '/incidents');
  const inOrder = [...items].sort((a, b) => a.number.localeCompare(b.number));
  expect(inOrder.map((i) => i.description)).toEqual([FIRST, SECOND]);
  expect(inOrder.map((i) => i.photos.length)).toEqual([2, 1]);
  expect(inOrder.map((i) => i.voices.length)).toEqual([1, 0]);
  expect(inOrder[0].foundAt < inOrder[1].foundAt).toBe(true);
  expect(asked).toHaveLength(3);
  expect(new Set(asked).size).toBe(2);
  expect(asked[0]).toBe(asked[1]);
  // Heard by the community too, from the service: nothing of it is on the phone any more.
  const heard = await outside(stand.service.url).get(`community.${COMMUNITY}`, `/incidents/${inOrder[0].id}/voices`);
  expect(heard.items).toHaveLength(1);
  expect(heard.items[0].durationMs).toBeGreaterThan(500);
  await page.goto(`${stand.service.url}/field/#/incident/${inOrder[0].id}`);
  await page.getByRole('button', { name: /^听 语音 1/ }).click();
  await page.getByRole('button', { name: /^停 语音 1/ }).waitFor();
  expect(await page.evaluate('document.querySelector("audio").error')).toBeNull();
  expect(strangers).toEqual([]);
  // Without a network a browser says so for each request; anything else would be ours.
  expect(troubles.filter((t) => !t.includes('net::ERR_') && !t.includes('WebSocket connection'))).toEqual([]);
});

it('a first report on a fresh phone is three presses: the camera, a category, send; and says large what became of it', async () => {
  // Of a cell where nothing was reported: neither this phone nor its neighbours suggest anything.
  const { page, context, troubles } = await stand.house.signIn(`grid.${COMMUNITY}002`, { device: 'phone' });
  const just = page.locator('.just');
  const shoot = async (name: string) => {
    const [chooser] = await Promise.all([page.waitForEvent('filechooser'), page.getByRole('link', { name: '上报' }).click()]);
    await chooser.setFiles(await photo(name));
    await page.locator('.shot img').waitFor();
  };
  await shoot('three.jpg');
  expect(await page.locator('.cat.on').count()).toBe(0);
  await page.locator('.cat', { hasText: '暴露生活垃圾' }).click();
  await page.getByRole('button', { name: '上报', exact: true }).click();
  await just.getByRole('heading', { name: '已上报' }).waitFor();
  await just.getByText('社区 30 工作分钟内呼叫街道').waitFor();
  const { items } = await outside(stand.service.url).get(`grid.${COMMUNITY}002`, '/incidents');
  expect(items).toHaveLength(1);
  expect(await just.locator('.number').textContent()).toBe(items[0].number);

  await just.getByRole('link', { name: '看进展' }).click();
  await page.getByRole('button', { name: /^看大图：发现时/ }).click();
  await page.getByRole('dialog', { name: '照片' }).getByRole('img').waitFor();
  await page.getByRole('button', { name: '关闭' }).click();
  await page.getByRole('dialog', { name: '照片' }).waitFor({ state: 'hidden' });
  await page.getByRole('button', { name: '返回' }).click();

  await context.setOffline(true);
  await page.getByText('没有网络，照常上报').waitFor();
  await shoot('kept.jpg');
  // Now this phone has a habit: the category is chosen already.
  await page.locator('.cat.on', { hasText: '暴露生活垃圾' }).waitFor();
  await page.getByRole('button', { name: '上报', exact: true }).click();
  await just.getByRole('heading', { name: '已存，等网络' }).waitFor();
  await context.setOffline(false);
  await just.getByRole('heading', { name: '已上报' }).waitFor();
  await just.getByRole('button', { name: '知道了' }).click();
  await just.waitFor({ state: 'hidden' });
  expect((await outside(stand.service.url).get(`grid.${COMMUNITY}002`, '/incidents')).items).toHaveLength(2);
  expect(troubles.filter((t) => !t.includes('net::ERR_') && !t.includes('WebSocket connection'))).toEqual([]);
});
