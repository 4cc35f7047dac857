/** Steps of a long story, each named, so that a failure says where it was and leaves a picture of every window. */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Person } from './browser.ts';

export type Step = (name: string, does: () => Promise<void>) => Promise<void>;

/** @param people  by the name under which their picture is kept. */
export function stepsOf(people: ReadonlyMap<string, Person>): Step {
  return async (name, does) => {
    try {
      await does();
    } catch (error) {
      const folder = mkdtempSync(path.join(tmpdir(), 'fengming-pictures-'));
      for (const [who, { page }] of people) {
        await page.screenshot({ path: path.join(folder, `${who}.png`), timeout: 10_000 }).catch(() => undefined);
      }
      const troubles = [...people].flatMap(([who, p]) => p.troubles.map((t) => `${who}: ${t}`));
      throw new Error([`${name}: ${(error as Error).message}`, `pictures of all windows: ${folder}`, ...troubles].join('\n'), {
        cause: error,
      });
    }
  };
}
