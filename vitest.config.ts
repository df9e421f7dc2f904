import { defineConfig } from 'vitest/config';
import { reusedFiles } from './test/abuse/reused-tests.ts';

export default defineConfig({
  test: {
    // The default leaves a core to watch mode, which is half of a machine with two.
    maxWorkers: '100%',
    projects: [
      {
        test: {
          name: 'fast',
          include: ['{test,packages/*/test}/**/*.test.{ts,tsx}'],
          exclude: ['test/{end-to-end,abuse}/**', '**/*.browser.test.{ts,tsx}'],
          testTimeout: 20_000,
        },
      },
      {
        test: {
          name: 'browser',
          include: ['{test,packages/*/test}/**/*.browser.test.{ts,tsx}'],
          exclude: ['test/end-to-end/**'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
      {
        test: {
          name: 'end-to-end',
          include: ['test/end-to-end/**/*.test.ts'],
          testTimeout: 300_000,
          hookTimeout: 120_000,
          fileParallelism: false,
        },
      },
      {
        test: {
          name: 'abuse',
          include: ['test/abuse/**/*.test.ts', ...reusedFiles],
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
    ],
  },
});
