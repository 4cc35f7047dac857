/** 大字 (large letters): chosen once and kept; and on the smallest phone with letters of twice the size nothing is out of reach. */
import type { Page } from 'playwright';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startTestServer, type TestServer } from '../support/server.ts';
import { CELL, COMMUNITY, HERE, openHouse, type House } from './support/browser.ts';
import { outside } from './support/outside.ts';

const ACCOUNT = `grid.${CELL}`;
let service: TestServer;
let house: House;
let incident: string;

beforeAll(async () => {
  service = await startTestServer({ pages: true });
  house = await openHouse(service.url);
  const behind = outside(service.url);
  const reported = await behind.report(ACCOUNT, { category: 'C0102-01', description: '井盖翻起', position: { ...HERE, accuracyM: 6 } });
  await behind.move(`community.${COMMUNITY}`, reported.id, { verb: 'requestVerification' });
  incident = reported.id;
});
afterAll(async () => {
  await house?.close();
  await service?.stop();
});

const letterPx = (page: Page) => page.evaluate<number>('parseFloat(getComputedStyle(document.body).fontSize)');

it('is chosen on 我, and kept', async () => {
  const { page } = await house.signIn(ACCOUNT, { device: 'phone' });
  await page.goto(`${service.url}/field/#/me`);
  const usual = await letterPx(page);
  await page.getByRole('button', { name: '大字' }).click();
  expect(await letterPx(page)).toBeCloseTo(usual * 1.3, 1);
  await page.reload();
  await page.getByRole('button', { name: '大字', pressed: true }).waitFor();
  expect(await letterPx(page)).toBeCloseTo(usual * 1.3, 1);
});

/** Buttons and links that stick out of the page to the side, or whose words do not fit into them. */
const OUT_OF_REACH = `[...document.querySelectorAll('button, a, input:not([type=file]), textarea')]
  .filter((e) => e.checkVisibility() && !e.closest('.leaflet-container'))
  .filter((e) => {
    const { left, right, width } = e.getBoundingClientRect();
    return width > 1 && (left < -1 || right > innerWidth + 1 || e.scrollWidth > e.clientWidth + 1 && e.innerText.trim() !== '');
  })
  .map((e) => e.innerText.trim() || e.getAttribute('aria-label') || e.outerHTML.slice(0, 60))`;

it.each(['zh-CN', 'en-GB'] as const)('at 320 px and twice the size every action is reached (%s)', async (locale) => {
  const { page, context } = await house.signIn(ACCOUNT, { device: 'phone', locale });
  await page.setViewportSize({ width: 320, height: 640 });
  await context.addInitScript('addEventListener("DOMContentLoaded", () => { document.documentElement.style.fontSize = "200%"; })');
  const pages = [
    ['', '.tabs', '.camera'],
    ['tasks', '.next', '.camera'],
    ['mine', '.list li', '.camera'],
    ['me', '.choice', '.camera'],
    ['walk', 'ol.stops li', 'footer .big'],
    ['cobuild', '.needs li', '.camera'],
    ['cobuild/need/need-01', '.log li', '.camera'],
    [`incident/${incident}`, '.log li', 'footer .big'],
    ['report', '.place .map', 'footer .big'],
  ] as const;
  for (const [path, part, action] of pages) {
    await page.goto(`${service.url}/field/#/${path}`);
    await page.reload();
    await page.locator(part).first().waitFor();
    expect(await letterPx(page), path).toBe(32);
    expect(await page.evaluate<string[]>(OUT_OF_REACH), `${path}: out of reach`).toEqual([]);
    expect(await page.evaluate<number>('document.documentElement.scrollWidth'), `${path} scrolls sideways`).toBeLessThanOrEqual(320);
    const box = (await page.locator(action).boundingBox())!;
    expect(box.y + box.height, `${path}: ${action} is under the edge`).toBeLessThanOrEqual(640);
  }
});
