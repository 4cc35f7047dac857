/** 两种语言，两种外观 (two languages, two themes): the centre at its queue and map, with no word missing and nothing sticking out of a phone. */
import { describe, expect, it } from 'vitest';
import { COMMUNITY, SUBDISTRICT } from './support/browser.ts';
import { done, LOCALES, useLooked } from './support/looked.ts';
import { looksRight } from './support/looks-right.ts';

const looked = useLooked();

describe.each(LOCALES)('%s', (locale) => {
  it('the centre, at a desk and on a phone', async () => {
    for (const device of ['desk', 'phone'] as const) {
      const person = await looked.house.enter(`subdistrict.${SUBDISTRICT}`, '/centre/', { device, locale, webGl: false, worker: false });
      const { page } = person;
      await page.locator('#queue .item').first().waitFor();
      // With a push, its delay stands in the top bar: then it is at its widest.
      await looked.behind.move(`community.${COMMUNITY}`, looked.incident, { verb: 'comment', text: '路口已围挡' });
      await page.locator('.push .delay').waitFor({ state: 'attached' });
      await looksRight(page, 'centre-queue');
      await page.locator(`#row-${looked.incident}`).click();
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
      const from = `${new Date(Date.now() - 1_800_000).toISOString().slice(0, 16)}Z`;
      const person = await looked.house.enter('district.441802', `/centre/?replay=${from}`, {
        device,
        locale,
        webGl: false,
        worker: false,
      });
      const { page } = person;
      await page.locator('.log li button').first().click();
      await page.locator('.card-then h2').waitFor();
      await looksRight(page, 'centre-replay-incident');
      await page.keyboard.press('Escape');
      if (device === 'phone') await page.locator('.faces button').last().click();
      await page.locator('.replay .banner').waitFor();
      await looksRight(page, 'centre-replay');
      await page.goto(`${looked.service.url}/centre/?layers=heat-7,units`);
      if (device === 'phone') await page.locator('.faces button').last().click();
      await page.locator('.mapbox .tr button').first().click();
      await page.locator('.layers').waitFor();
      await looksRight(page, 'centre-layers');
      await done(person);
    }
  });

  it('several at once, the search, a drill, and a session that ended', async () => {
    for (const device of ['desk', 'phone'] as const) {
      const path = `/centre/?q=${encodeURIComponent('翻起')}`;
      const person = await looked.house.enter(`subdistrict.${SUBDISTRICT}`, path, { device, locale, webGl: false, worker: false });
      const { page } = person;
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
      await page.goto(`${looked.service.url}/centre/`);
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
      await person.context.request.delete(`${looked.service.url}/api/v1/sessions/current`, { headers: { origin: looked.service.url } });
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
});
