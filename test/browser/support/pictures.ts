/** PICTURES=<folder>: keeps what a page looks like, for whoever wants to look; absent: nothing is kept. */
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import type { Page } from 'playwright';

/** Where a file of that name is to be kept; null: nowhere. */
export function keptAt(name: string): string | null {
  const folder = process.env['PICTURES'];
  if (!folder) return null;
  mkdirSync(folder, { recursive: true });
  return path.join(folder, name);
}

/** The page as it stands. */
export async function pictured(page: Page, name: string): Promise<void> {
  const file = keptAt(`${name}.png`);
  if (file !== null) await page.screenshot({ path: file });
}

/** The page in both themes; it is light afterwards. */
export async function picturedInBoth(page: Page, name: string, fullPage = false): Promise<void> {
  for (const theme of ['light', 'dark'] as const) {
    const file = keptAt(`${name}-${theme}.png`);
    if (file === null) return;
    await page.emulateMedia({ colorScheme: theme });
    await page.locator(`html[data-theme=${theme}]`).waitFor();
    await page.screenshot({ path: file, fullPage });
  }
  await page.emulateMedia({ colorScheme: 'light' });
}
