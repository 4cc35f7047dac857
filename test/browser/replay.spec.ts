/** 回放 (replay): an hour of yesterday's work played on the map, while a new critical incident comes in and is announced. */
import type { Locator, Page } from 'playwright';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startDay, type Day } from './support/day.ts';
import { CELL, HERE, openHouse, type House, type Person } from './support/browser.ts';
import { outside } from './support/outside.ts';
import { stepsOf } from './support/steps.ts';

/** The earlier incidents were reported two hours ago, within a minute or so. */
const AGO_MS = 2 * 3_600_000;
const MINUTE_MS = 60_000;
const ENGINES = ['webgl', 'leaflet'] as const;

let day: Day;
let house: House;
/** Beginning of the hour that is played: shortly before they were reported. */
let from: string;
const people = new Map<string, Person>();
const step = stepsOf(people);
const seen = (what: Locator) => what.first().waitFor({ state: 'visible' });

beforeAll(async () => {
  from = `${new Date(Math.floor((Date.now() - AGO_MS) / MINUTE_MS) * MINUTE_MS - MINUTE_MS).toISOString().slice(0, 16)}Z`;
  day = await startDay(AGO_MS);
  house = await openHouse(day.url, { graphics: true });
});
afterAll(async () => {
  await house?.close();
  await day?.stop();
});

const onMap = (page: Page) => page.evaluate<number>(`Number(document.querySelector('.mapbox .canvas')?.dataset.incidents)`);
/** `--map-land` of the light theme. */
const LAND = [246, 246, 241];
/** How many pixels of land are seen in one line of the map. @param y  from the top of the page, CSS px. */
async function landAt(page: Page, y: number): Promise<number> {
  const map = (await page.locator('.mapbox').boundingBox())!;
  // Within the frame of the past.
  const clip = { x: map.x + 6, y: Math.round(y), width: map.width - 12, height: 1 };
  const pixels = await sharp(await page.screenshot({ clip }))
    .removeAlpha()
    .raw()
    .toBuffer();
  let land = 0;
  for (let i = 0; i < pixels.length; i += 3) if (LAND.every((value, channel) => pixels[i + channel] === value)) land += 1;
  return land;
}
const mapHas = (page: Page, n: number) => expect.poll(() => onMap(page), { timeout: 45_000, interval: 100 }).toBe(n);

it.each(ENGINES)('一小时的经过，一步一步，再回到现在 (%s)', async (engine) => {
  const person = await house.signIn('district.441802', { device: 'desk' });
  people.set(`centre-${engine}`, person);
  const { page } = person;
  const behind = outside(day.url);
  const answer = await behind.get('district.441802', `/replay?from=${encodeURIComponent(from.replace('Z', ':00Z'))}`);
  const reports = answer.moves.filter((m: { verb: string }) => m.verb === 'report').length;
  /** Of the critical incident that comes in meanwhile. */
  let reportedAt = '';

  await step('the address opens the hour: its frame says that it is not now, and nothing has happened in it yet', async () => {
    await page.goto(`${house.url}/centre/?replay=${from}${engine === 'leaflet' ? '&map=leaflet' : ''}`);
    await seen(page.getByText(/^回放 · .*，不是现在$/));
    await mapHas(page, answer.incidents.filter((i: { start: unknown }) => i.start !== null).length);
    expect(answer.moves.length).toBeGreaterThan(reports);
    expect(reports).toBeGreaterThan(5);
    await seen(page.getByText('单位位置不留存'));
    expect(await page.locator('#queue').isVisible()).toBe(false);
  });

  await step('the whole district lies above the panel: none of it goes on below', async () => {
    const panel = () => page.locator('.replay .bar').boundingBox();
    await expect.poll(async () => landAt(page, (await panel())!.y - 60), { timeout: 45_000 }).toBeGreaterThan(20);
    await expect.poll(async () => landAt(page, (await panel())!.y - 5), { timeout: 45_000 }).toBe(0);
  });

  await step('each step makes one move of the log, and takes it back', async () => {
    const none = await onMap(page);
    await page.keyboard.press('ArrowRight');
    await mapHas(page, none + 1);
    expect(await page.locator('.log [aria-current=step] time').getAttribute('datetime')).toBe(answer.moves[0].at);
    await page.keyboard.press('ArrowLeft');
    await mapHas(page, none);
  });

  await step('played at the quickest it comes to the end of the hour by itself', async () => {
    await page.getByLabel('速度').selectOption('120');
    // Focus on the page, not in the field of the speed: the space bar is the hand's.
    await page.evaluate('document.activeElement.blur()');
    await page.keyboard.press('Space');
    await seen(page.getByRole('button', { name: '暂停' }));
    await seen(page.getByRole('button', { name: '播放' }));
    const last = new Map<string, string>(
      answer.incidents.flatMap((i: { id: string; start: { state: string } | null }) => (i.start ? [[i.id, i.start.state]] : [])),
    );
    for (const m of answer.moves) last.set(m.incident, m.after.state);
    const open = [...last.values()].filter((s) => !['closed', 'rejected', 'cancelled', 'merged', 'referred'].includes(s)).length;
    await mapHas(page, open);
  });

  await step('a move of the list is gone to, and its incident shown as it was then, to be read only', async () => {
    const index = answer.moves.findIndex((m: { verb: string }) => m.verb === 'call');
    await page.evaluate(`{
      const hand = document.querySelector('.replay input[type=range]');
      hand.value = '${Date.parse(answer.from)}';
      hand.dispatchEvent(new Event('input'));
      document.querySelector('.log .list').scrollTop = 0;
    }`);
    await seen(page.locator(`.log time[datetime="${answer.moves[index].at}"]`));
    await page.locator(`.log time[datetime="${answer.moves[index].at}"]`).first().click();
    const card = page.locator('.card-then');
    await seen(card.getByText(/的情况$/));
    await seen(card.getByText('已呼叫').or(card.getByText('待统筹')));
    expect(await card.locator('[data-solid]').count()).toBe(0);
    expect(await page.locator('.drawer .tabs').count()).toBe(0);
    await page.keyboard.press('d');
    expect(await card.isVisible()).toBe(true);
  });

  await step('a new critical incident is announced, and the way to it leads back to now', async () => {
    const position = { ...HERE, accuracyM: 6 };
    ({ reportedAt } = await behind.report(`grid.${CELL}`, { category: 'E0596-01', description: `电梯困人，${engine}`, position }));
    await seen(page.getByText(/现在有新的特急/));
    expect(await page.locator('[role=alert]').allInnerTexts()).toEqual(expect.arrayContaining([expect.stringMatching(/^特急，/)]));
    await page.getByRole('button', { name: '去处理' }).click();
    await seen(page.locator('#queue'));
    expect(new URL(page.url()).searchParams.get('replay')).toBeNull();
    expect(new URL(page.url()).searchParams.get('incident')).not.toBeNull();
    await page.keyboard.press('Escape');
  });

  await step('R opens the last sixty minutes, with what has just been reported in them; R again leaves them', async () => {
    await page.evaluate('document.activeElement.blur()');
    await page.keyboard.press('r');
    await seen(page.getByText(/^回放 · .*，不是现在$/));
    const began = Date.parse(new URL(page.url()).searchParams.get('replay')!.replace('Z', ':00Z'));
    const ago = (Date.now() - began) / MINUTE_MS;
    expect([ago > 58, ago <= 61, ago]).toEqual([true, true, ago]);
    await seen(page.locator('.replay input[type=range]'));
    await page.evaluate(`{
      const hand = document.querySelector('.replay input[type=range]');
      hand.value = hand.max;
      hand.dispatchEvent(new Event('input'));
    }`);
    const at = () =>
      page.evaluate<string | null>(`document.querySelector('.log [aria-current=step] time')?.getAttribute('datetime') ?? null`);
    await expect.poll(async () => Date.parse((await at()) ?? '') >= Date.parse(reportedAt), { timeout: 45_000 }).toBe(true);
    await page.keyboard.press('r');
    await seen(page.locator('#queue'));
  });

  expect({ troubles: person.troubles, strangers: person.strangers }).toEqual({ troubles: [], strangers: [] });
  await person.context.close();
  people.delete(`centre-${engine}`);
});
