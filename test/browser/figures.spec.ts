/** 效能 in the centre: every mark opens its list, by mouse and by keys; what happens meanwhile arrives by itself and moves nothing. */
import type { Page } from 'playwright';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dateAt } from '../../src/china-time.ts';
import { CELL, COMMUNITY, HERE, openHouse, SUBDISTRICT, type House, type Person } from './support/browser.ts';
import { startDay, type Day } from './support/day.ts';
import { outside, type Outside } from './support/outside.ts';

const OFFICE = 'district.441802';
/** Long ago enough that R2's are late and R4's are not. */
const AGO_MS = 50 * 60_000;
const DAY_MS = 86_400_000;

type Scrolled = { scrollTop: number };

let day: Day;
/** From the day of the earlier incidents past any midnight that comes while this runs. */
let period: { readonly from: string; readonly to: string };
let house: House;
let behind: Outside;

beforeAll(async () => {
  period = { from: dateIn(-AGO_MS), to: dateIn(DAY_MS) };
  day = await startDay(AGO_MS);
  house = await openHouse(day.url);
  behind = outside(day.url);
});
afterAll(async () => {
  await house?.close();
  await day?.stop();
});

const open = async (
  account: string,
  device: 'desk' | 'phone' = 'desk',
  search = `period=days&from=${period.from}&to=${period.to}`,
): Promise<Person> => {
  const person = await house.signIn(account, { device, webGl: false });
  await person.page.goto(`${day.url}/centre/?view=figures&${search}`);
  await person.page.locator('.figure').first().waitFor();
  return person;
};
const panel = (person: Person) => person.page.locator('section.behind');
const count = (person: Person) => panel(person).locator('li').count();
const said = async (person: Person) => Number(/\d+/.exec((await panel(person).locator('header p').textContent())!)![0]);

describe('the figures of the days', () => {
  it('are those of the service, with their targets', async () => {
    const person = await open(OFFICE);
    const figures = await behind.get(OFFICE, `/figures/day?from=${period.from}&to=${period.to}`);
    expect(figures.counts.reported).toBe(day.before);
    for (const figure of figures.figures) {
      const card = await person.page.locator(`[data-figure=${figure.name}]`).textContent();
      if (figure.value !== null) expect(card).toContain(String(figure.value));
      expect(card).toContain(`目标 ${figure.target}`);
    }
    const rows = person.page.locator('.part', { hasText: '各街镇' }).locator('tbody tr');
    expect(await rows.count()).toBe(figures.byPlace.length);
    expect(person.troubles).toEqual([]);
    expect(person.strangers).toEqual([]);
    await person.context.close();
  });

  it('show all hours of a day side by side at a desk', async () => {
    const person = await house.signIn(OFFICE, { device: 'desk', webGl: false });
    const { page } = person;
    await page.route(/\/figures\/day/, async (route) => {
      const response = await route.fetch();
      const figures = (await response.json()) as { weekdays: { weekday: number; days: number }[] };
      const { weekday } = figures.weekdays.find((w) => w.days > 0)!;
      await route.fulfill({ response, json: { ...figures, hours: [0, 23].map((hour) => ({ weekday, hour, reported: 12 })) } });
    });
    await page.goto(`${day.url}/centre/?view=figures&period=days&from=${period.from}&to=${period.to}`);
    const hours = page.locator('.part.hours .wide');
    await hours.locator('thead th').nth(24).waitFor();
    const hidden = await hours.evaluate((e) => {
      const { scrollWidth, clientWidth } = e as { scrollWidth: number; clientWidth: number };
      return scrollWidth - clientWidth;
    });
    expect(hidden).toBe(0);
    await person.context.close();
  });

  it('open the list behind a number, and from it the incident; Esc gives the focus back', async () => {
    const person = await open(OFFICE);
    const { page } = person;
    const late = page.locator('.part', { hasText: '各街镇' }).locator('tbody button.link').first();
    await late.click();
    await panel(person).locator('li').first().waitFor();
    expect(await count(person)).toBe(await said(person));
    await panel(person).locator('.entry').first().click();
    await page.locator('article.incident').waitFor();
    expect(new URL(page.url()).searchParams.get('incident')).toMatch(/^[0-9a-f-]{36}$/);
    await panel(person).focus();
    await page.keyboard.press('Escape');
    await panel(person).waitFor({ state: 'detached' });
    await expect.poll(() => late.evaluate((e) => e.matches(':focus'))).toBe(true);
    await person.context.close();
  });

  it('are walked through by keys: a mark of a chart says what it is, and Enter opens its list', async () => {
    const person = await open(OFFICE);
    const { page } = person;
    const chart = page.locator('.part', { hasText: '哪一步最慢' }).locator('.chart');
    await chart.locator('svg').waitFor();
    await chart.focus();
    await page.keyboard.press('ArrowDown');
    const words = page.locator('.part', { hasText: '哪一步最慢' }).locator('.said');
    await expect.poll(() => words.textContent()).toMatch(/计 \d+ 次/);
    await page.keyboard.press('Enter');
    await panel(person).locator('li').first().waitFor();
    expect(await count(person)).toBe(Math.min(50, await said(person)));
    await person.context.close();
  });

  it('keep the choice in the address, and leave it clean', async () => {
    const person = await open(OFFICE);
    const { page } = person;
    await page.locator('.bar select').first().selectOption('R2');
    await expect.poll(() => new URL(page.url()).searchParams.get('levels')).toBe('R2');
    await page.reload();
    await page.locator('.figure').first().waitFor();
    expect(await page.locator('.bar select').first().inputValue()).toBe('R2');
    const onlyUrgent = await behind.get(OFFICE, `/figures/day?from=${period.from}&to=${period.to}&level=R2`);
    await expect
      .poll(() => page.locator('.part', { hasText: '各级别' }).locator('tbody tr').nth(1).textContent())
      .toContain(String(onlyUrgent.counts.reported));
    await page.getByRole('button', { name: /现在是/ }).click();
    await page.getByRole('menuitem', { name: '事件地图' }).click();
    await expect.poll(() => new URL(page.url()).search).toBe('');
    await person.context.close();
  });

  it('follow what is reported, without moving what is read', async () => {
    const person = await open(OFFICE);
    const { page } = person;
    const levels = page.locator('.part', { hasText: '各级别' });
    const reported = async () => (await levels.locator('tbody tr').allTextContents()).join();
    const before = await reported();
    const column = page.locator('.col-page');
    // The focus first: it scrolls its element into view.
    await levels.locator('tbody button.link').first().focus();
    await column.evaluate((e) => void ((e as Scrolled).scrollTop = 400));
    const at = await column.evaluate((e) => (e as Scrolled).scrollTop);
    expect(at).toBeGreaterThan(0);
    await behind.report(`grid.${CELL}`, { category: 'C0102-01', description: '井盖翻起', position: { ...HERE, accuracyM: 6 } });
    await expect.poll(reported, { timeout: 30_000 }).not.toBe(before);
    expect(await column.evaluate((e) => (e as Scrolled).scrollTop)).toBe(at);
    expect(await page.evaluate<string>('document.activeElement.className')).toContain('link');
    await person.context.close();
  });

  it('go out as files, and onto paper without the frame', async () => {
    const person = await open(`subdistrict.${SUBDISTRICT}`);
    const { page } = person;
    const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: '导出 XLSX' }).click()]);
    expect(download.suggestedFilename()).toMatch(/^figures-.*\.xlsx$/);
    expect(await download.failure()).toBeNull();
    // The others by keys alone.
    await page.getByRole('button', { name: '更多导出' }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('menuitem', { name: 'CSV' }).first().waitFor();
    await expect
      .poll(async () => {
        await page.keyboard.press('ArrowDown');
        return page.evaluate<string>("document.activeElement?.textContent?.trim() ?? ''");
      })
      .toMatch(/CSV$/);
    const [table] = await Promise.all([page.waitForEvent('download'), page.keyboard.press('Enter')]);
    expect(table.suggestedFilename()).toMatch(/\.csv$/);
    expect(await table.failure()).toBeNull();
    await page.emulateMedia({ colorScheme: 'dark' });
    await page.locator('html[data-theme=dark]').waitFor();
    await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
    await page.locator('.print-only').waitFor({ state: 'visible' });
    expect(await page.locator('header.top').isVisible()).toBe(false);
    expect(await page.locator('.figure').first().isVisible()).toBe(true);
    expect(await page.locator('html').getAttribute('data-theme')).toBe('dark');
    for (const part of ['.figure', '.figure .value b', '.parts .part h2', '.parts td'])
      expect.soft(await printed(page, part)).toEqual(ON_PAPER);
    // The charts are drawn by their library: they are told that paper comes, and when it is over.
    await page.emulateMedia({ media: null, colorScheme: 'dark' });
    const ink = () => page.locator('.chart svg text').first().getAttribute('fill');
    const onScreen = await ink();
    await page.evaluate("dispatchEvent(new Event('beforeprint'))");
    await expect.poll(ink).not.toBe(onScreen);
    expect(await page.locator('html').getAttribute('data-theme')).toBe('light');
    await page.evaluate("dispatchEvent(new Event('afterprint'))");
    await expect.poll(ink).toBe(onScreen);
    // The wall is printed by the browser's own command, and has no style for paper of its own.
    await page.goto(`${day.url}/wall/`);
    await page.locator('html[data-theme=dark]').waitFor();
    await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
    for (const part of ['body', 'h1']) expect.soft(await printed(page, part)).toEqual(ON_PAPER);
    expect(person.troubles).toEqual([]);
    await person.context.close();
  });

  it('say that there is nothing, and that they cannot be read', async () => {
    const quiet = await house.signIn('community.441802106001', { device: 'phone', webGl: false });
    await quiet.page.goto(`${day.url}/centre/?view=figures`);
    await quiet.page.getByText('这段时间没有事件').waitFor();
    await quiet.context.close();
    const person = await house.signIn(`community.${COMMUNITY}`, { device: 'desk', webGl: false });
    await person.page.route(/\/figures\/day/, (route) => route.abort());
    await person.page.goto(`${day.url}/centre/?view=figures&period=days&from=${period.from}&to=${period.to}`);
    await person.page.getByRole('alert').getByRole('button').waitFor();
    await person.page.unroute(/\/figures\/day/);
    await person.page.getByRole('alert').getByRole('button').click();
    await person.page.locator('.figure').first().waitFor();
    // A service that says when it can be asked again is asked again by itself.
    const body = { code: 'database-unavailable', status: 503 };
    await person.page.route(/\/figures\/day/, (route) => route.fulfill({ status: 503, headers: { 'retry-after': '2' }, json: body }));
    await person.page.reload();
    await person.page.getByText(/\d 秒后自动再试/).waitFor();
    await person.page.unroute(/\/figures\/day/);
    await person.page.locator('.figure').first().waitFor();
    await person.context.close();
  });
});

const ON_PAPER = { ink: 'dark', ground: 'light' };
/** How a part looks as it stands: its letters, and the first ground under them that is not clear. */
function printed(page: Page, part: string): Promise<typeof ON_PAPER> {
  return page.evaluate<typeof ON_PAPER>(`(() => {
    const node = document.querySelector(${JSON.stringify(part)});
    const channels = (colour) => colour.match(/[\\d.]+/g).map(Number);
    const bright = ([r, g, b]) => (0.3 * r + 0.6 * g + 0.1 * b > 128 ? 'light' : 'dark');
    let under = node;
    while (under && channels(getComputedStyle(under).backgroundColor)[3] === 0) under = under.parentElement;
    return {
      ink: bright(channels(getComputedStyle(node).color)),
      ground: under ? bright(channels(getComputedStyle(under).backgroundColor)) : 'light',
    };
  })()`);
}

/** The day in China so many milliseconds from now. */
const dateIn = (ms: number) => dateAt(new Date(Date.now() + ms));
