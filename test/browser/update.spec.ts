/** 新版本 (a new build): taken by itself when nothing is being written, offered when something is, and nothing written is lost. */
import { rmSync } from 'node:fs';
import { afterAll, expect, it } from 'vitest';
import { CELL } from './support/browser.ts';
import { newBuild } from './support/new-build.ts';
import { photo } from './support/photo.ts';
import { useHouse } from './support/use-house.ts';

const ACCOUNT = `grid.${CELL}`;
const WORDS = '人行道塌了一块，写到一半';

const builds: string[] = [];
// Before the service, so that it runs after its end.
afterAll(() => {
  for (const folder of builds) rmSync(folder, { recursive: true, force: true });
});
const stand = useHouse();

it('waits for whoever is writing, keeps the draft, and else comes by itself', async () => {
  const { page, loads, troubles } = await stand.house.signIn(ACCOUNT, { device: 'phone' });
  const update = async (mark: string) => {
    const folder = newBuild(mark);
    builds.push(folder);
    await stand.service.restart(folder);
    await page.evaluate('navigator.serviceWorker.getRegistration().then((r) => r.update()).then(() => undefined)');
  };
  const runs = (mark: string) => page.locator(`script[src*="${mark}.js"]`).waitFor({ state: 'attached' });
  await page.evaluate('navigator.serviceWorker.ready.then(() => undefined)');
  await page.waitForFunction('navigator.serviceWorker.controller !== null');

  await page.getByRole('link', { name: '上报' }).click();
  await page.locator('input[type=file]').setInputFiles(await photo());
  await page.locator('textarea').fill(WORDS);
  await page.getByText('已自动存草稿').waitFor();
  const before = loads();
  await update('aaaa');
  await page.getByText('有新版本').waitFor();
  expect(loads()).toBe(before);
  expect(await page.locator('textarea').inputValue()).toBe(WORDS);

  await page.getByRole('button', { name: '换上', exact: true }).click();
  await runs('aaaa');
  // The same report, at the same address, with what was in it.
  await page.locator('.shot img').waitFor();
  expect(await page.locator('textarea').inputValue()).toBe(WORDS);
  expect(await page.getByText('有新版本').count()).toBe(0);

  await page.getByRole('button', { name: '关闭', exact: true }).click();
  await page.getByText('草稿 · ').waitFor();
  await update('bbbb');
  await runs('bbbb');
  await page.getByText('草稿 · ').waitFor();
  await page.getByRole('link', { name: '接着写' }).click();
  await page.locator('.shot img').waitFor();
  expect(await page.locator('textarea').inputValue()).toBe(WORDS);
  // While the service starts anew a browser says so for each request; anything else would be ours.
  expect(troubles.filter((t) => !t.includes('net::ERR_') && !t.includes('WebSocket connection'))).toEqual([]);
});

it('goes onto a home screen: a manifest with icons of every kind, for both pages', async () => {
  for (const name of ['field', 'unit']) {
    const manifest = (await (await fetch(`${stand.service.url}/${name}/manifest.webmanifest`)).json()) as { icons: unknown };
    expect(manifest).toMatchObject({ id: `/${name}/`, start_url: `/${name}/`, scope: `/${name}/`, display: 'standalone' });
    const icons = manifest.icons as { src: string; sizes: string; type: string; purpose: string }[];
    for (const wanted of ['192x192 any', '512x512 any', '512x512 maskable']) {
      const icon = icons.find((i) => `${i.sizes} ${i.purpose}` === wanted);
      const answer = await fetch(`${stand.service.url}${icon?.src}`);
      expect(answer.headers.get('content-type'), wanted).toBe('image/png');
      // Width stands in the first chunk of a PNG.
      const width = new DataView(await answer.arrayBuffer()).getUint32(16);
      expect(`${width}x${width}`).toBe(icon?.sizes);
    }
    const worker = await (await fetch(`${stand.service.url}/${name}/sw.js`)).text();
    expect(worker).toContain(`/${name}/manifest.webmanifest`);
    expect(worker).not.toContain('__SHELL__');
    expect(worker).not.toMatch(/^\s*(import|export)\b/m);
  }
});
