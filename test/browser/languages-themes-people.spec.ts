/** 两种语言，两种外观 (two languages, two themes): what residents, grid workers and units have before them, with no word missing and nothing sticking out of a phone. */
import { describe, expect, it } from 'vitest';
import { CELL, COMMUNITY } from './support/browser.ts';
import { done, LOCALES, useLooked } from './support/looked.ts';
import { looksRight, WORDS } from './support/looks-right.ts';

const PHONE_PX = 390;

const looked = useLooked();

describe.each(LOCALES)('%s', (locale) => {
  it('sign-in', async () => {
    for (const device of ['phone', 'desk'] as const) {
      const person = await looked.house.visitor({ device, locale });
      await person.page.locator('#account').waitFor();
      await looksRight(person.page, 'signin');
      if (locale === 'en-GB') expect(await person.page.evaluate<string>(WORDS)).not.toMatch(/密码|账号|登录/);
      await done(person);
    }
  });

  it('the page behind a certificate’s QR code', async () => {
    const { rows } = await looked.service.database.db.pool.query<{ number: string; key: string }>(
      'select number, check_key as key from certificate order by number limit 1',
    );
    const person = await looked.house.visitor({ device: 'phone', locale });
    for (const key of [rows[0]!.key, 'A'.repeat(22)]) {
      await person.page.goto(`${looked.service.url}/certificate/?${new URLSearchParams({ n: rows[0]!.number, k: key }).toString()}`);
      await person.page.locator('h2').waitFor();
      await looksRight(person.page, 'certificate');
    }
    await done(person);
  });

  it('residents, who have no account', async () => {
    const { link } = await looked.behind.get(`community.${COMMUNITY}`, `/incidents/${looked.incident}/residents`);
    for (const device of ['phone', 'desk'] as const) {
      const person = await looked.house.visitor({ device, locale });
      const { page } = person;
      for (const [name, path, part] of [
        ['resident-number', '/r/', '.form .big'],
        ['resident-report', '/r/report', '.kinds label'],
        ['resident-activities', '/r/activities', '.list .card'],
        ['resident-progress', link.path, '.steps li'],
      ] as const) {
        await page.goto(`${looked.service.url}${path}`);
        await page.locator(part).first().waitFor();
        await looksRight(page, name);
      }
      await done(person);
    }
  });

  it('the grid worker', async () => {
    for (const device of ['phone', 'desk'] as const) {
      const person = await looked.house.enter(`grid.${CELL}`, '/field/', { device, locale, worker: false });
      const { page } = person;
      const pages = [
        ['home', '', '.tabs'],
        ['tasks', 'tasks', 'h1'],
        ['mine', 'mine', 'main li, .list li'],
        ['me', 'me', '.choice'],
        ['walk', 'walk', 'ol.stops li, .empty'],
        ['cobuild', 'cobuild', '.needs li'],
        ['cobuild-need', 'cobuild/need/need-01', '.log li'],
        ['incident', `incident/${looked.incident}`, '.log li'],
        ['report', 'report', '.place .map'],
      ] as const;
      for (const [name, path, part] of pages) {
        await page.goto(`${looked.service.url}/field/#/${path}`);
        await page.locator(part).first().waitFor();
        await looksRight(page, `field-${name}`);
      }
      await page.locator('textarea').fill('污水井盖');
      await page.locator('.cat.on').waitFor();
      await looksRight(page, 'field-report-category');
      await page.locator('.cats button').last().click();
      await page.locator('dialog .line').first().waitFor();
      await looksRight(page, 'field-report-categories');
      await page.goto(`${looked.service.url}/field/#/cobuild`);
      await page.locator('.faces button').last().click();
      await page.locator('.activities > li').first().waitFor();
      await looksRight(page, 'field-cobuild-activities');
      if (device === 'phone') expect(await page.evaluate<number>('innerWidth')).toBe(PHONE_PX);
      await done(person);
    }
  });

  it('the responding unit', async () => {
    for (const device of ['phone', 'desk'] as const) {
      const rung = await looked.house.enter('unit.urban-traffic', '/unit/', { device, locale, worker: false });
      await rung.page.locator('dialog.ring .addr').waitFor();
      await looksRight(rung.page, 'unit-ring');
      await done(rung);

      const working = await looked.house.enter('unit.north-drainage', '/unit/', { device, locale, worker: false });
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
});
