/** 推送可查: a ring on two devices that one answer stops, notices for those who must know, and the page that tells who had what when. */
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Locator, Page } from 'playwright';
import { startTestServer, type TestServer } from '../support/server.ts';
import { answerRing, CELL, COMMUNITY, HERE, openHouse, SUBDISTRICT, type House, type Person } from './support/browser.ts';
import { outside, type Outside } from './support/outside.ts';
import { stepsOf } from './support/steps.ts';

const LEAD = { code: 'fengcheng-enforcement', name: '凤城综合执法队' };
const AWAY = { code: 'fengcheng-police', name: '凤城派出所' };

let service: TestServer;
let house: House;
let at: Outside;
const people = new Map<string, Person>();
const step = stepsOf(people);
const page = (who: string): Page => people.get(who)!.page;
const seen = (what: Locator) => what.first().waitFor({ state: 'visible' });
const gone = (what: Locator) => what.first().waitFor({ state: 'hidden' });
const ring = (who: string) => page(who).locator('dialog.ring');

beforeAll(async () => {
  service = await startTestServer({ pages: true });
  house = await openHouse(service.url);
  at = outside(service.url);
});
afterAll(async () => {
  await house?.close();
  await service?.stop();
});

it('who was told what, when, on which device', async () => {
  const signIn = async (who: string, account: string, device: 'phone' | 'desk') =>
    people.set(who, await house.signIn(account, { device, webGl: false }));
  await signIn('phone', `unit.${LEAD.code}`, 'phone');
  await signIn('desk', `unit.${LEAD.code}`, 'desk');
  await signIn('subdistrict', `subdistrict.${SUBDISTRICT}`, 'desk');
  await signIn('grid', `grid.${CELL}`, 'phone');
  await seen(page('subdistrict').getByText('推送正常'));

  // 紧急, so that the subdistrict is told of the dispatch.
  const report = { category: 'C0102-02', description: '菜市场东门井盖翻起', position: { ...HERE, accuracyM: 6 }, level: 'R2' };
  const { id } = await at.report(`grid.${CELL}`, report);
  await at.move(`community.${COMMUNITY}`, id, { verb: 'call' });
  await at.move(`subdistrict.${SUBDISTRICT}`, id, { verb: 'accept' });
  const send = { verb: 'dispatch', level: 'R2', note: '露天井口', lead: { unit: LEAD.code }, assisting: [{ unit: AWAY.code }] };
  await at.move('district.441802', id, send);

  await step('both devices of the lead ring; an answer on one stops both', async () => {
    for (const who of ['phone', 'desk']) await seen(ring(who));
    await answerRing(page('phone'));
    await gone(ring('desk'));
  });

  const bell = page('subdistrict').locator('.bell');
  // The demo quarter has told the subdistrict of its own things: what counts is the row of this incident.
  const waiting = page('subdistrict').locator('.notices li:has(button.seen)');
  const dispatched = waiting.filter({ hasText: '已派遣，单位在响铃' });
  await step('the subdistrict sees the notice at the bell, and opens the incident from it', async () => {
    await seen(bell.filter({ hasText: /[1-9]/ }));
    await bell.click();
    await seen(dispatched.getByText('看派得够不够'));
    await dispatched.locator('button.open').click();
    await seen(page('subdistrict').locator('article.incident'));
  });

  await step('the page of evidence has both devices with their stages, and says whom the ring did not reach', async () => {
    const drawer = page('subdistrict').locator('article.incident');
    await drawer.getByRole('tab', { name: '推送' }).click();
    const lead = drawer.locator('tbody').filter({ hasText: LEAD.name });
    await expect.poll(() => lead.locator('tr.device').count()).toBe(2);
    // Sent, delivered and shown, each as an offset; answered on the one, fallen silent on the other.
    for (const tone of ['answered', 'stopped']) {
      const cells = await lead.locator(`tr.device.${tone} td`).allTextContents();
      expect(cells.slice(1, 4).map((text) => /^\+\d/.test(text.trim()))).toEqual([true, true, true]);
    }
    expect(await lead.locator('tr.story').allTextContents()).toEqual([
      expect.stringContaining('停响：已签收'),
      expect.stringContaining('停响：已签收'),
    ]);
    const away = drawer.locator('tbody').filter({ hasText: AWAY.name });
    await seen(away.locator('tr.device.nobody').getByText('谁也没收到，等设备上线'));
    await seen(drawer.locator('.hint').filter({ hasText: `${AWAY.name} 没有在线设备，谁也没收到：请打电话通知` }));
    // No dead end: who passes it on, and a number that somebody found out is there for the next one.
    await seen(drawer.getByText(/没有登记电话，请.+值班转告/));
    await drawer.locator('form.register input').fill('0763-3990001');
    await drawer.locator('form.register button').click();
    await seen(drawer.locator('a[href="tel:0763-3990001"]'));
    await seen(drawer.locator('section').filter({ hasText: '同时告知' }).getByText('凤城街道').first());
  });

  await step('seen by one press: the bell counts what is left, and the evidence says on which device', async () => {
    await dispatched.locator('button.seen').click();
    await gone(dispatched);
    await expect.poll(async () => Number(await bell.textContent()) - (await waiting.count())).toBe(0);
    await seen(page('subdistrict').locator('section').filter({ hasText: '看过的' }).getByText('已派遣，单位在响铃'));
    await seen(page('subdistrict').locator('article.incident tr.device.answered').last());
  });

  await step('the unit is urged: the strip above its list, on both devices, until one of them has seen it', async () => {
    await at.move('district.441802', id, { verb: 'urge', note: '现场怎么样' });
    await page('phone').evaluate("location.hash = '#/'");
    for (const who of ['phone', 'desk']) await seen(page(who).locator('.notices li').filter({ hasText: '有人催办' }));
    await page('desk').locator('.notices li button.seen').click();
    for (const who of ['phone', 'desk']) await gone(page(who).locator('.notices li'));
  });

  await step('the grid worker has a badge at the tasks, and the notice in them', async () => {
    const other = await at.report(`grid.${CELL}`, { ...report, description: '另一处井盖', level: undefined });
    await at.move(`community.${COMMUNITY}`, other.id, { verb: 'requestVerification' });
    await at.move(`community.${COMMUNITY}`, other.id, { verb: 'urge', note: '去看一下' });
    await expect.poll(() => page('grid').locator('.tab .badge').textContent()).toBe('1');
    await page('grid').getByRole('link', { name: '待办' }).click();
    await seen(page('grid').locator('.notices li').filter({ hasText: '有人催办' }));
    await page('grid').locator('.notices li button.seen').click();
    await gone(page('grid').locator('.notices li'));
  });

  for (const [who, person] of people) {
    expect(person.troubles, `the browser of ${who} complains of nothing`).toEqual([]);
    expect(person.frames.join('\n'), `no names, accounts or words in the frames of ${who}`).not.toMatch(
      /\p{Script=Han}|grid\.|community\.|subdistrict\.|unit\./u,
    );
  }
});
