/** 日历与时限 (calendar and limits): a day is made a holiday on the page, and the deadline of an open incident moves in the drawer. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bumpSettings } from '../../src/db/settings-version.ts';
import { dayTime } from '../../web/shared/time.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { CELL, HERE, openHouse, type House } from './support/browser.ts';
import { outside, type Outside } from './support/outside.ts';

const OFFICE = 'district.441802';
const CHINA = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Asia/Shanghai', dateStyle: 'short', timeStyle: 'short' });
const chinaTime = (at: string) => CHINA.format(new Date(at));

let service: TestServer;
let house: House;
let behind: Outside;

beforeAll(async () => {
  service = await startTestServer({ pages: true });
  house = await openHouse(service.url);
  behind = outside(service.url);
});
afterAll(async () => {
  await house?.close();
  await service?.stop();
});

const stepDue = async (id: string): Promise<string> => (await behind.get(OFFICE, `/incidents/${id}/deadlines`)).items[0].dueAt;

describe('a day off, entered at the centre', () => {
  it('is previewed, saved, and moves the deadline that lay on it', async () => {
    const { id, number } = await behind.report(`grid.${CELL}`, {
      category: 'C0299-01',
      description: '人行道破损',
      position: { ...HERE, accuracyM: 6 },
    });
    const before = await stepDue(id);
    const day = chinaTime(before).slice(0, 10);
    const { page, context, troubles } = await house.signIn(OFFICE, { device: 'desk' });
    await page.goto(`${service.url}/centre/?view=settings`);
    const year = page.locator('.cal h2');
    await year.waitFor();
    // The deadline of the last days of December lies in the next year.
    while (!(await year.textContent())!.includes(day.slice(0, 4))) await page.getByRole('button', { name: '下一年' }).click();
    await page.locator(`[data-day="${day}"]`).click();
    await page.getByRole('button', { name: '改这几天' }).click();
    await page.getByText('请填放假的名称').waitFor();
    await page.getByLabel('名称').fill('全区停办');
    await page.getByRole('button', { name: '改这几天' }).click();
    // Kept while another page is read.
    await page.goto(`${service.url}/centre/`);
    await page.goto(`${service.url}/centre/?view=settings`);
    await page.locator('.save').getByText('全区停办').waitFor();
    await page.getByRole('button', { name: '预看影响' }).click();
    const example = page.locator('.effect .examples button', { hasText: number });
    await example.waitFor();
    expect(await stepDue(id)).toBe(before);
    await example.click();
    const drawer = page.locator('aside.drawer');
    await drawer.getByText(chinaTime(before).slice(11)).first().waitFor();

    await page.getByRole('button', { name: '保存', exact: true }).click();
    await page.getByText('已保存，全部节点已生效').waitFor();
    await page.getByText(/时限已重算，改了 \d+ 件/).waitFor();
    const after = await stepDue(id);
    expect(Date.parse(after)).toBeGreaterThan(Date.parse(before));
    expect(chinaTime(after).slice(0, 10)).not.toBe(day);
    // The drawer follows by the push, without being asked.
    await expect.poll(() => drawer.textContent(), { timeout: 30_000 }).toContain(dayTime(after, new Date(), 'zh-CN'));
    // Its explanation is read by HTTP after the push.
    await expect.poll(() => drawer.textContent(), { timeout: 30_000 }).toContain('全区停办');
    await page.getByRole('tab', { name: /改动记录/ }).click();
    await page.getByText(day, { exact: false }).first().waitFor();
    expect(await page.locator('.history').textContent()).toContain('全区停办');
    expect(troubles).toEqual([]);
    await context.close();
  });

  it('is chosen by keys alone', async () => {
    const { page, context } = await house.signIn('admin', { device: 'desk' });
    await page.goto(`${service.url}/centre/?view=settings`);
    const today = page.locator('[data-day][tabindex="0"]');
    await today.waitFor();
    await today.focus();
    await page.keyboard.press('PageUp');
    await page.keyboard.press('Home');
    await page.keyboard.press('Enter');
    for (let i = 0; i < 4; i++) await page.keyboard.press('Shift+ArrowRight');
    expect(await page.locator('[data-day][aria-pressed="true"]').count()).toBe(5);
    await page.getByText('5 天', { exact: true }).waitFor();
    await page.keyboard.press('Escape');
    expect(await page.locator('[data-day][aria-pressed="true"]').count()).toBe(0);
    await context.close();
  });
});

describe('limits', () => {
  it('are changed in the table, with a word where something is odd', async () => {
    const { page, context } = await house.signIn('admin', { device: 'phone' });
    await page.goto(`${service.url}/centre/?view=settings`);
    await page.getByRole('tab', { name: '时限' }).click();
    await page.getByLabel('特急 到场', { exact: true }).fill('45');
    await page.getByLabel('特急 到场', { exact: true }).blur();
    await page.getByText('特急的到场比低一级还慢').waitFor();
    await page.getByLabel('特急 到场', { exact: true }).fill('12');
    await page.getByLabel('特急 到场', { exact: true }).blur();
    await expect.poll(() => page.getByText('特急的到场比低一级还慢').count()).toBe(0);
    await page.getByRole('button', { name: '保存', exact: true }).click();
    await page.getByText('已保存，全部节点已生效').waitFor();
    const { limits } = await behind.get('auditor', '/limits');
    expect(limits.find((l: { level: string; clock: string }) => l.level === 'R1' && l.clock === 'arrive').value).toBe(12);
    await context.close();
  });
});

describe('a missing year', () => {
  it('is said at the centre to those who can add it, with the way there, and is added', async () => {
    const { year } = await behind.get(OFFICE, '/calendar');
    await service.database.db.kysely.transaction().execute(async (tx) => {
      await tx.deleteFrom('calendar_day').execute();
      await bumpSettings(tx, 441802);
    });
    const unit = await house.signIn('subdistrict.441802006', { device: 'desk' });
    const office = await house.signIn(OFFICE, { device: 'desk' });
    await office.page.getByText(new RegExp(`工作日历缺 ${year}`)).waitFor();
    expect(await unit.page.getByText('工作日历缺').count()).toBe(0);
    await office.page.getByRole('button', { name: '去补上' }).click();
    await office.page.getByRole('button', { name: `补上 ${year} 年` }).click();
    await office.page.getByRole('button', { name: '预看影响' }).click();
    await office.page.getByRole('button', { name: '保存', exact: true }).click();
    await office.page.getByText('已保存，全部节点已生效').waitFor();
    expect((await behind.get(OFFICE, '/calendar')).days.length).toBeGreaterThan(364);
    await unit.context.close();
    await office.context.close();
  });
});
