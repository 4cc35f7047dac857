/** 两种语言，两种外观 (two languages, two themes): the centre’s further pages, and the wall, with no word missing and nothing sticking out of a phone. */
import { describe, expect, it } from 'vitest';
import { SUBDISTRICT, turnTo, type Person } from './support/browser.ts';
import { done, LOCALES, useLooked } from './support/looked.ts';
import { looksRight } from './support/looks-right.ts';

const looked = useLooked();

describe.each(LOCALES)('%s', (locale) => {
  describe.each(['desk', 'phone'] as const)('at the %s', (device) => {
    const atCentre = (search: string, work: (page: Person['page']) => Promise<void>) => async () => {
      const person = await looked.house.enter('district.441802', `/centre/${search}`, { device, locale, webGl: false, worker: false });
      await work(person.page);
      await done(person);
    };

    it(
      'the pages beside queue and map',
      atCentre('?view=notices', async (page) => {
        for (const view of ['notices', 'figures', 'roster', 'responsibility', 'dossiers', 'settings']) {
          await turnTo(page, `?view=${view}`);
          await page.locator('.col-page').getByRole('heading').first().waitFor();
          await looksRight(page, `centre-${view}`);
        }
      }),
    );

    it(
      'the people and papers of 共建共治',
      atCentre('?view=cobuild', async (page) => {
        for (const part of ['committees', 'conferences', 'agreements', 'leaders']) {
          await turnTo(page, `?view=cobuild&part=${part}`);
          const shown = page.locator(`[aria-labelledby=cobuild-${part}] .cobuild-part`);
          await shown.locator('.rows li, .leader').first().waitFor();
          await looksRight(page, `centre-cobuild-${part}`);
          if (part === 'leaders') continue;
          await shown.locator('.rows li > button').first().click();
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
      atCentre('?view=cobuild', async (page) => {
        for (const part of ['needs', 'resources', 'projects', 'activities', 'appraisals', 'plans']) {
          await turnTo(page, `?view=cobuild&part=${part}`);
          const shown = page.locator(`[aria-labelledby=cobuild-${part}] .cobuild-part`);
          await shown.locator(':is(.rows li, .items li, article.card, .empty, .phase)').first().waitFor();
          await looksRight(page, `centre-cobuild-${part}`);
          const row = shown.locator('.need .title, .rows li > button').first();
          if ((await row.count()) === 0) continue;
          await row.click();
          await page.locator('.panel h2').waitFor();
          await looksRight(page, `centre-cobuild-${part}-one`);
        }
      }),
    );
  });

  it('the wall', async () => {
    const person = await looked.house.enter('district.441802', '/wall/', { device: 'desk', locale, webGl: false, worker: false });
    const { page } = person;
    const sizes = [
      { width: 1920, height: 1080 },
      { width: 1440, height: 900 },
      { width: 390, height: 844 },
    ];
    for (const [name, search, part] of [
      ['plan', '', '.rows [data-row]'],
      ['subdistrict', `?place=${SUBDISTRICT}`, '.rows .task'],
      ['today', '?face=today', '.rows [data-row]'],
    ] as const) {
      // Loaded as it hangs on a wall; a window that is made another size has to fit as well.
      await page.setViewportSize(sizes[0]!);
      if (search !== '') await page.goto(`${looked.service.url}/wall/${search}`);
      for (const size of sizes) {
        await page.setViewportSize(size);
        // Map and charts are drawn anew for the new size: what sticks out then sticks out.
        await expect.poll(() => page.evaluate<boolean>('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
        await page.locator(part).first().waitFor();
        await page.locator('.geo svg').waitFor();
        await looksRight(page, `wall-${name}-${size.width}`);
      }
    }
    await done(person);
  });
});
