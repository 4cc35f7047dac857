import { chromium } from 'playwright';
import { expect, it } from 'vitest';
import { openHouse } from '../app/house.ts';
import { browser } from '../support/chromium.ts';

it('the API page shows every route of ours and asks nobody else, under the policy that forbids scripts in pages', async () => {
  const house = await openHouse();
  const started = await chromium.launch(await browser());
  try {
    const url = await house.listen();
    const page = await started.newPage();
    const complaints: string[] = [];
    const foreign: string[] = [];
    page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(error.message));
    page.on('request', (request) => !/^(data|blob):/.test(request.url()) && !request.url().startsWith(url) && foreign.push(request.url()));
    await page.goto(`${url}/docs`);
    await page.getByText('/api/v1/sessions', { exact: true }).first().waitFor();
    const shown = await page.locator('.opblock-summary-path').allTextContents();
    expect(shown.map((path) => path.replaceAll('\u200b', ''))).toEqual(
      expect.arrayContaining(['/api/v1/sessions', '/api/v1/sessions/current', '/api/v1/me', '/api/v1/photos', '/api/v1/photos/{id}']),
    );
    await page.locator('.opblock-summary-path', { hasText: 'photos' }).first().click();
    await page.getByText('Turned upright').waitFor();
    expect({ complaints, foreign }).toEqual({ complaints: [], foreign: [] });
  } finally {
    await started.close();
    await house.close();
  }
});
