/**
 * 关着也响 (rung while closed): the unit's page switches web push on, its worker shows what is pushed, one answer quiets every device, and what was pressed without a
 * network has both of its times. Of a check the grid worker's closed page hears the same way.
 *
 * Headless Chromium has no push service to subscribe at and denies every notification: permission and subscription are stand-ins that lead to a push service of the test,
 * and the worker is handed the push by the browser's own developer tools. That a real push service wakes a real phone, and the notification on its screen, are not shown here.
 */
import type { CDPSession, Locator, Page } from 'playwright';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type FakeBrowser, PushService } from '../support/push-service.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { answerRing, CELL, COMMUNITY, HERE, openHouse, SUBDISTRICT, type House, type Person } from './support/browser.ts';
import { outside, type Outside } from './support/outside.ts';
import { photo } from './support/photo.ts';
import { stepsOf } from './support/steps.ts';

const LEAD = { code: 'fengcheng-enforcement', name: '凤城综合执法队' };

let product: TestServer;
let house: House;
let at: Outside;
let service: PushService;
const people = new Map<string, Person>();
const step = stepsOf(people);
const page = (who: string): Page => people.get(who)!.page;
const seen = (what: Locator) => what.first().waitFor({ state: 'visible' });
const gone = (what: Locator) => what.first().waitFor({ state: 'hidden' });
const ring = (who: string) => page(who).locator('dialog.ring');
const line = (who: string, name: string) => page(who).locator('.check li').filter({ hasText: name });

beforeAll(async () => {
  product = await startTestServer({ pages: true, pushAnywhere: true });
  house = await openHouse(product.url);
  at = outside(product.url);
  service = await PushService.start((await at.get(`unit.${LEAD.code}`, '/push/key')).publicKey);
});
afterAll(async () => {
  await house?.close();
  await product?.stop();
  await service?.stop();
});

/** What the browser's push service would give. */
const standIn = ({ subscription }: FakeBrowser) => `
  Object.defineProperty(Notification, 'permission', { get: () => 'granted' });
  PushManager.prototype.getSubscription = async () => null;
  PushManager.prototype.subscribe = async () => ({
    endpoint: ${JSON.stringify(subscription.endpoint)},
    options: { applicationServerKey: null },
    toJSON: () => (${JSON.stringify(subscription)}),
    unsubscribe: async () => true,
  });`;

/** Signs in at a phone whose person has allowed notifications. */
async function signInWithPush(who: string, browser: FakeBrowser, account = `unit.${LEAD.code}`): Promise<Person> {
  const person = await house.visitor({ device: 'phone' });
  people.set(who, person);
  await person.context.addInitScript(standIn(browser));
  await person.page.locator('#account').fill(account);
  await person.page.locator('#password').fill('test-password');
  await person.page.locator('form button.big').click();
  await person.page.waitForURL(/\/(unit|field)\//);
  return person;
}

/** Hands pushes to the page's worker, as the browser does once it has decrypted them. */
async function pusher(of: Page): Promise<(message: object) => Promise<void>> {
  const session: CDPSession = await of.context().newCDPSession(of);
  const registration = new Promise<string>((resolve) =>
    session.on('ServiceWorker.workerRegistrationUpdated', ({ registrations }) => {
      const own = registrations.find((r) => r.scopeURL.endsWith('/unit/') && !r.isDeleted);
      if (own) resolve(own.registrationId);
    }),
  );
  await session.send('ServiceWorker.enable');
  const registrationId = await registration;
  return async (message) => {
    await session.send('ServiceWorker.deliverPushMessage', { origin: product.url, registrationId, data: JSON.stringify(message) });
  };
}

async function dispatched(): Promise<{ id: string; assignment: string }> {
  const report = { category: 'C0102-02', description: '菜市场东门井盖翻起', position: { ...HERE, accuracyM: 6 }, level: 'R2' };
  const { id } = await at.report(`grid.${CELL}`, report);
  await at.move(`community.${COMMUNITY}`, id, { verb: 'call' });
  await at.move(`subdistrict.${SUBDISTRICT}`, id, { verb: 'accept' });
  const send = { verb: 'dispatch', level: 'R2', note: '露天井口', lead: { unit: LEAD.code } };
  const { assignments } = await at.move('district.441802', id, send);
  return { id, assignment: assignments[0].id };
}

it('a unit is rung with its page closed, answers, works without a network, and the logs have both times', async () => {
  const phone = service.browser('phone');
  await signInWithPush('phone', phone);
  await page('phone').evaluate('navigator.serviceWorker.ready.then(() => undefined)');

  await step('the page opens with names, never with codes', async () => {
    await seen(page('phone').getByRole('heading', { name: LEAD.name }));
    await seen(page('phone').getByText('没有要办的'));
  });

  await step('the check at the start of a shift says that web push is on, and that a push comes through', async () => {
    await page('phone').evaluate("location.hash = '#/check'");
    await seen(line('phone', '关着也提醒').getByText('开着，页面关了也会推送'));
    await page('phone').getByRole('button', { name: '试听铃声' }).click();
    const { message } = await phone.next();
    expect(message.type).toBe('test');
    await seen(line('phone', '关着也提醒').getByText('正在试推送'));
    await (
      await pusher(page('phone'))
    )(message);
    await seen(line('phone', '关着也提醒').getByText('试过，推送能到'));
  });

  await step('the session ends and the person signs in again in place: the device is off, then on again', async () => {
    const works = line('phone', '关着也提醒').getByText('试过，推送能到');
    await people.get('phone')!.context.request.delete(`${product.url}/api/v1/sessions/current`, { headers: { origin: product.url } });
    await seen(page('phone').getByRole('dialog', { name: '登录已过期' }));
    await gone(works);
    await page('phone').locator('#again-password').fill('test-password');
    await page('phone').getByRole('dialog').getByRole('button', { name: '登录', exact: true }).click();
    // That the service knows the device again is seen by the next push.
    await seen(works);
  });

  const { id, assignment } = await step2('the page is closed, the unit is dispatched, and the phone is pushed to', async () => {
    // Not signed out: the person put the phone away.
    await page('phone').goto('about:blank');
    const sent = await dispatched();
    expect((await phone.next()).message).toMatchObject({ type: 'ring', assignment: sent.assignment, lang: 'zh-CN' });
    return sent;
  });

  await step('the page rings when it is opened', async () => {
    await page('phone').goto(`${product.url}/unit/`);
    await seen(ring('phone'));
  });

  await step('an answer on another device quiets this one, and takes back the push', async () => {
    people.set('desk', await house.signIn(`unit.${LEAD.code}`, { device: 'desk', webGl: false }));
    await seen(ring('desk'));
    await answerRing(page('desk'));
    await gone(ring('phone'));
    await expect.poll(() => phone.received.at(-1)?.message.type).toBe('quiet');
  });

  await step('the centre sees the web push beside the pages', async () => {
    people.set('centre', await house.signIn('district.441802', { device: 'desk', webGl: false }));
    await page('centre').locator('#queue .item', { hasText: '井盖' }).first().click();
    await page('centre').locator('#tab-push').click();
    const row = page('centre').locator('tbody').filter({ hasText: LEAD.name }).locator('tr.device', { hasText: '网页推送' });
    await seen(row);
    await seen(row.locator('td').nth(1).getByText(/^\+\d/));
  });

  await step('what was pressed in a tunnel stands in both logs with the time of the device and the time of receipt', async () => {
    const deviceAt = new Date(Date.now() - 7 * 60_000).toISOString();
    await at.move(`unit.${LEAD.code}`, id, { verb: 'depart', assignment, deviceAt });
    await page('phone').evaluate(`location.hash = '#/task/${id}'`);
    await seen(
      page('phone')
        .locator('.log li')
        .filter({ hasText: '出发' })
        .getByText(/设备 \d\d:\d\d · 收到 \d\d:\d\d/),
    );
    await page('centre').locator('#tab-progress').click();
    await seen(
      page('centre')
        .locator('article.incident .log li')
        .filter({ hasText: '出发' })
        .getByText(/设备 \d\d:\d\d · 收到 \d\d:\d\d/),
    );
  });

  await step('before, during and after are asked for and kept apart', async () => {
    const group = (name: string) =>
      page('phone')
        .locator('.group')
        .filter({ has: page('phone').getByRole('heading', { name }) });
    await group('处置前')
      .locator('input[type=file]')
      .setInputFiles(await photo('before.jpg'));
    await seen(page('phone').getByText('按“我已到场”时一起送出'));
    await seen(group('处置前').getByText('已送到'));
    await page('phone').locator('.foot button.big', { hasText: '我已到场' }).click();
    await seen(group('处置前').locator('li img'));
    await seen(page('phone').getByText('办完拍一张处置后'));
    await group('过程')
      .locator('input[type=file]')
      .setInputFiles(await photo('during.jpg'));
    await seen(group('过程').locator('li img'));
    await expect
      .poll(async () => (await at.get('district.441802', `/incidents/${id}`)).photos.map((p: { kind: string }) => p.kind))
      .toEqual(['before', 'during']);
  });

  await step('a press without a network waits, and goes out by itself', async () => {
    await people.get('phone')!.context.setOffline(true);
    await seen(page('phone').getByText('没有网络，照常按'));
    await page('phone').locator('.foot button.big', { hasText: '处置完成' }).click();
    await page('phone').getByRole('dialog').getByRole('button', { name: '确认完成' }).click();
    await seen(page('phone').getByText('你们办完了'));
    await people.get('phone')!.context.setOffline(false);
    await expect.poll(async () => (await at.get('district.441802', `/incidents/${id}`)).state, { timeout: 60_000 }).toBe('disposed');
  });

  await step('signing out takes the device off', async () => {
    const left = () => product.database.db.pool.query('select from push_subscription where ended_at is null').then((r) => r.rowCount);
    expect(await left()).toBe(1);
    await page('phone').evaluate("location.hash = '#/'");
    await page('phone').getByRole('button', { name: '设置' }).click();
    await page('phone').getByRole('button', { name: '退出登录' }).click();
    await page('phone').locator('#account').waitFor();
    await expect.poll(left).toBe(0);
  });

  await step('a check that is asked reaches the grid worker with the page closed, and stands there when it is opened', async () => {
    const grid = service.browser('grid');
    await signInWithPush('grid', grid, `grid.${CELL}`);
    await page('grid').evaluate('navigator.serviceWorker.ready.then(() => undefined)');
    await page('grid').evaluate("location.hash = '#/me'");
    await seen(page('grid').getByText('开着，页面关了也会推送'));
    await page('grid').goto('about:blank');
    await at.move(`subdistrict.${SUBDISTRICT}`, id, { verb: 'assignCheck' });
    const { message } = await grid.next();
    expect(message).toMatchObject({ type: 'notice', notice: 'checkAsked', incident: id, lang: 'zh-CN' });
    expect(JSON.stringify(message)).not.toMatch(/井盖|菜市场/);
    await page('grid').goto(`${product.url}/field/#/tasks`);
    await seen(page('grid').locator('.list li', { hasText: '井盖已处置，去看一眼' }));
    // The task says it; the notice of it is not a second row.
    expect(await page('grid').locator('.list li', { hasText: '处置完，请去看一眼' }).count()).toBe(0);
  });
  expect(service.faults).toEqual([]);
});

/** A step that gives something on. */
async function step2<T>(name: string, does: () => Promise<T>): Promise<T> {
  let given: T | undefined;
  await step(name, async () => void (given = await does()));
  return given!;
}
