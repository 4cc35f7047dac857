import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

/** One embedded PostgreSQL for the whole run: test/support/global-setup.ts starts it, whichever project comes first. */
const DATABASE = 'test/support/global-setup.ts';
/** A spec waits for disks, sockets and animations half of its time, so two at once even on two cores. */
const AT_ONCE = Math.max(2, availableParallelism() - 1);

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'node',
          include: ['test/**/*.spec.ts'],
          exclude: ['test/browser/**'],
          globalSetup: [DATABASE],
          maxWorkers: AT_ONCE,
          testTimeout: 60_000,
          hookTimeout: 120_000,
          expect: { poll: { timeout: 20_000 } },
        },
      },
      {
        test: {
          name: 'browser',
          include: ['test/browser/**/*.spec.ts'],
          globalSetup: [DATABASE, 'test/browser/support/fresh-pages.ts'],
          // A browser and a whole server each: after the quick ones, and never more than two.
          maxWorkers: 2,
          sequence: { groupOrder: 1 },
          testTimeout: 240_000,
          hookTimeout: 240_000,
          // A shared machine may starve a browser for seconds: what is waited for may take as long as what is clicked.
          expect: { poll: { timeout: 30_000, interval: 100 } },
        },
      },
    ],
  },
});
