import { it } from 'vitest';
import { startTestServer } from '../support/server.ts';
import { freshPages, openHouse } from './support/browser.ts';
it('probe', async () => {
  freshPages();
  const s = await startTestServer({ pages: true });
  const h = await openHouse(s.url);
  const p = await h.visitor({ device: 'phone', locale: 'en-GB' });
  const CRAMPED = `[...document.querySelectorAll('button, a.btn, a.tab')]
  .filter((e) => e.checkVisibility() && e.innerText.trim() !== '' && e.scrollWidth > e.clientWidth + 1)
  .map((e) => e.innerText.trim())`;
  await p.page.locator('#account').waitFor();
  console.log(await p.page.evaluate(CRAMPED));
  await p.page.evaluate(`document.querySelector('.switch').style.width = '40px'; document.querySelector('.switch').style.overflow = 'hidden'`);
  console.log(await p.page.evaluate(CRAMPED));
  await h.close();
  await s.stop();
});
