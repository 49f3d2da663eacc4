import { createHandler } from 'duo-core';
import { trustMonitor } from './log-type';

/** Collects the trust monitor events: AWS Lambda calls this on schedule, `sls invoke local` by hand. */
export const handler = createHandler(trustMonitor);
