import { createHandler } from 'duo-core';
import { administrator } from './log-type';

/** Collects the administrator log: AWS Lambda calls this on schedule, `sls invoke local` by hand. */
export const handler = createHandler(administrator);
