import config from './jest.config.mjs';

/** The tests that need an S3 server, which they install from PyPI: `pnpm test:s3`. */
export default {
  ...config,
  testMatch: ['<rootDir>/test/s3/*.test.ts'],
  testTimeout: 120_000,
  globalSetup: '<rootDir>/test/s3/set-up.ts',
};
