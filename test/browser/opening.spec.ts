/** 正在打开 (opening): a page that does not know yet whose it is says so, and one that is quick shows nothing of it. */
import { describe, expect, it } from 'vitest';
import { useHouse } from './support/use-house.ts';

const stand = useHouse();

const WORDS = `getComputedStyle(document.querySelector('#app'), '::after')`;

describe('while it is not known who is signed in', () => {
  it.each([
    ['/field/', 'phone', 'zh-CN', '正在打开…'],
    ['/unit/', 'phone', 'en-GB', 'Opening…'],
    ['/centre/', 'desk', 'en-GB', 'Opening…'],
    ['/wall/', 'desk', 'zh-CN', '正在打开…'],
  ] as const)('%s on a %s (%s) says that it opens, and goes on once it is', async (path, device, locale, words) => {
    const { page, context } = await stand.house.visitor({ device, locale });
    let answer!: () => void;
    const held = new Promise<void>((goOn) => (answer = goOn));
    await context.route('**/api/v1/me', async (route) => {
      await held;
      await route.continue();
    });
    await page.goto(stand.service.url + path);
    expect(await page.evaluate<string>(`${WORDS}.content`)).toBe(`"${words}"`);
    // Not at once: a page that is quick would flash.
    expect(await page.evaluate<number>(`parseFloat(${WORDS}.animationDelay)`)).toBeGreaterThanOrEqual(0.3);
    await expect.poll(() => page.evaluate<string>(`${WORDS}.opacity`)).toBe('1');
    answer();
    await page.locator('#account').waitFor();
    expect(await page.evaluate<string>(`${WORDS}.content`)).toBe('none');
    await context.close();
  });
});
