/** One incident, two units, six people at seven devices: from report to closed, with nothing but the pages. */
import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Locator, Page } from 'playwright';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { answerRing, CELL, COMMUNITY, openHouse, SUBDISTRICT, type House, type Person } from './support/browser.ts';
import { startDay, type Day } from './support/day.ts';
import { photo } from './support/photo.ts';
import { stepsOf } from './support/steps.ts';

const WORDS = '下水道井盖翻起，电动车差点掉进去';
/** What the words suggest: R2, with a lead unit and an assisting one on its run card. */
const KIND = '污水井盖';
const LEAD = { code: 'north-drainage', name: '北部排水管护队' };
const ASSIST = { code: 'urban-traffic', name: '城区交警中队' };
const MINUTE_MS = 60_000;

let day: Day;
let house: House;
const people = new Map<string, Person>();
const step = stepsOf(people);
const page = (who: string): Page => people.get(who)!.page;

/** Pictures for README.md, only when asked for: a test run leaves the tree as it is. */
const SCREENS = process.env.SCREENS === '1' ? fileURLToPath(new URL('../../docs/screens/', import.meta.url)) : null;
async function screen(name: string, of: Page): Promise<void> {
  if (SCREENS === null) return;
  mkdirSync(SCREENS, { recursive: true });
  await of.evaluate('document.fonts.ready');
  const shot = await of.screenshot({ animations: 'disabled', caret: 'hide' });
  // A palette keeps a picture with a map under 250 KB.
  await sharp(shot).png({ palette: true, quality: 90, effort: 10 }).toFile(`${SCREENS}${name}.png`);
}

const seen = (what: Locator) => what.first().waitFor({ state: 'visible' });
const gone = (what: Locator) => what.first().waitFor({ state: 'hidden' });
const button = (where: Page | Locator, name: string | RegExp) => where.getByRole('button', { name });
const drawer = (who: string) => page(who).locator('article.incident');
const row = (who: string) => page(who).locator('#queue .item', { hasText: KIND });
const inState = (who: string, word: string) => seen(drawer(who).locator('header .tag', { hasText: word }));
const ring = (who: string) => page(who).locator('dialog.ring');
const bigButton = (who: string, word: string) => page(who).locator('.foot button.big', { hasText: word });

beforeAll(async () => {
  day = await startDay(22 * MINUTE_MS);
  house = await openHouse(day.url, { graphics: true });
});
afterAll(async () => {
  await house?.close();
  await day?.stop();
});

it('一件事，两个单位，从上报到结案 (one report, two units, closed), seen by everybody at every step', async () => {
  await step('six people sign in, one of them at two devices', async () => {
    const signIn = async (who: string, account: string, device: 'phone' | 'desk', webGl = true) =>
      people.set(who, await house.signIn(account, { device, webGl }));
    const visitor = await house.visitor({ device: 'desk' });
    await seen(button(visitor.page, '登录'));
    await screen('signin', visitor.page);
    expect(visitor.troubles).toEqual([]);
    await visitor.context.close();

    await signIn('grid', `grid.${CELL}`, 'phone');
    await signIn('community', `community.${COMMUNITY}`, 'desk', false);
    await signIn('subdistrict', `subdistrict.${SUBDISTRICT}`, 'desk', false);
    await signIn('centre', 'district.441802', 'desk');
    await signIn('lead', `unit.${LEAD.code}`, 'phone');
    await signIn('lead second device', `unit.${LEAD.code}`, 'phone');
    await signIn('assist', `unit.${ASSIST.code}`, 'phone');
    for (const who of ['community', 'subdistrict', 'centre']) await seen(page(who).getByText('推送正常'));
    expect(await row('centre').count()).toBe(0);
  });
  const loadsBefore = new Map([...people].map(([who, p]) => [who, p.loads()]));

  await step('网格发现: the grid worker reports with a photo; the words choose the category', async () => {
    const at = page('grid');
    await at.getByRole('link', { name: '上报' }).click();
    await at.locator('input[type=file]').setInputFiles(await photo());
    await at.locator('textarea').fill(WORDS);
    await seen(at.locator('.cat.on', { hasText: KIND }));
    await seen(at.getByText('在你的网格内'));
    await seen(at.getByText('紧急：社区 15 分钟内呼叫街道'));
    await screen('field-report', at);
    await button(at, /^上报$/).click();
    await at.getByRole('link', { name: '我报的' }).click();
    await seen(at.locator('li', { hasText: KIND }).getByText('待呼叫'));
    await expect.poll(() => at.locator('li', { hasText: KIND }).count(), { timeout: 30_000 }).toBe(1);
  });

  await step('it stands in the three queues by itself', async () => {
    for (const who of ['community', 'subdistrict', 'centre']) {
      await seen(row(who).getByText('待呼叫'));
      await expect.poll(() => row(who).count(), { timeout: 30_000 }).toBe(1);
      await row(who).click();
      await inState(who, '待呼叫');
      await seen(drawer(who).getByText(WORDS));
    }
    await seen(drawer('community').locator('.photos img'));
  });

  await step('社区呼叫: the community calls', async () => {
    await button(drawer('community'), '呼叫街道').click();
    for (const who of ['community', 'subdistrict', 'centre']) await inState(who, '待统筹');
    await seen(page('grid').locator('li', { hasText: KIND }).getByText('待统筹'));
  });

  await step('街道统筹: the subdistrict accepts, and sends what the run card chose', async () => {
    await button(drawer('subdistrict'), '受理').click();
    await inState('subdistrict', '待派遣');
    await button(drawer('subdistrict').locator('footer'), '派遣').click();
    const chosen = drawer('subdistrict').locator('.chosen li');
    await seen(chosen.filter({ hasText: LEAD.name }).getByText('主办'));
    await seen(chosen.filter({ hasText: ASSIST.name }).getByText('协办', { exact: true }));
    await button(drawer('subdistrict'), '派遣 2 队').click();
    for (const who of ['subdistrict', 'community', 'centre']) await inState(who, '待签收');
  });

  await step('分级响应: both units ring, the lead on both devices', async () => {
    for (const who of ['lead', 'lead second device', 'assist']) {
      await seen(ring(who).getByRole('heading', { name: KIND }));
      await seen(ring(who).getByText('紧急'));
    }
    await seen(ring('lead').getByText('主办'));
    await seen(ring('assist').getByText('协办', { exact: true }));
    await seen(ring('lead').getByText(ASSIST.name));
    await screen('unit-ring', page('lead'));
  });

  await step('the lead acknowledges on one device, and both fall silent', async () => {
    await answerRing(page('lead'));
    await gone(ring('lead'));
    await gone(ring('lead second device'));
    await seen(bigButton('lead', '出发'));
    await seen(ring('assist'));
    for (const who of ['subdistrict', 'centre']) await inState(who, '赶赴中');
    await answerRing(page('assist'));
    await gone(ring('assist'));
    await seen(page('lead').locator('li', { hasText: ASSIST.name }).getByText('签收'));
    await screen('unit-task', page('lead'));
  });

  await step('协同处置: both arrive, one without having pressed that it goes; the centre sees who is where', async () => {
    await bigButton('lead', '出发').click();
    await bigButton('lead', '我已到场').click();
    await seen(bigButton('lead', '处置完成'));
    for (const who of ['subdistrict', 'community', 'centre']) await inState(who, '处置中');
    await seen(page('grid').locator('li', { hasText: KIND }).getByText('处置中'));
    await seen(bigButton('assist', '出发'));
    await button(page('assist').locator('.foot'), '我已到场').click();
    await seen(bigButton('assist', '处置完成'));
    await seen(drawer('centre').locator('li', { hasText: ASSIST.name }).getByText('已到场'));
    await pictures();
  });

  await step('both finish, the lead with a photo; it is not done before the last', async () => {
    await bigButton('lead', '处置完成').click();
    const sheet = page('lead').getByRole('dialog');
    await sheet.locator('input[type=file]').setInputFiles(await photo('after.jpg'));
    await seen(sheet.getByText('已送'));
    await button(sheet, '确认完成').click();
    await seen(page('lead').getByText('还等 1 队协办'));
    await inState('centre', '处置中');
    await bigButton('assist', '处置完成').click();
    await button(page('assist').getByRole('dialog'), '确认完成').click();
    await seen(page('assist').getByText('你们的部分办完了'));
    for (const who of ['subdistrict', 'community', 'centre']) await inState(who, '待核查');
  });

  await step('the check is assigned, and the community confirms that it is closed', async () => {
    await button(drawer('subdistrict'), '安排核查').click();
    await button(drawer('subdistrict'), /^安排核查/)
      .last()
      .click();
    for (const who of ['subdistrict', 'community', 'centre']) await inState(who, '核查中');
    await button(drawer('community'), '确认结案').click();
    await drawer('community').getByRole('radio', { name: '5' }).check();
    await button(drawer('community'), /^确认结案/)
      .last()
      .click();
    for (const who of ['community', 'subdistrict', 'centre']) await inState(who, '已结案');
  });

  await step('everybody sees that it is closed', async () => {
    await seen(page('grid').locator('li', { hasText: KIND }).getByText('已结案'));
    for (const who of ['community', 'subdistrict', 'centre']) await gone(row(who));
    await seen(page('lead').getByText('已结案'));
  });

  for (const [who, person] of people) {
    expect(person.troubles, `the browser of ${who} complains of nothing`).toEqual([]);
    expect(person.strangers, `nobody but the service is asked by ${who}`).toEqual([]);
    expect(person.loads(), `${who} never loaded the page again`).toBe(loadsBefore.get(who));
    expect(person.frames.length, `${who} is told by the socket`).toBeGreaterThan(1);
    expect(person.frames.join('\n'), `no names, accounts or words in the frames of ${who}`).not.toMatch(
      /\p{Script=Han}|grid\.|community\.|subdistrict\.|unit\./u,
    );
  }
});

/** The centre and the grid worker's phone, as they look in the middle of the work. */
async function pictures(): Promise<void> {
  const centre = page('centre');
  await seen(centre.locator('.mapbox canvas'));
  if (SCREENS === null) return;
  const grid = page('grid');
  await grid.getByRole('link', { name: '网格', exact: true }).click();
  await seen(grid.locator('li', { hasText: KIND }));
  await screen('field-home', grid);
  await grid.getByRole('link', { name: '我报的' }).click();
  await centre.keyboard.press('m');
  // Neither the pointer nor the keyboard rests on anything.
  await centre.mouse.move(720, 20);
  await centre.evaluate('document.activeElement.blur()');
  await mapRests(centre);
  await screen('centre-light', centre);
  await button(centre, '深色').click();
  await centre.mouse.move(720, 20);
  await centre.evaluate('document.activeElement.blur()');
  await mapRests(centre);
  await screen('centre-dark', centre);
  await button(centre, '浅色').click();
}

/** The map has flown and drawn: two pictures of it are the same. */
async function mapRests(of: Page): Promise<void> {
  let before: Buffer = Buffer.alloc(0);
  await expect
    .poll(
      async () => {
        const now = await of.locator('.mapbox').screenshot();
        const same = now.equals(before);
        before = now;
        return same;
      },
      { timeout: 60_000, interval: 500 },
    )
    .toBe(true);
}
