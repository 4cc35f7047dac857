import { defineConfig } from 'vitest/config';

/** One embedded PostgreSQL for the whole run: test/support/global-setup.ts starts it, whichever project comes first. */
const globalSetup = ['test/support/global-setup.ts'];

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'node',
          include: ['test/**/*.spec.ts'],
          exclude: ['test/browser/**'],
          globalSetup,
          testTimeout: 60_000,
          hookTimeout: 120_000,
        },
      },
      {
        test: {
          name: 'browser',
          include: ['test/browser/**/*.spec.ts'],
          globalSetup,
          // A browser and a whole server each: one file after the other, after the quick ones.
          fileParallelism: false,
          sequence: { groupOrder: 1 },
          testTimeout: 240_000,
          hookTimeout: 240_000,
          // A shared machine may starve a browser for half a minute. What fails twice is broken.
          retry: process.env.CI ? 1 : 0,
        },
      },
    ],
  },
});
