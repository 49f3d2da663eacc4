import config from './jest.config.mjs';

/** The page of `duo report` in a real headless Chromium, which has to be on the machine: `pnpm test:report`. */
export default {
  ...config,
  testMatch: ['<rootDir>/test/report/*.test.ts'],
  testTimeout: 120_000,
};
