import { createHandler } from 'duo-core';
import { offlineEnrollment } from './log-type';

/** Collects the offline enrollment log: AWS Lambda calls this on schedule, `sls invoke local` by hand. */
export const handler = createHandler(offlineEnrollment);
