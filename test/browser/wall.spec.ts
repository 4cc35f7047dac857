/** 挂图作战: from the district down to a community and back, with what is behind each part; live, and honest when it is not. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CELL, HERE, openHouse, SUBDISTRICT, type House, type Person } from './support/browser.ts';
import { startDay, type Day } from './support/day.ts';
import { outside, type Outside } from './support/outside.ts';

const OFFICE = 'district.441802';
let day: Day;
let house: House;
let behind: Outside;

beforeAll(async () => {
  day = await startDay(50 * 60_000);
  house = await openHouse(day.url);
  behind = outside(day.url);
});
afterAll(async () => {
  await house?.close();
  await day?.stop();
});

async function open(account: string, size = { width: 1920, height: 1080 }, search = ''): Promise<Person> {
  const person = await house.signIn(account, { device: 'desk', webGl: false });
  await person.page.setViewportSize(size);
  await person.page.goto(`${day.url}/wall/${search}`);
  await person.page.locator('.geo svg path[data-area]').first().waitFor();
  return person;
}
/** On a wall of 1080 lines nothing reaches down to the line at the foot. */
async function standsFree({ page }: Person): Promise<void> {
  const foot = (await page.locator('.foot').boundingBox())!.y;
  for (const part of ['.geo .key', '.curve', '.ask']) {
    const { y, height } = (await page.locator(part).boundingBox())!;
    expect.soft(y + height, `${part} reaches into the foot`).toBeLessThanOrEqual(foot);
  }
}
/** Words that look smaller than 12 px, whatever the stage is zoomed to; those of a drawing are scaled with it and are not among them. */
const TOO_SMALL = `[...document.querySelectorAll('.wall *')]
  .filter((e) => !(e instanceof SVGElement) && e.checkVisibility() && [...e.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim()))
  .filter((e) => parseFloat(getComputedStyle(e).fontSize) * e.currentCSSZoom < 11.9)
  .map((e) => e.textContent)`;
const place = ({ page }: Person) => new URL(page.url()).searchParams.get('place');

describe('the wall', () => {
  it('shows plan against fact by subdistrict, worst on top, in words and not by colour alone', async () => {
    const person = await open(OFFICE);
    const { page } = person;
    await page.locator('.rows [data-row]').first().waitFor();
    const gaps = (await page.locator('.rows .gap').allTextContents()).map((text) => {
      const points = Number(/\d+/.exec(text)?.[0] ?? 0);
      return text.includes('落后') ? -points : points;
    });
    expect(gaps.length).toBeGreaterThan(5);
    expect(gaps).toEqual([...gaps].sort((a, b) => a - b));
    const labels = await page.locator('path[data-area][aria-label]').evaluateAll((all) => all.map((e) => e.getAttribute('aria-label')));
    expect(labels.length).toBeGreaterThan(5);
    for (const label of labels) expect(label).toMatch(/实际 \d+ %，计划 \d+ %/);
    const plans = await behind.get(OFFICE, '/plans');
    const plan = plans.items.find((i: { level: string }) => i.level === 'plan');
    expect(await page.locator('h1').textContent()).toContain(plan.nameZh);
    expect(await page.locator('.phases li').count()).toBe(plans.items.filter((i: { parent: string }) => i.parent === plan.code).length);
    await page.locator('.curve svg').waitFor();
    await standsFree(person);
    expect(person.troubles).toEqual([]);
    expect(person.strangers).toEqual([]);
    await person.context.close();
  });

  it('goes down to a subdistrict and its tasks, and Esc comes back', async () => {
    const person = await open(OFFICE);
    const { page } = person;
    await page.locator(`.rows [data-row="${SUBDISTRICT}"]`).click();
    await expect.poll(() => place(person)).toBe(SUBDISTRICT);
    await standsFree(person);
    const task = page.locator('.rows .row-button.task').first();
    await task.click();
    const sheet = page.locator('dialog.sheet');
    await sheet.getByText('牵头').waitFor();
    await page.keyboard.press('Escape');
    await sheet.waitFor({ state: 'detached' });
    expect(place(person)).toBe(SUBDISTRICT);
    const community = page.locator('path[data-area][aria-label]').first();
    await community.focus();
    await page.keyboard.press('Enter');
    await expect.poll(() => place(person)?.length).toBe(12);
    await page.keyboard.press('Escape');
    await expect.poll(() => place(person)).toBe(SUBDISTRICT);
    // Back goes where one was before, as the address says; what stands on the wall is of that place.
    await page.goBack();
    await expect.poll(() => place(person)?.length).toBe(12);
    await page.keyboard.press('Escape');
    await expect.poll(() => place(person)).toBe(SUBDISTRICT);
    await page.keyboard.press('Escape');
    await expect.poll(() => place(person)).toBeNull();
    await page.locator(`.rows [data-row="${SUBDISTRICT}"]`).waitFor();
    await person.context.close();
  });

  it('never shows one place’s figures under another’s name, however slow the answers are', async () => {
    const person = await open(OFFICE);
    const { page } = person;
    const response = page.locator('.foot button, .foot span').filter({ hasText: '上报' }).first();
    await response.locator('b').waitFor();
    const held: (() => void)[] = [];
    await page.route(/\/figures\/day\?.*subdistrict=/, async (route) => {
      const answer = await route.fetch();
      await new Promise<void>((go) => void held.push(go));
      await route.fulfill({
        response: answer,
        json: { ...(await answer.json()), counts: { reported: 77_777, open: 0, overdue: 0, critical: 0, closed: 0 } },
      });
    });
    await page.locator(`.rows [data-row="${SUBDISTRICT}"]`).click();
    await expect.poll(() => held.length).toBeGreaterThan(0);
    await page.keyboard.press('Escape');
    await expect.poll(() => place(person)).toBeNull();
    await response.locator('b').waitFor();
    const late = page.waitForResponse(/\/figures\/day\?.*subdistrict=/);
    for (const go of held) go();
    await (await late).finished();
    await page.evaluate('new Promise((drawn) => setTimeout(drawn, 100))');
    expect(await page.getByText('77777').count()).toBe(0);
    await person.context.close();
  });

  it('counts today’s incidents as they come, and shows which they are', async () => {
    const person = await open(OFFICE, undefined, '?face=today');
    const { page } = person;
    const open_ = page.locator('.foot button', { hasText: '在办' });
    const before = Number(await open_.locator('b').textContent());
    await behind.report(`grid.${CELL}`, { category: 'C0102-01', description: '井盖翻起', position: { ...HERE, accuracyM: 6 } });
    await expect.poll(async () => Number(await open_.locator('b').textContent()), { timeout: 30_000 }).toBe(before + 1);
    await open_.click();
    await expect.poll(() => page.locator('dialog.sheet li').count()).toBe(Math.min(30, before + 1));
    expect(await page.locator('.rows [data-row]').count()).toBeGreaterThan(2);
    await person.context.close();
  });

  it('says how old it is when the connection is lost, and goes on after it', async () => {
    const person = await open(OFFICE);
    const { page, context } = person;
    await page.locator('.foot .updated', { hasText: '更新' }).waitFor();
    await context.setOffline(true);
    await page.getByText(/连接断了，最后更新 \d\d:\d\d/).waitFor();
    expect(await page.locator('.rows [data-row]').count()).toBeGreaterThan(5);
    await standsFree(person);
    await context.setOffline(false);
    await page.getByText('连接断了').waitFor({ state: 'detached' });
    await context.close();
  });

  it('turns its faces by itself, unless somebody stops it or wants less motion', async () => {
    const person = await open(OFFICE);
    const { page } = person;
    expect(await page.getByRole('button', { name: '暂停轮播' }).count()).toBe(0);
    await page.emulateMedia({ reducedMotion: 'no-preference' });
    await page.clock.install();
    await page.goto(`${day.url}/wall/`);
    await page.locator('.wall[data-face=plan]').waitFor();
    // Whoever walks through it by keys keeps it.
    await page.locator('.rows [data-row]').first().focus();
    await page.keyboard.press('Tab');
    await page.clock.runFor(61_000);
    expect(await page.locator('.wall').getAttribute('data-face')).toBe('plan');
    await page.evaluate('document.activeElement.blur()');
    await page.clock.runFor(31_000);
    await page.locator('.wall[data-face=today]').waitFor();
    await page.getByRole('button', { name: '暂停轮播' }).click();
    await page.clock.runFor(61_000);
    expect(await page.locator('.wall').getAttribute('data-face')).toBe('today');
    await person.context.close();
  });

  it('fits its screen: a wall of 4K as one of 1080 lines, a desk down to the line at its foot, and a phone without anything sticking out', async () => {
    const person = await open(OFFICE, { width: 3840, height: 2160 });
    const { page } = person;
    await page.locator('.rows [data-row]').first().waitFor();
    expect(await page.evaluate<number>('document.documentElement.scrollWidth')).toBeLessThanOrEqual(3840);
    const size = (await page.locator('h1').boundingBox())!.height;
    expect(size).toBeGreaterThan(70);
    await page.setViewportSize({ width: 1440, height: 900 });
    for (const face of ['共建共治', '今天的事件']) {
      await page.getByRole('button', { name: face }).click();
      await page.locator('.curve').waitFor();
      await standsFree(person);
      const foot = (await page.locator('.foot').boundingBox())!;
      expect.soft(foot.y + foot.height, `${face}: the foot is below the fold`).toBeLessThanOrEqual(900);
      expect.soft(await page.evaluate<string[]>(TOO_SMALL), `${face}: smaller than 12 px`).toEqual([]);
    }
    await page.setViewportSize({ width: 390, height: 844 });
    await expect
      .poll(() => page.evaluate<number>('Math.max(document.documentElement.scrollWidth, document.body.scrollWidth)'))
      .toBeLessThanOrEqual(390);
    await person.context.close();
  });

  it('is a subdistrict’s own for a subdistrict, and not there for a community', async () => {
    const own = await open(`subdistrict.${SUBDISTRICT}`);
    await own.page.locator('.rows .row-button.task').first().waitFor();
    expect(await own.page.getByRole('button', { name: /回到/ }).count()).toBe(0);
    await own.context.close();
    const other = await house.signIn('community.441802006001', { device: 'desk', webGl: false });
    await other.page.goto(`${day.url}/wall/`);
    await other.page.waitForURL(/\/centre\//);
    await other.context.close();
  });
});
