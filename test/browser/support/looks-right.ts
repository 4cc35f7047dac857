/** What every page must be in any language and theme: worded, lit as chosen, within its screen, readable by all (axe). With SCREENS=1 it is also pictured. */
import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import type { AxeResults } from 'axe-core';
import type { Page } from 'playwright';
import sharp from 'sharp';
import { expect } from 'vitest';

/** A key of a message that nobody wrote stands there as itself: `centre.queue.title`. */
const KEY = /\b(?:shared|field|report|incident|signIn|unit|centre|wall|certificate|resident|forResidents)\.[a-zA-Z][\w.]*/;
const OTHER = { light: 'dark', dark: 'light' } as const;
type Theme = keyof typeof OTHER;
const PHONE_PX = 480;
/** WCAG 2.2 at level AA, with all that it took over from 2.0 and 2.1. */
const WCAG = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];
const OF_COLOURS = ['color-contrast', 'link-in-text-block'];
/** The ninth row of a list is made as the first eight are, and each costs axe as much. */
const FURTHER_ROWS = ['li', 'tbody tr', 'article', '[role=row]', '[role=option]'].map((row) => `${row}:nth-of-type(n + 9)`);
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const SCREENS = process.env.SCREENS === '1' ? fileURLToPath(new URL('../../../docs/screens/pages/', import.meta.url)) : null;

/** Everything that is read: text, and what stands in for it. */
export const WORDS = `[
  document.title,
  document.body.innerText,
  ...[...document.querySelectorAll('[aria-label], [placeholder], [title], [alt]')].flatMap((e) =>
    ['aria-label', 'placeholder', 'title', 'alt'].map((name) => e.getAttribute(name) ?? '')),
].join('\\n')`;

/** Brightness of the ground, 0 to 255. */
const GROUND = `(() => {
  const [r, g, b] = getComputedStyle(document.body).backgroundColor.match(/[\\d.]+/g).map(Number);
  return 0.3 * r + 0.6 * g + 0.1 * b;
})()`;

/** Buttons whose own words do not fit into them. */
const CRAMPED = `[...document.querySelectorAll('button, a.btn, a.tab')]
  .filter((e) => e.checkVisibility() && e.innerText.trim() !== '' && e.scrollWidth > e.clientWidth + 1)
  .map((e) => e.innerText.trim())`;

interface Look {
  readonly words: string;
  readonly ground: number;
  readonly cramped: string[];
  readonly width: number;
  readonly most: number;
}
const LOOK = `({
  words: ${WORDS},
  ground: ${GROUND},
  cramped: ${CRAMPED},
  width: innerWidth,
  most: Math.max(document.documentElement.scrollWidth, document.body.scrollWidth),
})`;

/**
 * Looks at the page as it stands, in both themes. All that is wrong is told, not only the first.
 *
 * @param what  the page's name, also that of its picture: `field-home`.
 */
export async function looksRight(page: Page, what: string): Promise<void> {
  // First as it is: each change of theme draws the whole page anew.
  const shown = await page.evaluate<Theme>('document.documentElement.dataset.theme');
  for (const theme of [shown, OTHER[shown]]) {
    if (theme !== shown) {
      await page.emulateMedia({ colorScheme: theme });
      await page.locator(`html[data-theme=${theme}]`).waitFor();
    }
    const { words, ground, cramped, width, most } = await page.evaluate<Look>(LOOK);
    expect.soft(words.length, `${what} has words`).toBeGreaterThan(20);
    expect.soft(KEY.exec(words)?.[0], `${what}: a message that is missing`).toBeUndefined();
    if (theme === 'dark') expect.soft(ground, `${what} is dark`).toBeLessThan(80);
    else expect.soft(ground, `${what} is light`).toBeGreaterThan(180);
    expect.soft(most, `${what} ${theme} sticks out to the right`).toBeLessThanOrEqual(width);
    expect.soft(cramped, `${what}: buttons too narrow for their words`).toEqual([]);
    const device = page.viewportSize()!.width <= PHONE_PX ? 'phone' : 'desk';
    // At a desk English differs from Chinese in its words alone, and these are looked at on the phone, where they have least room.
    if (device === 'phone' || (await isChinese(page))) {
      const found = await violations(page, theme === shown ? 'all' : 'colours');
      expect.soft(found, `${what} ${theme}: what axe found`).toEqual([]);
    }
    await picture(page, `${what}-${device}-${theme}`);
  }
}

/**
 * Handed to the page past its content security policy.
 *
 * @param rules  `colours`: only those that a theme can break; names, roles and order are the same in both.
 * @returns a line for each part of the page that breaks a rule.
 */
export async function violations(page: Page, rules: 'all' | 'colours' = 'all'): Promise<string[]> {
  // Half a megabyte: handed over once a page.
  if (!(await page.evaluate<boolean>('"axe" in window'))) await page.evaluate(AXE);
  const runOnly = rules === 'all' ? { type: 'tag', values: WCAG } : { type: 'rule', values: OF_COLOURS };
  const [context, options] = [{ exclude: FURTHER_ROWS }, { runOnly, resultTypes: ['violations'], preload: false }].map((o) =>
    JSON.stringify(o),
  );
  const found = await page.evaluate<AxeResults>(`axe.run(${context}, ${options})`);
  return found.violations.flatMap(({ id, nodes }) => nodes.map((n) => `${id}: ${n.target.join(' ')} ${n.failureSummary ?? ''}`));
}

const isChinese = async (page: Page): Promise<boolean> => (await page.evaluate<string>('document.documentElement.lang')).startsWith('zh');

async function picture(page: Page, name: string): Promise<void> {
  if (SCREENS === null || !(await isChinese(page))) return;
  mkdirSync(SCREENS, { recursive: true });
  // A live map waits for nothing: what is drawn by now is what a person sees.
  await page.evaluate('document.fonts.ready.then(() => 0)');
  await sharp(await page.screenshot({ animations: 'disabled' }))
    .webp({ quality: 82, effort: 6 })
    .toFile(`${SCREENS}${name}.webp`);
}
