/** 地图 (the map): five thousand incidents and fifteen hundred moving units on it, by both engines; its layers, its base map, its failures. */
import pg from 'pg';
import pino from 'pino';
import type { Page } from 'playwright';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addUnits, drive, reportIncidents, type Traffic } from '../../scripts/map-load/crowd.ts';
import type { BaseMap } from '../../src/http/base-map.ts';
import { startServer, type RunningServer } from '../../src/server.ts';
import { openTestDatabase, type TestDatabase } from '../support/database.ts';
import { PASSWORD } from '../support/server.ts';
import { freshPages, openHouse, SUBDISTRICT, type House, type PersonOptions } from './support/browser.ts';
import { startTileHost, type TileHost } from './support/tiles.ts';

const INCIDENTS = 5_000;
const UNITS = 1_500;
const ENGINES = ['webgl', 'leaflet'] as const;
const DISTRICT = 'district.441802';

let database: TestDatabase;
let tiles: TileHost;
let server: RunningServer;
/** Another node, with another base map. No unit has its socket here. */
let other: RunningServer;
let house: House;
let owner: pg.Client;
let traffic: Traffic;

/** A node of the product on the one database. */
const node = (baseMap: BaseMap) =>
  startServer({
    owner: database.config,
    district: 441802,
    host: '127.0.0.1',
    port: 0,
    world: true,
    demoPassword: PASSWORD,
    log: pino({ level: 'silent' }),
    baseMap,
  });

beforeAll(async () => {
  freshPages();
  database = await openTestDatabase({ world: true });
  tiles = await startTileHost();
  const attribution = '某某地图 GS(2026)1号';
  server = await node({ url: `${tiles.origin}/{z}/{x}/{y}.png`, kind: 'raster', coords: 'gcj02', attribution, maxZoom: 18 });
  other = await node({ url: `${tiles.origin}/district.pmtiles`, kind: 'pmtiles', coords: 'wgs84', attribution, maxZoom: 18 });
  owner = new pg.Client(database.config);
  await owner.connect();
  const codes = await addUnits(owner, UNITS);
  await reportIncidents(server.url, owner, INCIDENTS);
  house = await openHouse(server.url);
  traffic = await drive(server.url, owner, codes);
});
afterAll(async () => {
  await traffic?.stop();
  await house?.close();
  await owner?.end();
  await server?.stop();
  await other?.stop();
  await tiles?.stop();
  await database?.drop();
});

interface Drawn {
  readonly engine: string;
  readonly incidents: number;
  readonly marks: number;
  readonly units: number;
  readonly moved: number;
  readonly updates: number;
}
async function drawn(page: Page): Promise<Drawn> {
  const data = await page.evaluate<Record<string, string>>(`({ ...document.querySelector('.mapbox .canvas')?.dataset })`);
  const { engine = '', ...numbers } = data;
  return { engine, ...Object.fromEntries(Object.entries(numbers).map(([k, v]) => [k, Number(v)])) } as Drawn;
}
/** Asked from outside: the pages' content security policy lets nobody evaluate text in them. */
const until = (page: Page, condition: string) =>
  expect
    .poll(() => page.evaluate<boolean>(`!!((d) => d && ${condition})(document.querySelector('.mapbox .canvas')?.dataset)`), {
      timeout: 90_000,
      interval: 100,
      message: condition,
    })
    .toBe(true);

const atDesk = (more: Partial<PersonOptions> = {}): PersonOptions => ({ device: 'desk', ...more });
const MAP_OF = { webgl: '?layers=load,clusters,units', leaflet: '?map=leaflet&layers=load,clusters,units' };

describe.each(ENGINES)('%s', (engine) => {
  it('shows every incident and every unit, and all units move', async () => {
    const { page, context, troubles, strangers } = await house.signIn(DISTRICT, atDesk());
    await page.goto(`${house.url}/centre/${MAP_OF[engine]}`);
    await until(page, `d.engine === '${engine}' && Number(d.incidents) === ${INCIDENTS}`);
    const before = await drawn(page);
    expect(before.marks).toBeLessThan(INCIDENTS / 4);
    await until(page, `Number(d.moved) >= ${UNITS * 0.9}`);
    expect((await drawn(page)).units).toBeGreaterThanOrEqual(UNITS);

    // However many frames came meanwhile, the map is told at most twice a second.
    const [from, began] = [await drawn(page), await page.evaluate<number>('performance.now()')];
    await until(page, `Number(d.updates) >= ${from.updates + 6}`);
    const seconds = ((await page.evaluate<number>('performance.now()')) - began) / 1_000;
    expect((await drawn(page)).updates - from.updates).toBeLessThanOrEqual(Math.ceil(seconds * 2) + 1);

    // Nearer, and nearer still, every incident is still there, as fewer and smaller clusters.
    for (let step = 0; step < 4; step++) {
      const at = await drawn(page);
      await page.getByRole('button', { name: '放大' }).click();
      await until(page, `Number(d.marks) !== ${at.marks} || Number(d.marks) === ${INCIDENTS}`);
      expect((await drawn(page)).incidents).toBe(INCIDENTS);
    }
    expect((await drawn(page)).marks).toBe(INCIDENTS);
    expect({ troubles, strangers }).toEqual({ troubles: [], strangers: [] });
    await context.close();
  });

  it('draws a base map where one is on, shifted, from the configured host and no other', async () => {
    tiles.asked.length = 0;
    const { page, context, troubles, strangers } = await house.signIn(DISTRICT, atDesk());
    await page.goto(`${house.url}/centre/${MAP_OF[engine]},base`);
    await until(page, `d.engine === '${engine}' && Number(d.incidents) === ${INCIDENTS}`);
    await expect.poll(() => tiles.asked.length, { timeout: 30_000 }).toBeGreaterThan(3);
    await page.getByText('某某地图 GS(2026)1号').waitFor();
    expect(strangers.filter((url) => !url.startsWith(`${tiles.origin}/`))).toEqual([]);
    for (const path of tiles.asked) expect(path).toMatch(/^\/\d+\/\d+\/\d+\.png$/);
    await expect.poll(async () => blueness(page), { timeout: 30_000 }).toBeGreaterThan(0.3);
    await page.getByRole('button', { name: '图层' }).click();
    await page.getByLabel('底图').uncheck();
    await expect.poll(async () => blueness(page), { timeout: 30_000 }).toBeLessThan(0.05);
    expect(troubles).toEqual([]);
    await context.close();
  });

  it('says what it is to readers, is moved by arrow keys, and opens a unit’s card', async () => {
    const { page, context } = await house.signIn(DISTRICT, atDesk());
    await page.goto(`${house.url}/centre/${MAP_OF[engine]}&subdistrict=${SUBDISTRICT}`);
    await until(page, `d.engine === '${engine}' && Number(d.incidents) > 0 && Number(d.moved) > 0`);
    const map = page.getByRole('application', { name: /辖区网格地图/ });
    await map.focus();
    const before = await page.locator('.mapbox').screenshot();
    for (let i = 0; i < 4; i++) await page.keyboard.press('ArrowRight');
    await expect.poll(async () => before.equals(await page.locator('.mapbox').screenshot())).toBe(false);
    // The queue has not moved with the arrows: they were the map's.
    expect(new URL(page.url()).searchParams.get('incident')).toBeNull();
    await context.close();
  });
});

describe('on another node', () => {
  it.each(ENGINES)('a PMTiles file is the base map, and the units of the first node move (%s)', async (engine) => {
    const there = await openHouse(other.url);
    try {
      const { page, troubles } = await there.signIn(DISTRICT, atDesk());
      await page.goto(`${other.url}/centre/${MAP_OF[engine]},base`);
      await until(page, `d.engine === '${engine}' && Number(d.incidents) === ${INCIDENTS}`);
      await expect.poll(async () => blueness(page), { timeout: 30_000 }).toBeGreaterThan(0.3);
      await until(page, `Number(d.moved) > ${UNITS / 2}`);
      expect(troubles).toEqual([]);
    } finally {
      await there.close();
    }
  });
});

/** Share of the map's picture that is of the tiles' colour. */
async function blueness(page: Page): Promise<number> {
  const { data, info } = await sharp(await page.locator('.mapbox').screenshot())
    .raw()
    .toBuffer({ resolveWithObject: true });
  let blue = 0;
  for (let i = 0; i < data.length; i += info.channels) if (data[i + 2]! - data[i]! > 40) blue += 1;
  return blue / (data.length / info.channels);
}

describe('without WebGL', () => {
  it('draws the same incidents plainly, and says so', async () => {
    const { page, context, troubles } = await house.signIn(DISTRICT, atDesk({ webGl: false }));
    await until(page, `d.engine === 'leaflet' && Number(d.incidents) === ${INCIDENTS}`);
    await page.getByText('用简图').waitFor();
    expect(troubles).toEqual([]);
    await context.close();
  });

  it('goes on plainly when the graphics card is lost and does not come back', async () => {
    const { page, context } = await house.signIn(DISTRICT, atDesk());
    await until(page, `d.engine === 'webgl' && Number(d.incidents) === ${INCIDENTS}`);
    await page.evaluate(
      `document.querySelector('.maplibregl-canvas').getContext('webgl2').getExtension('WEBGL_lose_context').loseContext()`,
    );
    await until(page, `d.engine === 'leaflet' && Number(d.incidents) === ${INCIDENTS}`);
    await context.close();
  });
});

describe('the layers', () => {
  it('are in the address: chosen, reloaded, the same', async () => {
    const { page, context } = await house.signIn(DISTRICT, atDesk());
    await until(page, `Number(d.incidents) === ${INCIDENTS}`);
    await page.getByRole('button', { name: '图层' }).click();
    await page.getByLabel('上报热力').check();
    await page.getByLabel('时间').selectOption({ label: '今天' });
    await page.getByText(/^共 \d+ 件/).waitFor();
    await page.getByLabel('处置单位').uncheck();
    await until(page, `Number(d.units) === 0`);
    expect(new URL(page.url()).searchParams.get('layers')).toBe('heat-1,clusters,base');
    await page.reload();
    await until(page, `Number(d.incidents) === ${INCIDENTS} && Number(d.units) === 0`);
    await page.getByRole('button', { name: '图层' }).click();
    expect(await page.getByLabel('上报热力').isChecked()).toBe(true);
    await context.close();
  });
});

describe('the queue of five thousand', () => {
  it('draws only what is seen, down to its last row, and walks by keys', async () => {
    const { page, context } = await house.signIn(DISTRICT, atDesk());
    await until(page, `Number(d.incidents) === ${INCIDENTS}`);
    const rows = () => page.locator('#queue .item').count();
    expect(await rows()).toBeLessThan(60);
    await page.evaluate(`{ const list = document.querySelector('#queue .list'); list.scrollTop = list.scrollHeight; }`);
    await expect
      .poll(() =>
        page.evaluate<boolean>(`!!document.querySelector('#queue section:last-of-type li:last-child[aria-setsize]') &&
        [...document.querySelectorAll('#queue section')].at(-1).querySelector('li:last-child').ariaPosInSet ===
        [...document.querySelectorAll('#queue section')].at(-1).querySelector('li:last-child').ariaSetSize`),
      )
      .toBe(true);
    expect(await rows()).toBeLessThan(60);
    await page.locator('#queue').focus();
    for (let i = 0; i < 30; i++) await page.keyboard.press('j');
    // The row that the keys have reached is drawn, and in view.
    await expect.poll(() => page.locator('#queue .item.sel').count()).toBe(1);
    await context.close();
  });
});
