/** Who leads: three units decline, the subdistrict rules for the third time, the district makes a rule of it, and the next dispatch goes by it. */
import type { Locator, Page } from 'playwright';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { KEY_SHEET } from '../../web/centre/keys/keys.ts';
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

  await step('every key of the help sheet does what the sheet says, and the focus is never lost', async () => {
    const lead = (await service.get(offices.subdistrict, `/incidents/${next.id}`)).assignments.find(
      (a: { role: string }) => a.role === 'lead',
    );
    for (const verb of ['acknowledge', 'arrive']) await service.move(`unit.${lead.unit}`, next.id, { verb, assignment: lead.id });
    await everyKey(page('subdistrict'), next.id);
  });

  for (const [who, { troubles, strangers }] of people) expect([who, troubles, strangers]).toEqual([who, [], []]);
});

type KeyName = (typeof KEY_SHEET)[number]['name'];

/** Walks the sheet from top to bottom; `id` is an incident that is being handled. */
async function everyKey(at: Page, id: string): Promise<void> {
  const press = (key: string) => at.keyboard.press(key);
  const focused = () =>
    at.evaluate<string>('document.activeElement === document.body ? "" : document.activeElement.id || document.activeElement.className');
  const drawer = at.locator('article.incident');
  const shown = (what: string) => at.locator(what).waitFor({ state: 'visible' });
  const gone = (what: string) => at.locator(what).waitFor({ state: 'hidden' });
  const query = (name: string) => new URL(at.url()).searchParams.get(name);
  /** Opens its form, and Esc goes back to the button or the menu that has it. */
  const form = (key: string, word: string) => async () => {
    const heading = drawer.locator('.acts h3', { hasText: word });
    await press(key);
    await heading.waitFor();
    await press('Escape');
    // The first closes a calendar that came with its field.
    const closed = await heading.waitFor({ state: 'hidden', timeout: 2_000 }).then(
      () => true,
      () => false,
    );
    if (!closed) await press('Escape');
    await heading.waitFor({ state: 'hidden' });
    await expect.poll(() => at.evaluate<boolean>('document.activeElement.matches(".acts button")')).toBe(true);
  };
  const does: Record<KeyName, () => Promise<void>> = {
    async walk() {
      await press('j');
      await expect.poll(focused).toMatch(/^row-/);
      const first = await focused();
      await press('j');
      await expect.poll(focused).not.toBe(first);
      await press('k');
      await expect.poll(focused).toBe(first);
    },
    async open() {
      await at.locator(`#row-${id}`).focus();
      await press('Enter');
      await drawer.waitFor();
    },
    async close() {
      await press('Escape');
      await gone('article.incident');
      await expect.poll(focused).toBe(`row-${id}`);
      await press('Enter');
      await drawer.waitFor();
    },
    async tabs() {
      for (const [key, tab] of ['progress', 'deadline', 'dispatch', 'push', 'repeats'].entries()) {
        await press(String(key + 1));
        await shown(`#tab-${tab}[aria-selected=true]`);
      }
      await press('1');
    },
    async solid() {
      await press('Control+Enter');
      await drawer.locator('.acts h3', { hasText: '催办' }).waitFor();
      await press('Escape');
    },
    async report() {
      await press('c');
      await shown('form.report');
      await expect.poll(() => at.evaluate<string>('document.activeElement.tagName')).toBe('TEXTAREA');
      await press('Escape');
      await gone('form.report');
      await at.locator(`#row-${id}`).focus();
      await press('Enter');
      await drawer.waitFor();
    },
    async dispatch() {
      await press('d');
      await shown('#tab-dispatch[aria-selected=true]');
    },
    addUnit: form('a', '加派'),
    urge: form('u', '催办'),
    regrade: form('g', '改级别'),
    extend: form('e', '申请延期'),
    suspend: form('h', '挂账'),
    async pick() {
      await press('Escape');
      await gone('article.incident');
      await press('x');
      await at.getByText('已选 1 件').first().waitFor();
    },
    async pickOn() {
      const isFirst = (await at.locator('#queue .item').first().getAttribute('id')) === `row-${id}`;
      await press(isFirst ? 'Shift+J' : 'Shift+K');
      await at.getByText('已选 2 件').first().waitFor();
    },
    async batch() {
      await press('b');
      await shown('section.panel');
      await press('Escape');
      await gone('section.panel');
      await press('Escape');
      await at.getByText('已选 2 件').first().waitFor({ state: 'hidden' });
    },
    async turn() {
      await press('w');
      await expect.poll(() => query('turn')).toBe('mine');
      await press('w');
      await expect.poll(() => query('turn')).toBeNull();
    },
    async fly() {
      await press('m');
      await drawer.waitFor();
      await press('Escape');
      await gone('article.incident');
    },
    async subdistrict() {
      await press(']');
      await expect.poll(() => query('subdistrict')).toMatch(/^\d{9}$/);
      await press('[');
      await expect.poll(() => query('subdistrict')).toBeNull();
    },
    async filter() {
      await press('f');
      await shown('#queue-filters');
      await press('f');
      await gone('#queue-filters');
      await expect.poll(focused).not.toBe('');
    },
    async find() {
      await press('/');
      await expect.poll(() => at.evaluate<string>('document.activeElement.type')).toBe('search');
      await at.keyboard.type('jk?');
      await press('Escape');
      await expect.poll(() => at.locator('header input[type=search]').inputValue()).toBe('');
    },
    async replay() {
      await press('r');
      await shown('.replay .banner');
    },
    async replayKeys() {
      await at.goto(`${house.url}/centre/?replay=${new Date(Date.now() - 1_800_000).toISOString().slice(0, 16)}Z`);
      await at.locator('.log li button').first().waitFor();
      // By the move that it stands at: several are of the same second.
      const hand = () => at.locator('.log li:has([aria-current=step])').getAttribute('aria-posinset');
      await press('ArrowRight');
      const there = await hand();
      await press('ArrowRight');
      await expect.poll(hand).not.toBe(there);
      await press('ArrowLeft');
      await expect.poll(hand).toBe(there);
      await press('Space');
      await expect.poll(hand).not.toBe(there);
      await press('r');
      await gone('.replay .banner');
    },
    async theme() {
      const theme = () => at.locator('html').getAttribute('data-theme');
      const before = await theme();
      await press('t');
      await expect.poll(theme).not.toBe(before);
      await press('t');
      await expect.poll(theme).toBe(before);
    },
    async help() {
      await at.locator(`#row-${id}`).focus();
      await press('?');
      await shown('dialog.sheet[open]');
      await press('Escape');
      await gone('dialog.sheet');
      await expect.poll(focused).toBe(`row-${id}`);
    },
  };
  await at.goto(`${house.url}/centre/`);
  await at.locator(`#row-${id}`).waitFor();
  await at.locator('#queue').focus();
  for (const { name } of KEY_SHEET) {
    await does[name]().catch((error: unknown) => {
      throw new Error(`${name}: ${(error as Error).message}`, { cause: error });
    });
  }
}
