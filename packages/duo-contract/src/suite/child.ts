import type { AccountSetup } from 'duo-simulator';

/** An account beside the simulator's own that a test collects: a child, whose records the simulator's own keys read. */
export const child = {
  name: 'acme-north',
  apiHost: 'api-acme-north.duosecurity.com',
  accountId: 'DAACMENORTH000000000',
} satisfies AccountSetup;
