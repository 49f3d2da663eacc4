import { createHandler, createReconcileHandler } from 'duo-core';
import { trustMonitor } from './log-type';

/** Collects the trust monitor events: AWS Lambda calls this on schedule, `sls invoke local` by hand. */
export const collect = createHandler(trustMonitor);

/** Reconciles the days of the trust monitor log with Duo: AWS Lambda calls this on a schedule of its own. */
export const reconcile = createReconcileHandler(trustMonitor);
