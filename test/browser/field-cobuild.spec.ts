/** 共建 on the grid worker's phone: the own community's needs as they are claimed, a place in an activity taken and given back, and what is there without a network. */
import type { Locator } from 'playwright';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { serviceAt } from '../cobuild/service.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { CELL, openHouse, type House, type Person } from './support/browser.ts';
import { violations } from './support/looks-right.ts';
import { picturedInBoth } from './support/pictures.ts';
import { stepsOf } from './support/steps.ts';

/** In 西门塘社区, which has a 大党委 of its own, in 凤城街道, which has a 大工委. */
const ACCOUNT = 'grid.441802006020001';
/** In a town where nobody has founded one. */
const WITHOUT = 'grid.441802103002001';
const NEED = '独居老人午餐';
const ACTIVITY = '演示·江滨便民服务日';

let server: TestServer;
let house: House;
let service: ReturnType<typeof serviceAt>;
const seen = (what: Locator) => what.first().waitFor({ state: 'visible' });
/** Without a network a browser says so for each request; anything else would be ours. */
const unexpected = ({ troubles }: Person) => troubles.filter((t) => !t.includes('net::ERR_') && !t.includes('WebSocket connection'));

beforeAll(async () => {
  server = await startTestServer({ pages: true });
  service = serviceAt(server.url);
  house = await openHouse(server.url);
});
afterAll(async () => {
  await house?.close();
  await server?.stop();
});

it('needs of the own community, live; an activity joined and left; the last rows without a network', async () => {
  const person = await house.signIn(ACCOUNT, { device: 'phone' });
  const { page, context } = person;
  const step = stepsOf(new Map([['worker', person]]));
  const need = page.locator('.needs li', { hasText: NEED });
  const activity = page.locator('.activities > li', { hasText: ACTIVITY });
  const face = (name: RegExp) => page.getByRole('group', { name: '共建共治' }).getByRole('button', { name });

  await step('it is one line of the first page, which says what is lacking, and one of 我', async () => {
    const line = page.getByRole('link', { name: /^共建共治/ });
    await seen(line.getByText('3 项需求没认满 · 1 场活动可报名'));
    await picturedInBoth(page, 'home');
    await page.getByRole('link', { name: '我', exact: true }).click();
    await picturedInBoth(page, 'me');
    await line.click();
  });

  await step('the list has the needs of the community and of what it lies in, and of nowhere else', async () => {
    await seen(need.getByText('还差 10 份/天'));
    await seen(need.getByText('西门老字号食品店 15'));
    const titles = await page.locator('.needs .name').allTextContents();
    expect(titles.toSorted()).toEqual(['旧楼墙面清除小广告', '校门口早高峰护学岗', NEED, '老旧楼集中充电点供电改造'].toSorted());
    await picturedInBoth(page, 'needs');
    expect(await violations(page)).toEqual([]);
  });

  await step('a member claims a part: the row says so by itself, and nothing moves', async () => {
    await page.setViewportSize({ width: 390, height: 480 });
    await page.locator('.list').evaluate((list) => (list.scrollTop = 90));
    const loads = person.loads();
    expect(await service.post('member.ximentang-02', '/needs/need-11/claims', { quantity: 4 })).toMatchObject({ status: 201 });
    // Told by the socket: nothing else would read again so soon.
    await need.getByText('还差 6 份/天').waitFor({ timeout: 30_000 });
    await seen(need.getByText('西门塘幼儿园 4'));
    expect(await page.locator('.list').evaluate((list) => list.scrollTop)).toBe(90);
    expect(person.loads()).toBe(loads);
  });

  await step('opened it says who does what until when, and what happened; back is where one was', async () => {
    await need.scrollIntoViewIfNeeded();
    const at = await page.locator('.list').evaluate((list) => list.scrollTop);
    expect(at).toBeGreaterThan(0);
    await need.getByRole('link').click();
    const claim = page.locator('main li', { hasText: '西门塘幼儿园 · 4 份/天' });
    await seen(claim.getByText('已认领，待服务'));
    await seen(page.locator('.log li', { hasText: '认领' }).getByText('西门塘幼儿园'));
    await page.setViewportSize({ width: 390, height: 844 });
    await picturedInBoth(page, 'need');
    expect(await violations(page)).toEqual([]);
    expect(await page.locator('main').innerText()).not.toMatch(/演示·[何吕施]|member\./);
    const { claims } = await service.get('community.441802006020', '/needs/need-11');
    const { code } = claims.find((one: { member: string }) => one.member === 'ximentang-02');
    const delivery = '演示·今天送到四位老人家里';
    expect(await service.post('member.ximentang-02', `/claims/${code}/moves`, { verb: 'deliver', delivery })).toMatchObject({
      status: 200,
    });
    await seen(claim.getByText(delivery));
    await page.setViewportSize({ width: 390, height: 480 });
    await page.getByRole('button', { name: '返回' }).click();
    await seen(need);
    expect(await page.locator('.list').evaluate((list) => list.scrollTop)).toBe(at);
    await page.setViewportSize({ width: 390, height: 844 });
  });

  await step('what has ended is read when it is asked for', async () => {
    await page.getByText('已结束的需求').click();
    await seen(page.locator('details li', { hasText: '冬季征兵体检场地' }).getByText('已办结'));
  });

  await step('an activity is signed up to, after a reload too, and left', async () => {
    await face(/^活动/).click();
    await seen(activity.getByText('还有 120 个名额'));
    expect(await page.getByText('翠湖').count()).toBe(0);
    await picturedInBoth(page, 'activities');
    await activity.getByRole('button', { name: '报名' }).click();
    await seen(activity.getByText('已报名，到时直接来'));
    await seen(activity.getByText('还有 119 个名额'));
    await picturedInBoth(page, 'activities-joined');
    expect(await violations(page)).toEqual([]);
    await page.reload();
    await face(/^活动/).click();
    await activity.getByRole('button', { name: '退出报名' }).click();
    await seen(activity.getByText('还有 120 个名额'));
    await seen(activity.getByRole('button', { name: '报名', exact: true }));
    const { items } = await service.get(ACCOUNT, '/activities');
    expect(items.find((one: { code: string }) => one.code === 'act-01')).toMatchObject({ signedUp: false, taken: 0 });
  });

  await step('without a network the last rows stay, also over a reload, with the time of them', async () => {
    await page.evaluate('navigator.serviceWorker.ready.then(() => undefined)');
    await context.setOffline(true);
    await seen(page.getByText(/^没有网络，显示 \d\d:\d\d 的内容$/));
    expect(await activity.getByRole('button', { name: '报名' }).isDisabled()).toBe(true);
    await seen(activity.getByText('连上网络后可以报名、退出'));
    await picturedInBoth(page, 'activities-offline');
    expect(await violations(page)).toEqual([]);
    await page.reload();
    await seen(need.getByText('还差 6 份/天'));
    await seen(page.getByText(/^没有网络，显示 \d\d:\d\d 的内容$/));
    await context.setOffline(false);
    await page.getByText(/^没有网络/).waitFor({ state: 'detached' });
  });

  await step('where the service fails the rows stay, under what happened', async () => {
    await context.route('**/api/v1/needs?*', (route) => route.fulfill({ status: 500, body: '{}' }));
    await page.reload();
    await seen(page.getByRole('alert').getByRole('button', { name: '再试一次' }));
    await seen(need);
    await picturedInBoth(page, 'needs-error');
    await context.unroute('**/api/v1/needs?*');
    await page.getByRole('button', { name: '再试一次' }).click();
    await page.getByRole('alert').waitFor({ state: 'detached' });
  });

  expect(unexpected(person).filter((t) => !t.includes('500'))).toEqual([]);
  expect(person.strangers).toEqual([]);
});

it('where nobody has asked for anything the page says so', async () => {
  const person = await house.signIn(WITHOUT, { device: 'phone' });
  const { page } = person;
  await page.getByRole('link', { name: /^共建共治/ }).click();
  await seen(page.getByText('没有在办的需求'));
  await picturedInBoth(page, 'needs-empty');
  expect(await violations(page)).toEqual([]);
  await page.getByRole('button', { name: /^活动/ }).click();
  await seen(page.getByText('近期没有活动'));
  expect(await violations(page)).toEqual([]);
  expect([person.troubles, person.strangers]).toEqual([[], []]);
});

it('the sheet of all categories keeps the focus, closes by Esc, and gives it back', async () => {
  const { page, troubles } = await house.signIn(`grid.${CELL}`, { device: 'phone' });
  await page.goto(`${server.url}/field/#/report`);
  const opener = page.getByRole('button', { name: /全部 \d+ 类/ });
  await opener.click();
  const sheet = page.getByRole('dialog', { name: '这是什么事' });
  await sheet.getByRole('searchbox').fill('井盖');
  await seen(sheet.getByText('污水井盖'));
  await picturedInBoth(page, 'categories');
  expect(await violations(page)).toEqual([]);
  for (let n = 0; n < 12; n++) {
    await page.keyboard.press('Tab');
    // Past the last one it is the browser's own bar, never the page behind.
    expect(await page.evaluate('document.activeElement === document.body || document.activeElement.closest("dialog") !== null')).toBe(true);
  }
  await page.keyboard.press('Escape');
  await sheet.waitFor({ state: 'detached' });
  await page.locator('.cats button:focus', { hasText: /全部 \d+ 类/ }).waitFor();
  await opener.click();
  await sheet.getByRole('button', { name: '污水井盖' }).first().click();
  await seen(page.locator('.cat.on', { hasText: '污水井盖' }));
  expect(troubles).toEqual([]);
});
