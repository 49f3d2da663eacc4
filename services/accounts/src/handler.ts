import { createStarter } from 'duo-accounts';

/** Starts the runs of the accounts whose turn it is: AWS Lambda calls this every minute. */
export const start = createStarter();
