/** 正在打开 (opening): a page that does not know yet whose it is says so, and one that is quick shows nothing of it. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestServer, type TestServer } from '../support/server.ts';
import { openHouse, type House } from './support/browser.ts';

let service: TestServer;
let house: House;

beforeAll(async () => {
  service = await startTestServer({ pages: true });
  house = await openHouse(service.url);
});
afterAll(async () => {
  await house?.close();
  await service?.stop();
});

const WORDS = `getComputedStyle(document.querySelector('#app'), '::after')`;

describe('while it is not known who is signed in', () => {
  it.each([
    ['/field/', 'phone', 'zh-CN', '正在打开…'],
    ['/unit/', 'phone', 'en-GB', 'Opening…'],
    ['/centre/', 'desk', 'en-GB', 'Opening…'],
    ['/wall/', 'desk', 'zh-CN', '正在打开…'],
  ] as const)('%s on a %s (%s) says that it opens, and goes on once it is', async (path, device, locale, words) => {
    const { page, context } = await house.visitor({ device, locale });
    let answer!: () => void;
    const held = new Promise<void>((goOn) => (answer = goOn));
    await context.route('**/api/v1/me', async (route) => {
      await held;
      await route.continue();
    });
    await page.goto(service.url + path);
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
