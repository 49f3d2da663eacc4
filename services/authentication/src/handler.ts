import { createHandler } from 'duo-core';
import { authentication } from './log-type';

/** Collects the authentication log: AWS Lambda calls this on schedule, `sls invoke local` by hand. */
export const handler = createHandler(authentication);
