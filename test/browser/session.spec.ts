/** 登录 (the session): wrong passwords, signing out, and a session that ends while somebody is typing. */
import type { Page } from 'playwright';
import { v7 as uuid } from 'uuid';
import { describe, expect, it } from 'vitest';
import { PASSWORD } from '../support/server.ts';
import { CELL, COMMUNITY, fillSignIn, HERE, SUBDISTRICT, type Person } from './support/browser.ts';
import { looksRight } from './support/looks-right.ts';
import { outside } from './support/outside.ts';
import { useHouse } from './support/use-house.ts';

const stand = useHouse();

/** The session ends behind the page's back, as when it runs out. */
async function endSession({ context }: Person): Promise<void> {
  const ended = await context.request.delete(`${stand.service.url}/api/v1/sessions/current`, { headers: { origin: stand.service.url } });
  expect(ended.status()).toBe(204);
}

describe('signing in', () => {
  it('says how many tries are left, and forgets them with the right password', async () => {
    const { page, context } = await stand.house.visitor({ device: 'desk' });
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
    const { page, context } = await stand.house.signIn('unit.fengcheng-police', { device: 'phone' });
    expect(new URL(page.url()).pathname).toBe('/unit/');
    await page.goto(`${stand.service.url}/centre/`);
    await page.waitForURL('**/unit/**');
    await page.goto(`${stand.service.url}/`);
    await page.waitForURL('**/unit/**');
    await context.close();
  });
});

describe('signing out', () => {
  it('closes every window of the session', async () => {
    const { page, context } = await stand.house.signIn(`community.${COMMUNITY}`, { device: 'desk', webGl: false });
    const second = await context.newPage();
    await second.goto(`${stand.service.url}/centre/`);
    await second.getByText('推送正常').waitFor();
    await page.getByRole('button', { name: '退出登录' }).click();
    await page.locator('#account').waitFor();
    // The other window is asked where it is: one may have been typing there.
    await second.getByRole('dialog', { name: '登录已过期' }).waitFor();
    await page.goto(`${stand.service.url}/centre/`);
    await page.locator('#account').waitFor();
    await context.close();
  });

  it('leaves nothing to have expired: a page that is opened by its address then asks to sign in, and a session that ran out says so', async () => {
    const person = await stand.house.signIn(`community.${COMMUNITY}`, { device: 'phone', webGl: false });
    const { page, context } = person;
    await page.getByText('推送正常').waitFor({ state: 'attached' });
    await page.getByRole('button', { name: '退出登录' }).click();
    await page.locator('#account').waitFor();
    expect(await page.locator('.strip').count()).toBe(0);
    await page.goto(`${stand.service.url}/centre/?view=figures`);
    await page.getByText('请先登录，再看这一页').waitFor();
    await looksRight(page, 'sign-in-first');
    await fillSignIn(page, `community.${COMMUNITY}`, PASSWORD);
    await page.waitForURL('**/centre/?view=figures');
    await page.goto('about:blank');
    await endSession(person);
    await page.goto(`${stand.service.url}/centre/`);
    await page.getByText('登录已过期，请重新登录').waitFor();
    await context.close();
  });
});

describe('signing out without a network', () => {
  it('shows nothing of the person any more, asks about what was not sent, and ends the session once the service is reached', async () => {
    const { page, context } = await stand.house.signIn(`grid.${CELL}`, { device: 'phone' });
    await page.getByRole('link', { name: '上报' }).click();
    await page.locator('textarea').fill('燃气味很重，没写完');
    await page.getByText('已自动存草稿').waitFor();
    await page.goto(`${stand.service.url}/field/#/me`);
    await page.evaluate('navigator.serviceWorker.ready.then(() => 0)');
    await context.setOffline(true);
    await page.getByRole('button', { name: '退出登录' }).click();
    const question = page.getByRole('dialog', { name: '还有 1 件没送出' });
    await looksRight(page, 'field-leave');
    await question.getByRole('button', { name: '仍然退出' }).click();
    const out = page.getByRole('heading', { name: '已退出，等网络收尾' });
    await out.waitFor();
    await looksRight(page, 'signed-out-offline');
    await page.getByRole('button', { name: '再试一次' }).click();
    await page.getByText('还是连不上').waitFor();
    // The worker opens the page without a network; the person is not in it.
    await page.reload();
    await out.waitFor();
    expect(await page.locator('body').textContent()).not.toContain('燃气');
    await context.setOffline(false);
    await page.waitForURL(`${stand.service.url}/`);
    await page.locator('#account').waitFor();
    expect((await context.request.get(`${stand.service.url}/api/v1/me`)).status()).toBe(401);
    await fillSignIn(page, `grid.${CELL}`, PASSWORD);
    await page.waitForURL('**/field/**');
    await page.getByText('草稿 · ').waitFor();
    await context.close();
  });
});

describe('another person on the same device', () => {
  it('the other window becomes theirs too; what was written there waits for whoever wrote it', async () => {
    const person = await stand.house.signIn(`grid.${CELL}`, { device: 'phone' });
    const { page, context } = person;
    await page.getByRole('link', { name: '上报' }).click();
    await page.locator('textarea').fill('栏杆松了，写到一半');
    await page.getByText('已自动存草稿').waitFor();
    const second = await context.newPage();
    await second.goto(`${stand.service.url}/field/#/me`);
    await second.getByRole('button', { name: '退出登录' }).click();
    await second.getByRole('button', { name: '仍然退出' }).click();
    await fillSignIn(second, 'unit.fengcheng-police', PASSWORD);
    await second.waitForURL('**/unit/**');
    await page.waitForURL('**/unit/**');

    await endSession(person);
    await page.goto(`${stand.service.url}/?ended=1`);
    await fillSignIn(page, `grid.${CELL}`, PASSWORD);
    await page.waitForURL('**/field/**');
    await page.getByText('草稿 · ').waitFor();
    await context.close();
  });
});

describe('a session that ends while somebody is typing', () => {
  const question = (page: Page) => page.getByRole('dialog', { name: '登录已过期' });
  async function signInAgain(page: Page, password = PASSWORD): Promise<void> {
    await page.locator('#again-password').fill(password);
    await question(page).getByRole('button', { name: '登录', exact: true }).click();
  }

  it('in the centre: asks where one is; every word is there, and the page was never left', async () => {
    const { id } = await outside(stand.service.url).report(`grid.${CELL}`, {
      category: 'C0102-02',
      description: '井盖响，键是 ' + uuid(),
      position: { ...HERE, accuracyM: 6 },
    });
    const person = await stand.house.signIn(`community.${COMMUNITY}`, { device: 'desk', webGl: false });
    const { page } = person;
    await page.locator(`#row-${id}`).click();
    await page.getByRole('button', { name: '不予受理' }).click();
    await page.locator('#field-reason').fill('已经有人报过，正在修');
    const loads = person.loads();
    await endSession(person);
    await question(page).getByText('填的内容还在', { exact: false }).waitFor();
    expect(await page.locator('#again-account').inputValue()).toBe(`community.${COMMUNITY}`);
    await signInAgain(page, '不是这个');
    await question(page)
      .getByText(/还可试 \d+ 次/)
      .waitFor();
    await signInAgain(page);
    await question(page).waitFor({ state: 'hidden' });
    expect(await page.locator('#field-reason').inputValue()).toBe('已经有人报过，正在修');
    // One goes on typing where one was.
    expect(await page.evaluate('document.activeElement.id')).toBe('field-reason');
    await page.getByText('推送正常').waitFor();
    await page.locator('[data-solid]').click();
    await page.locator('article.incident header .tag', { hasText: '不予受理' }).waitFor();
    expect(person.loads()).toBe(loads);
    await person.context.close();
  });

  it('what was pressed after it had ended goes out by itself, once', async () => {
    const api = outside(stand.service.url);
    const { id } = await api.report(`grid.${CELL}`, { category: 'C0102-02', description: '井盖又响', position: { ...HERE, accuracyM: 6 } });
    // Without a socket the page learns of it by the press alone.
    const person = await stand.house.signIn(`community.${COMMUNITY}`, { device: 'desk', webGl: false, deaf: true });
    const { page } = person;
    await page.locator(`#row-${id}`).click();
    await page.getByRole('button', { name: '不予受理' }).click();
    await page.locator('#field-reason').fill('不归这里管');
    await endSession(person);
    await page.locator('[data-solid]').click();
    await question(page).waitFor();
    await signInAgain(page);
    await page.locator('article.incident header .tag', { hasText: '不予受理' }).waitFor();
    const { items } = await api.get(`community.${COMMUNITY}`, `/incidents/${id}/moves`);
    expect(items.map((m: { verb: string }) => m.verb)).toEqual(['report', 'reject']);
    await person.context.close();
  });

  it('may be put off: a strip stays, nothing asks again by itself, and the next press does', async () => {
    const api = outside(stand.service.url);
    const { id } = await api.report(`grid.${CELL}`, { category: 'C0102-02', description: '井盖还响', position: { ...HERE, accuracyM: 6 } });
    const person = await stand.house.signIn(`community.${COMMUNITY}`, { device: 'desk', webGl: false });
    const { page } = person;
    await page.locator(`#row-${id}`).click();
    await endSession(person);
    await question(page).waitFor();
    await page.keyboard.press('Escape');
    await question(page).waitFor({ state: 'hidden' });
    await page.getByText('登录已过期，现在看到的不再更新').waitFor();
    // Esc answered the question, and closed nothing under it.
    await page.locator('article.incident').waitFor();
    await page.getByRole('button', { name: '呼叫街道' }).click();
    await question(page).waitFor();
    await signInAgain(page);
    await page.locator('article.incident header .tag', { hasText: '待统筹' }).waitFor();
    await person.context.close();
  });

  it('on the phone: the report goes on where it was', async () => {
    const person = await stand.house.signIn(`grid.${CELL}`, { device: 'phone' });
    const { page } = person;
    await page.getByRole('link', { name: '上报' }).click();
    await page.locator('textarea').fill('桥头路灯不亮');
    await page.locator('.cat.on', { hasText: '路灯' }).waitFor();
    await page.getByText('在你的网格内').waitFor();
    await endSession(person);
    await question(page).waitFor();
    await signInAgain(page);
    await question(page).waitFor({ state: 'hidden' });
    expect(await page.locator('textarea').inputValue()).toBe('桥头路灯不亮');
    await page.getByRole('button', { name: '上报', exact: true }).click();
    await page.locator('main li', { hasText: '路灯' }).getByText('待呼叫').waitFor();
    await person.context.close();
  });

  it('on the phone, opened again without a network: what was written is there', async () => {
    const person = await stand.house.signIn(`grid.${CELL}`, { device: 'phone' });
    const { page, context } = person;
    await page.evaluate('navigator.serviceWorker.ready.then(() => undefined)');
    await page.waitForFunction('navigator.serviceWorker.controller !== null');
    await page.getByRole('link', { name: '上报' }).click();
    await page.locator('textarea').fill('护栏缺了一根');
    await page.getByText('已自动存草稿').waitFor();
    await endSession(person);
    await question(page).getByRole('button', { name: '先看着，稍后登录' }).click();
    // The phone takes the page away, in a street without a network.
    await page.close();
    await context.setOffline(true);
    const again = await context.newPage();
    await again.goto(`${stand.service.url}/field/`);
    await again.getByText('草稿 · ').waitFor();
    await again.getByRole('link', { name: '接着写' }).click();
    await expect.poll(() => again.locator('textarea').inputValue()).toBe('护栏缺了一根');
    await context.close();
  });

  it('at the unit: nothing rings while nobody is signed in, and it rings again after', async () => {
    const api = outside(stand.service.url);
    const person = await stand.house.signIn('unit.north-drainage', { device: 'phone' });
    const { page } = person;
    await page.getByText('北部排水管护队').first().waitFor();
    const { id } = await api.report(`grid.${CELL}`, { category: 'C0102-01', description: '井盖翻起', position: { ...HERE, accuracyM: 6 } });
    await api.move(`community.${COMMUNITY}`, id, { verb: 'call' });
    await api.move(`subdistrict.${SUBDISTRICT}`, id, { verb: 'accept' });
    await api.move(`subdistrict.${SUBDISTRICT}`, id, { verb: 'dispatch', lead: { unit: 'north-drainage' } });
    const ring = page.locator('dialog.ring');
    await ring.waitFor();
    await endSession(person);
    await question(page).waitFor();
    await ring.waitFor({ state: 'hidden' });
    await signInAgain(page);
    await ring.waitFor();
    await person.context.close();
  });
});
