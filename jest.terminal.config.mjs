import config from './jest.config.mjs';

/** The operator's story in a pseudo-terminal, on an AWS that it installs from PyPI: `pnpm test:terminal`. */
export default {
  ...config,
  testMatch: ['<rootDir>/test/terminal/*.test.ts'],
  testTimeout: 300_000,
  globalSetup: '<rootDir>/test/terminal/set-up.ts',
};
