import { createHandler, createReconcileHandler } from 'duo-core';
import { activity } from './log-type';

/** Collects the activity log: AWS Lambda calls this on schedule, `sls invoke local` by hand. */
export const collect = createHandler(activity);

/** Reconciles the days of the activity log with Duo: AWS Lambda calls this on a schedule of its own. */
export const reconcile = createReconcileHandler(activity);
