import { createHandler } from 'duo-core';
import { telephony } from './log-type';

/** Collects the telephony log: AWS Lambda calls this on schedule, `sls invoke local` by hand. */
export const handler = createHandler(telephony);
