/** 两种语言，两种外观 (two languages, two themes): every page in each, with no word missing and nothing sticking out of a phone. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestServer, type TestServer } from '../support/server.ts';
import { CELL, COMMUNITY, HERE, openHouse, SUBDISTRICT, type House, type Person } from './support/browser.ts';
import { looksRight, WORDS } from './support/looks-right.ts';
import { outside } from './support/outside.ts';

const PHONE_PX = 390;

let service: TestServer;
let house: House;
let behind: ReturnType<typeof outside>;
/** Its lead has acknowledged, its assisting unit is rung. */
let incident: string;

beforeAll(async () => {
  service = await startTestServer({ pages: true });
  house = await openHouse(service.url);
  behind = outside(service.url);
  const { id } = await behind.report(`grid.${CELL}`, {
    category: 'C0102-01',
    description: '井盖翻起',
    position: { ...HERE, accuracyM: 6 },
  });
  await behind.move(`community.${COMMUNITY}`, id, { verb: 'call' });
  await behind.move(`subdistrict.${SUBDISTRICT}`, id, { verb: 'accept' });
  const { assignments } = await behind.move(`subdistrict.${SUBDISTRICT}`, id, {
    verb: 'dispatch',
    lead: { unit: 'north-drainage' },
    assisting: [{ unit: 'urban-traffic' }],
  });
  const lead = assignments.find((a: { role: string }) => a.role === 'lead').id;
  await behind.move('unit.north-drainage', id, { verb: 'acknowledge', assignment: lead });
  incident = id;
});
afterAll(async () => {
  await house?.close();
  await service?.stop();
});

const LOCALES = ['zh-CN', 'en-GB'] as const;

describe.each(LOCALES)('%s', (locale) => {
  const done = async ({ context, troubles, strangers }: Person) => {
    expect(troubles).toEqual([]);
    expect(strangers).toEqual([]);
    await context.close();
  };

  it('sign-in', async () => {
    for (const device of ['phone', 'desk'] as const) {
      const person = await house.visitor({ device, locale });
      await person.page.locator('#account').waitFor();
      await looksRight(person.page, 'signin');
      if (locale === 'en-GB') expect(await person.page.evaluate<string>(WORDS)).not.toMatch(/密码|账号|登录/);
      await done(person);
    }
  });

  it('the page behind a certificate’s QR code', async () => {
    const { rows } = await service.database.db.pool.query<{ number: string; key: string }>(
      'select number, check_key as key from certificate order by number limit 1',
    );
    const person = await house.visitor({ device: 'phone', locale });
    for (const key of [rows[0]!.key, 'A'.repeat(22)]) {
      await person.page.goto(`${service.url}/certificate/?${new URLSearchParams({ n: rows[0]!.number, k: key }).toString()}`);
      await person.page.locator('h2').waitFor();
      await looksRight(person.page, 'certificate');
    }
    await done(person);
  });

  it('residents, who have no account', async () => {
    const { link } = await behind.get(`community.${COMMUNITY}`, `/incidents/${incident}/residents`);
    for (const device of ['phone', 'desk'] as const) {
      const person = await house.visitor({ device, locale });
      const { page } = person;
      for (const [name, path, part] of [
        ['resident-number', '/r/', '.form .big'],
        ['resident-report', '/r/report', '.kinds label'],
        ['resident-activities', '/r/activities', '.list .card'],
        ['resident-progress', link.path, '.steps li'],
      ] as const) {
        await page.goto(`${service.url}${path}`);
        await page.locator(part).first().waitFor();
        await looksRight(page, name);
      }
      await done(person);
    }
  });

  it('the grid worker', async () => {
    for (const device of ['phone', 'desk'] as const) {
      const person = await house.signIn(`grid.${CELL}`, { device, locale });
      const { page } = person;
      const pages = [
        ['home', '', '.tabs'],
        ['tasks', 'tasks', 'h1'],
        ['mine', 'mine', 'main li, .list li'],
        ['me', 'me', '.choice'],
        ['walk', 'walk', 'ol.stops li, .empty'],
        ['cobuild', 'cobuild', '.needs li'],
        ['cobuild-need', 'cobuild/need/need-01', '.log li'],
        ['incident', `incident/${incident}`, '.log li'],
        ['report', 'report', '.place .map'],
      ] as const;
      for (const [name, path, part] of pages) {
        await page.goto(`${service.url}/field/#/${path}`);
        await page.locator(part).first().waitFor();
        await looksRight(page, `field-${name}`);
      }
      await page.locator('textarea').fill('污水井盖');
      await page.locator('.cat.on').waitFor();
      await looksRight(page, 'field-report-category');
      await page.locator('.cats button').last().click();
      await page.locator('dialog .line').first().waitFor();
      await looksRight(page, 'field-report-categories');
      await page.goto(`${service.url}/field/#/cobuild`);
      await page.locator('.faces button').last().click();
      await page.locator('.activities > li').first().waitFor();
      await looksRight(page, 'field-cobuild-activities');
      if (device === 'phone') expect(await page.evaluate<number>('innerWidth')).toBe(PHONE_PX);
      await done(person);
    }
  });

  it('the responding unit', async () => {
    for (const device of ['phone', 'desk'] as const) {
      const rung = await house.signIn('unit.urban-traffic', { device, locale });
      await rung.page.locator('dialog.ring .addr').waitFor();
      await looksRight(rung.page, 'unit-ring');
      await done(rung);

      const working = await house.signIn('unit.north-drainage', { device, locale });
      await working.page.locator('.job').first().waitFor();
      await looksRight(working.page, 'unit-jobs');
      await working.page.locator('.job').first().click();
      await working.page.locator('.foot button.big').waitFor();
      await looksRight(working.page, 'unit-task');
      await working.page.evaluate("location.hash = '#/check'");
      await working.page.locator('.check li').first().waitFor();
      await looksRight(working.page, 'unit-check');
      await done(working);
    }
  });

  it('the centre, at a desk and on a phone', async () => {
    for (const device of ['desk', 'phone'] as const) {
      const person = await house.signIn(`subdistrict.${SUBDISTRICT}`, { device, locale, webGl: false });
      const { page } = person;
      await page.locator('#queue .item').first().waitFor();
      // With a push, its delay stands in the top bar: then it is at its widest.
      await behind.move(`community.${COMMUNITY}`, incident, { verb: 'comment', text: '路口已围挡' });
      await page.locator('.push .delay').waitFor({ state: 'attached' });
      await looksRight(page, 'centre-queue');
      await page.locator(`#row-${incident}`).click();
      for (const tab of ['progress', 'deadline', 'dispatch', 'push']) {
        await page.locator(`#tab-${tab}`).click();
        await page.locator(`#drawer-body[aria-labelledby=tab-${tab}] h4`).first().waitFor();
        await looksRight(page, `centre-${tab}`);
      }
      await done(person);
    }
  });

  it('an hour played again, and the layers of the map', async () => {
    for (const device of ['desk', 'phone'] as const) {
      const person = await house.signIn('district.441802', { device, locale, webGl: false });
      const { page } = person;
      const from = `${new Date(Date.now() - 1_800_000).toISOString().slice(0, 16)}Z`;
      await page.goto(`${service.url}/centre/?replay=${from}`);
      await page.locator('.log li button').first().click();
      await page.locator('.card-then h2').waitFor();
      await looksRight(page, 'centre-replay-incident');
      await page.keyboard.press('Escape');
      if (device === 'phone') await page.locator('.faces button').last().click();
      await page.locator('.replay .banner').waitFor();
      await looksRight(page, 'centre-replay');
      await page.goto(`${service.url}/centre/?layers=heat-7,units`);
      if (device === 'phone') await page.locator('.faces button').last().click();
      await page.locator('.mapbox .tr button').first().click();
      await page.locator('.layers').waitFor();
      await looksRight(page, 'centre-layers');
      await done(person);
    }
  });

  it('several at once, the search, a drill, and a session that ended', async () => {
    for (const device of ['desk', 'phone'] as const) {
      const person = await house.signIn(`subdistrict.${SUBDISTRICT}`, { device, locale, webGl: false });
      const { page } = person;
      await page.goto(`${service.url}/centre/?q=${encodeURIComponent('翻起')}`);
      await page.locator('#queue .list mark').first().waitFor();
      await looksRight(page, 'centre-search');
      await page.locator('.box .tick').first().check({ force: true });
      await looksRight(page, 'centre-selected');
      await page.locator('.bar .btn.soft').click();
      await page.locator('.panel .offers .btn').first().waitFor();
      await looksRight(page, 'centre-batch');
      await page.locator('.panel .offers .btn').first().click();
      await page.locator('.panel [data-solid]').waitFor();
      await looksRight(page, 'centre-batch-form');
      await page.goto(`${service.url}/centre/`);
      await page.locator('.view').click();
      await page.locator('.el-dropdown-menu__item').last().click();
      await page.locator('dialog[open] .btn.pri').waitFor();
      await looksRight(page, 'centre-drill-begin');
      await page.locator('dialog[open] .btn.pri').click();
      await page.locator('.drill-line').waitFor();
      await looksRight(page, 'centre-drill');
      await page.locator('.drill-line .btn').last().click();
      await page.locator('dialog[open] .btn.pri:not(:disabled)').waitFor();
      await looksRight(page, 'centre-drill-end');
      await page.locator('dialog[open] .btn.pri').click();
      await person.context.request.delete(`${service.url}/api/v1/sessions/current`, { headers: { origin: service.url } });
      await page.locator('#again-password').waitFor();
      await looksRight(page, 'centre-session-ended');
      await page.keyboard.press('Escape');
      await page.locator('.strip.line').waitFor();
      await looksRight(page, 'centre-signed-out');
      // That nobody is signed in is what it is about.
      expect(person.troubles.filter((t) => !t.includes('401'))).toEqual([]);
      await person.context.close();
    }
  });

  describe.each(['desk', 'phone'] as const)('at the %s', (device) => {
    const atCentre = (work: (page: Person['page']) => Promise<void>) => async () => {
      const person = await house.signIn('district.441802', { device, locale, webGl: false });
      await work(person.page);
      await done(person);
    };

    it(
      'the pages beside queue and map',
      atCentre(async (page) => {
        for (const view of ['notices', 'figures', 'roster', 'responsibility', 'dossiers', 'settings']) {
          await page.goto(`${service.url}/centre/?view=${view}`);
          await page.locator('.col-page').getByRole('heading').first().waitFor();
          await looksRight(page, `centre-${view}`);
        }
      }),
    );

    it(
      'the people and papers of 共建共治',
      atCentre(async (page) => {
        for (const part of ['committees', 'conferences', 'agreements', 'leaders']) {
          await page.goto(`${service.url}/centre/?view=cobuild&part=${part}`);
          await page.locator('.cobuild-part .rows li, .cobuild-part .leader').first().waitFor();
          await looksRight(page, `centre-cobuild-${part}`);
          if (part === 'leaders') continue;
          await page.locator('.cobuild-part .rows li > button').first().click();
          await page.locator('.panel h2').waitFor();
          await looksRight(page, `centre-cobuild-${part}-one`);
          if (part !== 'agreements') continue;
          await page.locator('.panel footer button').last().click();
          await page.locator('.print-sheet .paper').waitFor();
          await looksRight(page, 'centre-cobuild-agreement-paper');
        }
      }),
    );

    it(
      'the work of 共建共治',
      atCentre(async (page) => {
        for (const part of ['needs', 'resources', 'projects', 'activities', 'appraisals', 'plans']) {
          await page.goto(`${service.url}/centre/?view=cobuild&part=${part}`);
          await page.locator('.cobuild-part :is(.rows li, .items li, article.card, .empty, .phase)').first().waitFor();
          await looksRight(page, `centre-cobuild-${part}`);
          const row = page.locator('.cobuild-part .need .title, .cobuild-part .rows li > button').first();
          if ((await row.count()) === 0) continue;
          await row.click();
          await page.locator('.panel h2').waitFor();
          await looksRight(page, `centre-cobuild-${part}-one`);
        }
      }),
    );
  });

  it('the wall', async () => {
    const person = await house.signIn('district.441802', { device: 'desk', locale, webGl: false });
    const { page } = person;
    const sizes = [
      { width: 1920, height: 1080 },
      { width: 1440, height: 900 },
      { width: 390, height: 844 },
    ];
    for (const size of sizes) {
      await page.setViewportSize(size);
      for (const [name, search, part] of [
        ['plan', '', '.rows [data-row]'],
        ['subdistrict', `?place=${SUBDISTRICT}`, '.rows .task'],
        ['today', '?face=today', '.rows [data-row]'],
      ] as const) {
        await page.goto(`${service.url}/wall/${search}`);
        await page.locator(part).first().waitFor();
        await page.locator('.geo svg').waitFor();
        await looksRight(page, `wall-${name}-${size.width}`);
      }
    }
    await done(person);
  });
});
