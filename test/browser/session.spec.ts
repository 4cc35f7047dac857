/** 登录 (the session): wrong passwords, signing out, and a session that ends while somebody is typing. */
import { v7 as uuid } from 'uuid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PASSWORD, startTestServer, type TestServer } from '../support/server.ts';
import { CELL, COMMUNITY, fillSignIn, freshPages, HERE, openHouse, type House, type Person } from './support/browser.ts';
import { outside } from './support/outside.ts';

let service: TestServer;
let house: House;

beforeAll(async () => {
  freshPages();
  service = await startTestServer({ pages: true });
  house = await openHouse(service.url);
});
afterAll(async () => {
  await house?.close();
  await service?.stop();
});

/** The session ends behind the page's back, as when it runs out. */
async function endSession({ context }: Person): Promise<void> {
  const ended = await context.request.delete(`${service.url}/api/v1/sessions/current`, { headers: { origin: service.url } });
  expect(ended.status()).toBe(204);
}

describe('signing in', () => {
  it('says how many tries are left, and forgets them with the right password', async () => {
    const { page, context } = await house.visitor({ device: 'desk' });
    await page.getByRole('button', { name: '登录', exact: true }).click();
    await page.getByText('填上账号').waitFor();
    const left: number[] = [];
    for (const password of ['不是这个', '也不是这个']) {
      const answered = page.waitForResponse((r) => r.url().endsWith('/sessions'));
      await fillSignIn(page, `community.${COMMUNITY}`, password);
      expect((await answered).status()).toBe(401);
      const words = await page.getByText(/还可试 \d+ 次/).textContent();
      left.push(Number(/(\d+) 次/.exec(words ?? '')![1]));
    }
    expect(left[1]).toBe(left[0]! - 1);
    await fillSignIn(page, `community.${COMMUNITY}`, PASSWORD);
    await page.waitForURL('**/centre/**');
    await context.close();
  });

  it('leads each to the own page, and nobody to another', async () => {
    const { page, context } = await house.signIn('unit.fengcheng-police', { device: 'phone' });
    expect(new URL(page.url()).pathname).toBe('/unit/');
    await page.goto(`${service.url}/centre/`);
    await page.waitForURL('**/unit/**');
    await page.goto(`${service.url}/`);
    await page.waitForURL('**/unit/**');
    await context.close();
  });
});

describe('signing out', () => {
  it('closes every window of the session', async () => {
    const { page, context } = await house.signIn(`community.${COMMUNITY}`, { device: 'desk', webGl: false });
    const second = await context.newPage();
    await second.goto(`${service.url}/centre/`);
    await second.getByText('推送正常').waitFor();
    await page.getByRole('button', { name: '退出登录' }).click();
    await page.locator('#account').waitFor();
    await second.getByText('登录已过期').waitFor();
    await page.goto(`${service.url}/centre/`);
    await page.locator('#account').waitFor();
    await context.close();
  });
});

describe('a session that ends while somebody is typing', () => {
  it('in the centre: says so, and after signing in the form is open with every word', async () => {
    const { id } = await outside(service.url).report(`grid.${CELL}`, {
      category: 'C0102-02',
      description: '井盖响，键是 ' + uuid(),
      position: { ...HERE, accuracyM: 6 },
    });
    const person = await house.signIn(`community.${COMMUNITY}`, { device: 'desk', webGl: false });
    const { page } = person;
    await page.locator(`#row-${id}`).click();
    await page.getByRole('button', { name: '不予受理' }).click();
    await page.locator('#field-reason').fill('已经有人报过，正在修');
    await endSession(person);
    await page.getByText('登录已过期，请重新登录，填的内容还在').waitFor();
    await fillSignIn(page, `community.${COMMUNITY}`, PASSWORD);
    await page.locator('#field-reason').waitFor();
    expect(await page.locator('#field-reason').inputValue()).toBe('已经有人报过，正在修');
    await page.locator('[data-solid]').click();
    await page.locator('article.incident header .tag', { hasText: '不予受理' }).waitFor();
    await person.context.close();
  });

  it('on the phone: the report is a draft that waits', async () => {
    const person = await house.signIn(`grid.${CELL}`, { device: 'phone' });
    const { page } = person;
    await page.getByRole('link', { name: '上报' }).click();
    await page.locator('textarea').fill('桥头路灯不亮');
    await page.locator('.cat.on', { hasText: '路灯' }).waitFor();
    await page.getByText('在你的网格内').waitFor();
    await endSession(person);
    await page.getByText('登录已过期，请重新登录，填的内容还在').waitFor();
    await fillSignIn(page, `grid.${CELL}`, PASSWORD);
    await page.locator('textarea').waitFor();
    expect(await page.locator('textarea').inputValue()).toBe('桥头路灯不亮');
    await page.getByRole('button', { name: '上报', exact: true }).click();
    await page.locator('main li', { hasText: '路灯' }).getByText('待呼叫').waitFor();
    await person.context.close();
  });
});
