/** One incident, two units, six people at seven devices: from report to closed, with nothing but the pages. */
import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Locator, Page } from 'playwright';
import { afterAll, afterEach, beforeAll, describe, expect, it, onTestFailed } from 'vitest';
import { CELL, COMMUNITY, freshPages, openHouse, SUBDISTRICT, type House, type Person } from './support/browser.ts';
import { startDay, type Day } from './support/day.ts';
import { photo } from './support/photo.ts';

const WORDS = '下水道井盖翻起，车轮压过差点掉进去';
const KIND = '污水井盖';
const LEAD = { code: 'north-drainage', name: '北部排水管护队' };
const ASSIST = { code: 'urban-traffic', name: '城区交警中队' };

let day: Day;
let house: House;
const people = new Map<string, Person>();
const page = (name: string): Page => people.get(name)!.page;

/** Pictures for README.md, only when asked for: a test run leaves the tree as it is. */
const SCREENS = process.env.SCREENS === '1' ? fileURLToPath(new URL('../../docs/screens/', import.meta.url)) : null;
async function screen(name: string, of: Page): Promise<void> {
  if (SCREENS === null) return;
  mkdirSync(SCREENS, { recursive: true });
  await of.evaluate('document.fonts.ready');
  await of.screenshot({ path: `${SCREENS}${name}.png`, animations: 'disabled', caret: 'hide' });
}

const seen = (locator: Locator) => locator.first().waitFor({ state: 'visible' });
const gone = (locator: Locator) => locator.first().waitFor({ state: 'hidden' });
const button = (of: Page | Locator, name: string | RegExp) => of.getByRole('button', { name, exact: typeof name === 'string' });
const drawer = (name: string) => page(name).locator('article.incident');
const row = (name: string) => page(name).locator('#queue .item', { hasText: KIND });
const state = (name: string, word: string) => seen(drawer(name).locator('header .tag', { hasText: word }));
const ring = (name: string) => page(name).locator('dialog.ring');

beforeAll(async () => {
  freshPages();
  day = await startDay(22 * 60_000);
  house = await openHouse(day.url);
});
afterAll(async () => {
  await house?.close();
  await day?.stop();
});
afterEach(() => {
  onTestFailed(async () => {
    for (const [name, { page: of }] of people) await of.screenshot({ path: `/tmp/browser-failed-${name}.png` }).catch(() => undefined);
  });
});
