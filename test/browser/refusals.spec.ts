/** 拒绝 (refusals) as people meet them: somebody was quicker, the place is not ours. What was typed stays. */
import { describe, expect, it } from 'vitest';
import { CELL, COMMUNITY, HERE, SUBDISTRICT } from './support/browser.ts';
import { outside } from './support/outside.ts';
import { useHouse } from './support/use-house.ts';

const stand = useHouse();

describe('two operators at one incident', () => {
  it('the second, who has not heard of it yet, is told, sees the new state, and keeps the words', async () => {
    const behind = outside(stand.service.url);
    const { id } = await behind.report(`grid.${CELL}`, {
      category: 'C0102-02',
      description: '井盖一压就响',
      position: { ...HERE, accuracyM: 6 },
    });
    await behind.move(`community.${COMMUNITY}`, id, { verb: 'call' });
    await behind.move(`subdistrict.${SUBDISTRICT}`, id, { verb: 'accept' });

    const quick = await stand.house.signIn('district.441802', { device: 'desk', webGl: false });
    const deaf = await stand.house.signIn('district.441802.2', { device: 'desk', webGl: false, deaf: true });
    const of = (person: typeof quick) => person.page.locator('article.incident');
    for (const person of [quick, deaf]) {
      await person.page.locator(`#row-${id}`).click();
      await of(person).locator('header .tag', { hasText: '待派遣' }).waitFor();
      await of(person).getByRole('button', { name: '改级别' }).click();
      await person.page.getByRole('radio', { name: '加急' }).check();
    }
    await deaf.page.locator('#field-reason').fill('离学校近，要快一点');
    await quick.page.locator('#field-reason').fill('车流大，盖子撑不久');
    await of(quick).locator('[data-solid]').click();
    await of(quick).locator('.lv-R3').waitFor();

    const refused = deaf.page.waitForResponse((r) => r.url().endsWith('/moves') && r.request().method() === 'POST');
    await of(deaf).locator('[data-solid]').click();
    expect((await refused).status()).toBe(409);
    await of(deaf).getByText('刚刚有人改过，已换成新的，请再确认').waitFor();
    await of(deaf).locator('.lv-R3').waitFor();
    expect(await deaf.page.locator('#field-reason').inputValue()).toBe('离学校近，要快一点');

    const log = await behind.get('district.441802', `/incidents/${id}/moves`);
    expect(log.items.map((m: { verb: string }) => m.verb)).toEqual(['report', 'call', 'accept', 'regrade']);
    for (const person of [quick, deaf]) await person.context.close();
  });
});

describe('a report from outside the district', () => {
  it('says to move the pin, sends nothing, and goes out once the place is inside', async () => {
    const { page, context, troubles } = await stand.house.signIn(`grid.${CELL}`, { device: 'phone', at: { lng: 113.9, lat: 23.7 } });
    const WORDS = '桥头路灯不亮，一片黑';
    const mine = async () =>
      (await outside(stand.service.url).get(`grid.${CELL}`, '/incidents')).items.filter(
        (i: { description: string }) => i.description === WORDS,
      );
    await page.getByRole('link', { name: '上报' }).click();
    await page.locator('textarea').fill(WORDS);
    await page.locator('.cat.on', { hasText: '路灯' }).waitFor();
    await page.locator('.place', { hasText: '位置在区外，请挪一下' }).waitFor();
    await page.getByRole('button', { name: '上报', exact: true }).click();
    await page.getByRole('alert').filter({ hasText: '位置在区外，请挪一下' }).waitFor();
    expect(await mine()).toHaveLength(0);
    expect(await page.locator('textarea').inputValue()).toBe(WORDS);

    await context.setGeolocation({ longitude: HERE.lng, latitude: HERE.lat, accuracy: 6 });
    await page.getByText('在你的网格内').waitFor();
    await page.getByRole('button', { name: '上报', exact: true }).click();
    await page.locator('main li', { hasText: '路灯' }).first().waitFor();
    await expect.poll(async () => (await mine()).length).toBe(1);
    expect(troubles).toEqual([]);
    await context.close();
  });
});
