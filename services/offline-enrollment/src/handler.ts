import { createHandler, createReconcileHandler } from 'duo-core';
import { offlineEnrollment } from './log-type';

/** Collects the offline enrollment log: AWS Lambda calls this on schedule, `sls invoke local` by hand. */
export const collect = createHandler(offlineEnrollment);

/** Reconciles the days of the offline enrollment log with Duo: AWS Lambda calls this on a schedule of its own. */
export const reconcile = createReconcileHandler(offlineEnrollment);
