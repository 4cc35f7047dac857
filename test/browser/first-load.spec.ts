/** 首次打开 (first load): how much a phone fetches before it shows its page, without the map. Measured in Chromium, packed as gzip would. */
import { gzipSync } from 'node:zlib';
import { chromium } from 'playwright';
import { describe, expect, it } from 'vitest';
import { browser } from '../support/chromium.ts';
import { CELL } from './support/browser.ts';
import { useHouse } from './support/use-house.ts';

const KIB = 1024;
/** `../shared/look` and the pages' own budget: a phone on a weak network shows the page within seconds. */
const PHONE_KIB = 200;
/** The desk's page brings Element Plus with it; what it loads later (charts, map) is not counted. [ours] */
const DESK_KIB = 420;
/** Comes after the page stands, and is the map itself. */
const MAP = /maplibre|leaflet|map-library|CentreMap|CellMap|worker/i;
const COUNTED = new Set(['document', 'script', 'stylesheet', 'font', 'image', 'manifest']);

const stand = useHouse();

interface Loaded {
  readonly file: string;
  /** Bytes after gzip, or as they are where that gains nothing (pictures). */
  readonly bytes: number;
}

/** What a browser with an empty cache fetches from us until `part` stands. */
async function firstLoad(account: string | null, path: string, part: string): Promise<Loaded[]> {
  const { executablePath, args, env } = await browser();
  const chrome = await chromium.launch({ executablePath, args, env });
  try {
    const signedIn = account === null ? null : await stand.house.signIn(account, { device: 'phone' });
    const storageState = signedIn === null ? undefined : await signedIn.context.storageState();
    await signedIn?.context.close();
    const context = await chrome.newContext({
      viewport: { width: 390, height: 844 },
      locale: 'zh-CN',
      serviceWorkers: 'block',
      ...(storageState ? { storageState } : {}),
    });
    const page = await context.newPage();
    const reading: Promise<Loaded>[] = [];
    let standing = false;
    page.on('response', (response) => {
      const file = new URL(response.url()).pathname;
      if (standing || file.startsWith('/api/') || !COUNTED.has(response.request().resourceType()) || MAP.test(file)) return;
      reading.push(response.body().then((body) => ({ file, bytes: Math.min(body.length, gzipSync(body).length) })));
    });
    await page.goto(stand.service.url + path);
    await page.locator(part).first().waitFor();
    standing = true;
    return await Promise.all(reading);
  } finally {
    await chrome.close();
  }
}

const kib = (loaded: readonly Loaded[]) => loaded.reduce((sum, { bytes }) => sum + bytes, 0) / KIB;
const told = (loaded: readonly Loaded[]) =>
  loaded
    .toSorted((a, b) => b.bytes - a.bytes)
    .map(({ file, bytes }) => `${(bytes / KIB).toFixed(1)} KiB ${file}`)
    .join('\n');

describe('first load', () => {
  it.each([
    ['sign-in', null, '/', '#account', PHONE_KIB],
    ['the grid worker', `grid.${CELL}`, '/field/', '.tabs', PHONE_KIB],
    ['the responding unit', 'unit.north-drainage', '/unit/', 'h1', PHONE_KIB],
    ['the centre', 'district.441802', '/centre/', '#queue', DESK_KIB],
  ] as const)('of %s stays within its budget', async (_, account, path, part, most) => {
    const loaded = await firstLoad(account, path, part);
    expect(loaded.length).toBeGreaterThan(2);
    expect(kib(loaded), told(loaded)).toBeLessThanOrEqual(most);
    // Nothing can be counted that is not there: the page's own script is.
    expect(loaded.some(({ file }) => file.startsWith('/assets/'))).toBe(true);
  });
});
