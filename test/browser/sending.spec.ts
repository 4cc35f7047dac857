/** Who leads: three units decline, the subdistrict rules for the third time, the district makes a rule of it, and the next dispatch goes by it. */
import type { Locator, Page } from 'playwright';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startTestServer, type TestServer } from '../support/server.ts';
import { CELL, COMMUNITY, HERE, openHouse, SUBDISTRICT, type House, type Person } from './support/browser.ts';
import { outside, type Outside } from './support/outside.ts';
import { stepsOf } from './support/steps.ts';

/** 人行道破损: routine, so that no clock of it runs out here. */
const CATEGORY = 'C0299-01';
/** On duty round the clock, so that the hour of the test does not matter. */
const OWNER = { code: 'fengcheng-governance', name: '凤城街道综治中心' };
const DECLINERS = ['fengcheng-police', 'fengcheng-enforcement', 'north-sanitation'];
const RULING = '人行道由街道统一管护';

let server: TestServer;
let house: House;
let service: Outside;
const people = new Map<string, Person>();
const step = stepsOf(people);
const page = (who: string): Page => people.get(who)!.page;
const seen = (what: Locator) => what.first().waitFor({ state: 'visible' });
const button = (where: Page | Locator, name: string | RegExp) => where.getByRole('button', { name });
const part = (who: string, name: string) => page(who).getByRole('tab', { name });

beforeAll(async () => {
  server = await startTestServer({ pages: true });
  service = outside(server.url);
  house = await openHouse(server.url);
});
afterAll(async () => {
  await house?.close();
  await server?.stop();
});

const offices = { community: `community.${COMMUNITY}`, subdistrict: `subdistrict.${SUBDISTRICT}` };
async function coordinating(): Promise<{ id: string; number: string }> {
  const description = '人行道砖碎了一片，老人差点摔倒';
  const { id, number } = await service.report(`grid.${CELL}`, { category: CATEGORY, description, position: { ...HERE, accuracyM: 6 } });
  await service.move(offices.community, id, { verb: 'call' });
  await service.move(offices.subdistrict, id, { verb: 'accept' });
  return { id, number };
}
async function declinedThrice() {
  const incident = await coordinating();
  for (const unit of DECLINERS) {
    const sent = await service.move(offices.subdistrict, incident.id, { verb: 'dispatch', lead: { unit } });
    await service.move(`unit.${unit}`, incident.id, { verb: 'decline', assignment: sent.assignments.at(-1).id, reason: '不在我队职责内' });
  }
  return incident;
}

it('三次退单，三次裁定，一条规则，下一次派遣 (declined, ruled, a rule, the next dispatch)', async () => {
  await step('two rulings are older', async () => {
    for (let n = 0; n < 2; n++) {
      const { id } = await declinedThrice();
      await service.move(offices.subdistrict, id, { verb: 'arbitrate', unit: OWNER.code, ruling: RULING });
    }
  });
  const third = await declinedThrice();

  await step('the subdistrict finds the third on its list, with who declined and why, and rules', async () => {
    people.set('subdistrict', await house.signIn(offices.subdistrict, { device: 'desk', webGl: false }));
    const at = page('subdistrict');
    await at.goto(`${house.url}/centre/?view=responsibility`);
    const item = at.locator('.item', { hasText: third.number });
    await seen(item.getByText('不在我队职责内'));
    expect(await item.locator('.declines li').count()).toBe(3);
    await item.locator('select').selectOption(OWNER.code);
    await item.locator('textarea').fill(RULING);
    await button(item, '裁定').click();
    await seen(at.getByText('没有待裁定的事件'));
    expect(await service.get(offices.subdistrict, `/incidents/${third.id}`)).toMatchObject({
      arbitration: { state: 'ruled', unit: OWNER.code },
    });
  });

  await step('the proposal is there with its evidence; the subdistrict may read it only', async () => {
    const at = page('subdistrict');
    await part('subdistrict', '建议规则').click();
    const item = at.locator('#part-body .item', { hasText: OWNER.name });
    await seen(item.getByText(third.number));
    expect(await item.locator('.evidence li').count()).toBe(3);
    await seen(item.getByText('由区级值班人员答复'));
    expect(await button(item, '采纳为规则').count()).toBe(0);
  });

  await step('the district makes it a rule', async () => {
    people.set('district', await house.signIn('district.441802', { device: 'desk', webGl: false, theme: 'dark' }));
    const at = page('district');
    await at.goto(`${house.url}/centre/?view=responsibility`);
    await part('district', '建议规则').click();
    await button(at.locator('.item', { hasText: OWNER.name }), '采纳为规则').click();
    await seen(at.getByText('已采纳'));
    await part('district', '权责表').click();
    await seen(at.locator('.rule', { hasText: OWNER.name }).getByText(third.number));
  });

  const next = await coordinating();
  await step('the next dispatch names the rule, and one press sends the card as it is shown', async () => {
    const at = page('subdistrict');
    await at.goto(`${house.url}/centre/?incident=${next.id}&tab=dispatch`);
    await seen(at.locator('.card-run').getByText('按权责表'));
    await seen(at.locator('.card-run li', { hasText: OWNER.name }).getByText('主办', { exact: true }));
    await button(at, /^派遣 \d+ 队/).click();
    await seen(at.locator('article.incident header .tag', { hasText: '待签收' }));
    const { items } = await service.get(offices.subdistrict, `/incidents/${next.id}/moves`);
    const sent = items.at(-1);
    expect(sent).toMatchObject({ verb: 'dispatch', payload: { runCard: true } });
    expect(sent.payload.card.why[OWNER.code].zh).toMatch(/^按权责表：/);
    const [rule] = (await service.get('district.441802', '/responsibilities')).items;
    expect(sent.payload.card.rule).toBe(rule.id);
  });

  await step('the next alarm sends all that it shows in one line of the log', async () => {
    const at = page('subdistrict');
    const before = await service.get(offices.subdistrict, `/incidents/${next.id}`);
    await at.locator('#tab-dispatch').click();
    await seen(at.getByText('第 2 次出动'));
    await button(at, /^加派 \d+ 队/).click();
    await seen(at.getByText('第 3 次出动'));
    const after = await service.get(offices.subdistrict, `/incidents/${next.id}`);
    expect(after).toMatchObject({ alarm: 2, version: before.version + 1 });
    expect(after.assignments.length).toBeGreaterThan(before.assignments.length);
  });

  for (const [who, { troubles, strangers }] of people) expect([who, troubles, strangers]).toEqual([who, [], []]);
});
