/** 地图 (the map): hundreds of incidents and many moving units on it, by both engines; its layers, its base map, its failures. */
import { randomUUID } from 'node:crypto';
import pg from 'pg';
import pino from 'pino';
import type { Page } from 'playwright';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addUnits, drive, openSessions, reportIncidents, untilKnown, type Traffic } from '../../scripts/map-load/crowd.ts';
import type { BaseMap } from '../../src/http/base-map.ts';
import { startServer, type RunningServer } from '../../src/server.ts';
import { openTestDatabase, type TestDatabase } from '../support/database.ts';
import { PASSWORD } from '../support/server.ts';
import { CELL, HERE, openHouse, type House, type Person, type PersonOptions } from './support/browser.ts';
import { startTileHost, type TileHost } from './support/tiles.ts';

/** Three pages of the queue and more than a screen of it, and clusters on the map. What five thousand cost, `npm run map-load` measures. */
const INCIDENTS = 500;
const UNITS = 60;
const PATIENCE_MS = 120_000;
/** Two nodes that start, five hundred reports. */
const START_MS = 600_000;
const ENGINES = ['webgl', 'leaflet'] as const;
const DISTRICT = 'district.441802';
const ATTRIBUTION = '某某地图 GS(2026)1号';

let database: TestDatabase;
let tiles: TileHost;
let server: RunningServer;
/** Another node, with another base map. No unit has its socket here. */
let other: RunningServer;
let house: House;
let owner: pg.Client;
let traffic: Traffic;
let session: string;

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
  database = await openTestDatabase({ world: true });
  tiles = await startTileHost();
  const common = { attribution: ATTRIBUTION, maxZoom: 18 };
  server = await node({ url: `${tiles.origin}/{z}/{x}/{y}.png`, kind: 'raster', coords: 'gcj02', ...common });
  other = await node({ url: `${tiles.origin}/district.pmtiles`, kind: 'pmtiles', coords: 'wgs84', ...common });
  owner = new pg.Client(database.config);
  await owner.connect();
  const codes = await addUnits(owner, UNITS);
  await reportIncidents(server.url, owner, INCIDENTS);
  for (const { url } of [server, other]) await untilKnown(url, owner, codes.at(-1)!);
  session = (await openSessions(owner, [DISTRICT])).get(DISTRICT)!;
  house = await openHouse(server.url, { graphics: true });
  traffic = await drive(server.url, owner, codes);
}, START_MS);
afterAll(async () => {
  await traffic?.stop();
  await house?.close();
  await owner?.end();
  await server?.stop();
  await other?.stop();
  await tiles?.stop();
  await database?.drop();
});

/** The centre in a window of its own, already signed in. @param query  of the address. @param url  of the node that is asked. */
async function atCentre(query = '', more: Partial<PersonOptions> = {}, url = server.url): Promise<Person> {
  const person = await house.visitor({ device: 'desk', ...more });
  await person.context.addCookies([{ name: 'session', value: session, url, httpOnly: true, sameSite: 'Strict' }]);
  await person.page.goto(`${url}/centre/${query}`);
  return person;
}

interface Drawn {
  readonly incidents: number;
  readonly marks: number;
  readonly units: number;
  readonly updates: number;
}
async function drawn(page: Page): Promise<Drawn> {
  const data = await page.evaluate<Record<string, string>>(`({ ...document.querySelector('.mapbox .canvas')?.dataset })`);
  const [incidents, marks, units, updates] = ['incidents', 'marks', 'units', 'updates'].map((name) => Number(data[name]));
  return { incidents: incidents!, marks: marks!, units: units!, updates: updates! };
}
/** Asked from outside: the pages' content security policy lets nobody evaluate text in them. @param condition  on `d`, what the map says of itself. */
const until = (page: Page, condition: string) =>
  expect
    .poll(() => page.evaluate<boolean>(`!!((d) => d && ${condition})(document.querySelector('.mapbox .canvas')?.dataset)`), {
      timeout: PATIENCE_MS,
      interval: 100,
      message: condition,
    })
    .toBe(true);
const all = (engine: (typeof ENGINES)[number]) => `d.engine === '${engine}' && Number(d.incidents) === ${INCIDENTS}`;
const MAP_OF = { webgl: '?layers=load,clusters,units,base', leaflet: '?map=leaflet&layers=load,clusters,units,base' };

/** Share of the map's picture that is of the tiles' colour. */
async function blueness(page: Page): Promise<number> {
  const { data, info } = await sharp(await page.locator('.mapbox').screenshot())
    .raw()
    .toBuffer({ resolveWithObject: true });
  let blue = 0;
  for (let i = 0; i < data.length; i += info.channels) if (data[i + 2]! - data[i]! > 40) blue += 1;
  return blue / (data.length / info.channels);
}
const isBlue = (page: Page, how: 'mostly' | 'not at all') => {
  const poll = expect.poll(() => blueness(page), { timeout: PATIENCE_MS });
  return how === 'mostly' ? poll.toBeGreaterThan(0.3) : poll.toBeLessThan(0.05);
};

/** One window each, on which one looks at one thing after the other. */
describe.each(ENGINES)('%s', (engine) => {
  let person: Person;
  let page: Page;
  beforeAll(async () => {
    tiles.asked.length = 0;
    person = await atCentre(MAP_OF[engine]);
    page = person.page;
  }, START_MS);
  afterAll(() => person?.context.close());

  it('shows every incident and every unit, and all units move', async () => {
    await until(page, all(engine));
    expect((await drawn(page)).marks).toBeLessThan(INCIDENTS);
    await until(page, `Number(d.moved) >= ${UNITS * 0.9}`);
    expect((await drawn(page)).units).toBeGreaterThanOrEqual(UNITS);

    // However many frames came meanwhile, the map is told at most twice a second.
    const clock = () => page.evaluate<number>('performance.now()');
    const [began, from] = [await clock(), await drawn(page)];
    await until(page, `Number(d.updates) >= ${from.updates + 4}`);
    const [to, ended] = [await drawn(page), await clock()];
    expect(to.updates - from.updates).toBeLessThanOrEqual(Math.ceil(((ended - began) / 1_000) * 2) + 1);
  });

  it('draws the base map that is on, shifted, from the configured host and no other', async () => {
    await expect.poll(() => tiles.asked.length, { timeout: PATIENCE_MS }).toBeGreaterThan(3);
    await page.getByText(ATTRIBUTION).waitFor();
    expect(person.strangers.filter((url) => !url.startsWith(`${tiles.origin}/`))).toEqual([]);
    for (const path of tiles.asked) expect(path).toMatch(/^\/\d+\/\d+\/\d+\.png$/);
    await isBlue(page, 'mostly');
  });

  it('has its layers in a panel that Esc closes, and a press beside it, and nothing else', async () => {
    const layers = page.getByRole('button', { name: '图层' });
    const panel = page.getByRole('group', { name: '图层' });
    await page.locator('#queue').focus();
    await page.keyboard.press('j');
    await page.keyboard.press('Enter');
    await page.locator('.drawer').waitFor();
    await layers.click();
    await page.getByLabel('底图').uncheck();
    await isBlue(page, 'not at all');
    await page.keyboard.press('Escape');
    await panel.waitFor({ state: 'detached' });
    expect(await page.locator('.drawer').isVisible()).toBe(true);
    await expect.poll(() => page.evaluate<string>(`document.activeElement?.getAttribute('aria-label')`)).toBe('图层');
    await layers.click();
    await panel.waitFor();
    await page.locator('.mapbox .tl').click();
    await panel.waitFor({ state: 'detached' });
    await page.keyboard.press('Escape');
    await page.locator('.drawer').waitFor({ state: 'detached' });
  });

  it('shows every incident also from nearer, until each stands for itself', async () => {
    for (let step = 0; step < 4; step++) {
      await page.getByRole('button', { name: '放大' }).click();
      expect((await drawn(page)).incidents).toBe(INCIDENTS);
    }
    await until(page, `Number(d.marks) === ${INCIDENTS}`);
    await page.getByRole('button', { name: '看全部' }).click();
    await until(page, `Number(d.marks) < ${INCIDENTS}`);
  });

  it('says what it is to readers, and is moved by arrow keys while the queue stays', async () => {
    await page.getByRole('application', { name: /辖区网格地图/ }).focus();
    const chosen = () => page.locator('#queue .item.sel').getAttribute('id');
    const [before, row] = [await page.locator('.mapbox').screenshot(), await chosen()];
    for (let i = 0; i < 4; i++) await page.keyboard.press('ArrowRight');
    // Units move by themselves, but by less than a pixel a second.
    const now = async () => difference(before, await page.locator('.mapbox').screenshot());
    await expect.poll(now, { timeout: PATIENCE_MS }).toBeGreaterThan(0.05);
    expect(await chosen()).toBe(row);
  });

  it('draws its units where a press finds them, and their card is closed by Esc', async () => {
    // Few incidents, so that a press meets a unit.
    await page.goto(`${server.url}/centre/${MAP_OF[engine].replace(',base', '')}&level=R1`);
    await until(page, `d.engine === '${engine}' && Number(d.units) >= ${UNITS} && Number(d.moved) > 0`);
    const map = page.locator('.mapbox .canvas');
    const show = async (units: boolean) => {
      await page.getByRole('button', { name: '图层' }).click();
      await page.getByLabel('处置单位').setChecked(units);
      await page.keyboard.press('Escape');
      await until(page, units ? `Number(d.units) >= ${UNITS}` : `Number(d.units) === 0`);
    };
    const withUnits = await map.screenshot();
    await show(false);
    let spots: Spot[] = [];
    const looked = async () => (spots = await spotsOfDifference(withUnits, await map.screenshot())).length;
    await expect.poll(looked, { timeout: PATIENCE_MS }).toBeGreaterThan(10);
    await show(true);
    const box = (await map.boundingBox())!;
    const card = page.locator('.unit-card');
    // Names of places have moved too: not every spot is a unit's.
    for (const spot of spots.slice(0, 40)) {
      await page.mouse.click(box.x + spot.x, box.y + spot.y);
      if (
        await card.waitFor({ timeout: 1_000 }).then(
          () => true,
          () => false,
        )
      )
        break;
    }
    await card.waitFor({ timeout: 1_000 });
    await page.keyboard.press('Escape');
    await card.waitFor({ state: 'detached' });
    expect(person.troubles).toEqual([]);
  });
});

interface Spot {
  readonly x: number;
  readonly y: number;
}
/** Squares of 12 px in which more than a third differs, those that differ most first; the edges, with legend and buttons, are left out. */
async function spotsOfDifference(a: Buffer, b: Buffer): Promise<Spot[]> {
  const SIDE = 12;
  const { width = 0, height = 0 } = await sharp(a).metadata();
  const [p, q] = await Promise.all([a, b].map((picture) => sharp(picture).greyscale().raw().toBuffer()));
  const found: (Spot & { readonly part: number })[] = [];
  for (let top = Math.round(height * 0.15); top < height * 0.75; top += SIDE) {
    for (let left = Math.round(width * 0.15); left < width * 0.8; left += SIDE) {
      let other = 0;
      for (let y = top; y < top + SIDE; y++) {
        for (let x = left; x < left + SIDE; x++) if (Math.abs(p![y * width + x]! - q![y * width + x]!) > 12) other += 1;
      }
      const part = other / SIDE ** 2;
      if (part > 1 / 3) found.push({ x: left + SIDE / 2, y: top + SIDE / 2, part });
    }
  }
  return found.sort((one, two) => two.part - one.part);
}

/** Share of the pixels that two pictures of one size differ in. */
async function difference(a: Buffer, b: Buffer): Promise<number> {
  const [p, q] = await Promise.all([a, b].map((picture) => sharp(picture).greyscale().raw().toBuffer()));
  let other = 0;
  for (let i = 0; i < p!.length; i++) if (Math.abs(p![i]! - q![i]!) > 6) other += 1;
  return other / p!.length;
}

describe('on another node', () => {
  it.each(ENGINES)('a PMTiles file is the base map, and the units of the first node move (%s)', async (engine) => {
    const { page, context, troubles } = await atCentre(MAP_OF[engine], {}, other.url);
    await until(page, all(engine));
    await isBlue(page, 'mostly');
    await until(page, `Number(d.moved) > ${UNITS / 2}`);
    expect(troubles).toEqual([]);
    await context.close();
  });
});

describe('without WebGL', () => {
  it('draws the same incidents plainly, and says so', async () => {
    const { page, context, troubles } = await atCentre('', { webGl: false });
    await until(page, all('leaflet'));
    await page.getByText('用简图').waitFor();
    expect(troubles).toEqual([]);
    await context.close();
  });

  it('goes on plainly when the graphics card is lost and does not come back', async () => {
    const { page, context } = await atCentre();
    await until(page, all('webgl'));
    await page.evaluate(
      `document.querySelector('.maplibregl-canvas').getContext('webgl2').getExtension('WEBGL_lose_context').loseContext()`,
    );
    await until(page, all('leaflet'));
    await context.close();
  });
});

describe('what is chosen', () => {
  it('is in the address: layers chosen, reloaded, the same; of a queue of hundreds only what is seen is drawn', async () => {
    const { page, context } = await atCentre();
    await until(page, all('webgl'));
    await page.getByRole('button', { name: '图层' }).click();
    await page.getByLabel('上报热力').check();
    await page.getByLabel('时间').selectOption({ label: '今天' });
    await page.getByText(/^共 \d+ 件/).waitFor();
    await page.getByLabel('处置单位').uncheck();
    await until(page, `Number(d.units) === 0`);
    expect(new URL(page.url()).searchParams.get('layers')).toBe('heat-1,clusters,base');
    await page.reload();
    await until(page, `${all('webgl')} && Number(d.units) === 0`);
    await page.getByRole('button', { name: '图层' }).click();
    expect(await page.getByLabel('上报热力').isChecked()).toBe(true);
    await page.keyboard.press('Escape');

    const rows = () => page.locator('#queue .item').count();
    expect(await rows()).toBeGreaterThan(5);
    expect(await rows()).toBeLessThan(60);
    await page.evaluate(`{ const list = document.querySelector('#queue .list'); list.scrollTop = list.scrollHeight; }`);
    const lastRow = `[...document.querySelectorAll('#queue section')].at(-1)?.querySelector('li:last-child')`;
    await expect.poll(() => page.evaluate<boolean>(`${lastRow}?.ariaPosInSet === ${lastRow}?.ariaSetSize && !!${lastRow}`)).toBe(true);
    expect(await rows()).toBeLessThan(60);
    await page.locator('#queue').focus();
    for (let i = 0; i < 30; i++) await page.keyboard.press('j');
    // The row that the keys have reached is drawn, and in view.
    await expect.poll(() => page.locator('#queue .item.sel').count()).toBe(1);
    await context.close();
  });
});

describe('several at one place', () => {
  const SEVERAL = 3;
  /** The opened incident is flown to the middle of what the page's own buttons leave free. */
  const ROOM = { top: 56, right: 150, bottom: 76, left: 72 };
  let opened: string;
  beforeAll(async () => {
    const token = (await openSessions(owner, [`grid.${CELL}`])).get(`grid.${CELL}`)!;
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    const known = await fetch(`${server.url}/api/v1/categories`, { headers });
    const { items } = (await known.json()) as { items: { code: string; level: string }[] };
    const category = items.find(({ level }) => level === 'R3')!.code;
    for (let i = 0; i < SEVERAL; i++) {
      const body = JSON.stringify({ category, description: `同一处第 ${i + 1} 件`, position: { ...HERE, accuracyM: 8 } });
      const answer = await fetch(`${server.url}/api/v1/incidents`, {
        method: 'POST',
        headers: { ...headers, 'idempotency-key': randomUUID() },
        body,
      });
      opened = ((await answer.json()) as { id: string }).id;
    }
  });

  it.each(['webgl'] as const)('are one mark that counts them, as near as the map goes, and a press asks which (%s)', async (engine) => {
    const { page, context, troubles } = await atCentre(`${MAP_OF[engine].replace(',units,base', '')}&incident=${opened}`);
    await until(page, `d.engine === '${engine}' && Number(d.incidents) === ${INCIDENTS + SEVERAL}`);
    await page.locator('.drawer').waitFor();
    await page.locator('#queue').focus();
    await page.keyboard.press('m');
    const { x, y, width, height } = (await page.locator('.mapbox .canvas').boundingBox())!;
    const middle = { x: x + (ROOM.left + width - ROOM.right) / 2, y: y + (ROOM.top + height - ROOM.bottom) / 2 };
    const card = page.locator('.pile-card');
    const pressed = async () => {
      await page.mouse.click(middle.x, middle.y);
      return card.isVisible();
    };
    await expect.poll(pressed, { timeout: PATIENCE_MS, interval: 1_000 }).toBe(true);
    const rows = card.locator('li button');
    expect(await rows.count()).toBe(SEVERAL);
    const other = card.locator('li button:not([aria-current])').first();
    const number = (await other.locator('small').textContent())!.split(' ')[0]!;
    await other.click();
    await card.waitFor({ state: 'detached' });
    await page.locator('.drawer', { hasText: number }).waitFor();
    await pressed();
    await page.keyboard.press('Escape');
    await card.waitFor({ state: 'detached' });
    expect(await page.locator('.drawer').isVisible()).toBe(true);
    expect(troubles).toEqual([]);
    await context.close();
  });
});
