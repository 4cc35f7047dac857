/**
 * `npm run map-load [-- --save] [-- --profile]`: the command centre with 5,000 open incidents and 1,500 moving units, in a real browser, by both map engines.
 * Prints for how long the page's main thread was held up at most, and by what the person was doing.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import pg from 'pg';
import { chromium, type Browser, type Page } from 'playwright';
import { browser } from '../test/support/chromium.ts';
import { describeMachine } from './load/machine.ts';
import { addUnits, drive, openSessions, reportIncidents, untilKnown, type Traffic } from './map-load/crowd.ts';
import { profile } from './map-load/profile.ts';
import { OBSERVE, phase, sinceLoad, type Phase } from './map-load/watch.ts';
import { ownService } from './own-service.ts';
import { serviceDatabase } from './service-database.ts';

const { values } = parseArgs({ options: { save: { type: 'boolean', default: false }, profile: { type: 'boolean', default: false } } });
const number = (name: string, usual: number) => Number(process.env[name] || usual);
const INCIDENTS = number('INCIDENTS', 5_000);
const UNITS = number('UNITS', 1_500);
const REST_S = number('REST_S', 60);
type Engine = 'webgl' | 'leaflet';
const ENGINES = (process.env.ENGINES || 'webgl,leaflet').split(',') as Engine[];
const READY_MS = 180_000;
/** Units that one drawing has to move: a few speak twice between two frames of the service, and a few not at all. */
const MOVING = UNITS * 0.9;

async function openCentre(chrome: Browser, url: string, token: string, engine: Engine): Promise<Page> {
  const context = await chrome.newContext({ viewport: { width: 1440, height: 900 }, locale: 'zh-CN', timezoneId: 'Asia/Shanghai' });
  await context.addCookies([{ name: 'session', value: token, url, httpOnly: true, sameSite: 'Strict' }]);
  await context.addInitScript(OBSERVE);
  const page = await context.newPage();
  await page.goto(`${url}/centre/${engine === 'leaflet' ? '?map=leaflet' : ''}`, { timeout: READY_MS });
  // The demo world has units of its own besides.
  // Asked from outside: the pages' content security policy lets nobody evaluate text in them.
  const isDrawn = `(() => {
    const drawn = document.querySelector('.mapbox .canvas')?.dataset;
    return drawn?.engine === '${engine}' && Number(drawn.incidents) >= ${INCIDENTS} && Number(drawn.moved) >= ${MOVING};
  })()`;
  for (const until = Date.now() + READY_MS; Date.now() < until; await sleep(250)) if (await page.evaluate<boolean>(isDrawn)) return page;
  const drawn = await page.evaluate<object>(`({ ...document.querySelector('.mapbox .canvas')?.dataset })`);
  throw new Error(`the map did not have everything on it after ${READY_MS / 1_000} s: ${JSON.stringify(drawn)}`);
}

async function walkByKeys(page: Page): Promise<void> {
  // Letters that are pressed on the map are the map's.
  await page.locator('#queue').focus();
  for (let i = 0; i < 20; i++) {
    await page.keyboard.press('j');
    await sleep(100);
  }
  await page.keyboard.press('Enter');
  await page.locator('.drawer h2, .drawer header').first().waitFor();
  await sleep(1_000);
  await page.keyboard.press('Escape');
  await sleep(500);
}

async function zoomAndDrag(page: Page): Promise<void> {
  const map = (await page.locator('.mapbox').boundingBox())!;
  const middle = [map.x + map.width / 2, map.y + map.height / 2] as const;
  await page.mouse.move(...middle);
  for (const by of [-240, -240, -240, 240, 240, 240]) {
    await page.mouse.wheel(0, by);
    await sleep(700);
  }
  await page.mouse.down();
  for (let i = 0; i < 30; i++) await page.mouse.move(middle[0] + i * 6, middle[1] + i * 3);
  await page.mouse.up();
  await sleep(700);
}

async function scrollQueue(page: Page): Promise<void> {
  const list = `document.querySelector('#queue .list')`;
  for (let i = 1; i <= 20; i++) {
    await page.evaluate(`${list}.scrollTop = ${list}.scrollHeight * ${i / 20}`);
    await sleep(150);
  }
  await page.evaluate(`${list}.scrollTop = 0`);
}

/** What a person does, one after the other. */
const ACTS: readonly (readonly [name: string, does: (page: Page) => Promise<void>])[] = [
  ['nobody touches it', () => sleep(REST_S * 1_000)],
  ['the map is zoomed in and out, and dragged', zoomAndDrag],
  ['the queue is scrolled to its end', scrollQueue],
  ['incidents are walked and opened by keys', walkByKeys],
];

async function measure(page: Page): Promise<Phase[]> {
  const phases = [await sinceLoad(page, 'opening, until all is drawn')];
  for (const [name, does] of ACTS) {
    const phased = async (): Promise<void> => void phases.push(await phase(page, name, () => does(page)));
    if (values.profile) console.log(`\n${name}\n${await profile(page, phased)}`);
    else await phased();
  }
  return phases;
}

const COLUMNS = ['', 'longest task', 'over 50 ms', 'in all', 'frames/s', 'heap', 'map updates'] as const;
const rowOf = (p: Phase) => [
  `${p.name} (${p.seconds} s)`,
  `${p.longest} ms`,
  String(p.longTasks),
  `${p.blocked} ms`,
  String(p.framesPerSecond),
  `${p.heapMb} MB`,
  `${(p.updates / Math.max(1, p.seconds)).toFixed(1)}/s`,
];
const table = (phases: readonly Phase[]) =>
  [COLUMNS, COLUMNS.map((_, i) => (i ? '--:' : '---')), ...phases.map(rowOf)].map((cells) => `| ${cells.join(' | ')} |`).join('\n');

async function main(): Promise<void> {
  const machine = describeMachine();
  const service = await ownService('map-load');
  const owner = new pg.Client(serviceDatabase({ ...process.env, DATA_DIR: service.dataDir!, DATABASE_URL: '' }));
  await owner.connect();
  const { executablePath, args, env } = await browser();
  const parts: string[] = [];
  let traffic: Traffic | undefined;
  let chrome: Browser | undefined;
  try {
    console.log(`${INCIDENTS} incidents are reported, ${UNITS} units sign on …`);
    const codes = await addUnits(owner, UNITS);
    await reportIncidents(service.url, owner, INCIDENTS);
    await untilKnown(service.url, owner, codes.at(-1)!);
    traffic = await drive(service.url, owner, codes);
    const token = (await openSessions(owner, [`district.441802`])).get('district.441802')!;
    for (const engine of ENGINES) {
      chrome = await chromium.launch({ executablePath, args, env });
      const page = await openCentre(chrome, service.url, token, engine);
      console.log(`\n${engine}`);
      const phases = await measure(page);
      await chrome.close();
      parts.push(`## ${engine === 'webgl' ? 'MapLibre, by WebGL' : 'Leaflet, on a plain canvas'}\n\n${table(phases)}`);
      console.log(`\n${parts.at(-1)}`);
    }
  } finally {
    await chrome?.close();
    await traffic?.stop();
    await owner.end();
    await service.stop();
  }
  const date = new Date().toISOString().slice(0, 10);
  const text = [
    `# ${INCIDENTS.toLocaleString('en')} incidents and ${UNITS.toLocaleString('en')} moving units on the map, ${date}`,
    '',
    '`npm run map-load -- --save`: a service of its own with real reports, a socket for each unit that says once a second where it is, and the command centre in',
    'headless Chromium with WebGL by software (SwiftShader). “Longest task” is the longest time for which the page’s main thread could not answer a key, by',
    '`PerformanceObserver` (`longtask`: 50 ms and more; 0 means that there was none).',
    `Machine: ${machine}. Browser, service, PostgreSQL and the ${UNITS.toLocaleString('en')} sockets share it; a graphics card would leave it to the rest.`,
    '',
    ...parts.flatMap((part) => [part, '']),
  ].join('\n');
  if (!values.save) return;
  const file = path.resolve(import.meta.dirname, `../docs/performance/map-${date}.md`);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, text);
  console.log(`saved ${path.relative(process.cwd(), file)}`);
}

await main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  // Sockets of units that were still being opened would keep it alive.
  process.exit(2);
});
