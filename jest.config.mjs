// Node.js 20 is fine for development; the deployed runtime is newer.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';

/** @type {import('jest').Config} */
export default {
  testEnvironment: 'node',
  // As many as there are cores; by default one is left idle, which on two cores is half of the machine.
  maxWorkers: '100%',
  // No test waits for a clock; a slow machine needs more than the usual 5 seconds for some.
  testTimeout: 60_000,
  testMatch: ['<rootDir>/{packages,services}/*/test/**/*.test.ts', '<rootDir>/test/{,settings/}*.test.ts'],
  // ES modules alone, which jest's own `require` cannot read.
  transformIgnorePatterns: ['/node_modules/(?!\\.pnpm|hyparquet|hyparquet-writer)'],
  transform: {
    'hyparquet.*\\.js$': ['@swc/jest', { jsc: { target: 'es2023' }, module: { type: 'commonjs' } }],
    '\\.ts$': ['@swc/jest', { jsc: { target: 'es2023', parser: { syntax: 'typescript' } } }],
  },
};
