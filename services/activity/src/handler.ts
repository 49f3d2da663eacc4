import { createHandler } from 'duo-core';
import { activity } from './log-type';

/** Collects the activity log: AWS Lambda calls this on schedule, `sls invoke local` by hand. */
export const handler = createHandler(activity);
