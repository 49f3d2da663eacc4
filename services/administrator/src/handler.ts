import { createHandler, createReconcileHandler } from 'duo-core';
import { administrator } from './log-type';

/** Collects the administrator log: AWS Lambda calls this on schedule, `sls invoke local` by hand. */
export const collect = createHandler(administrator);

/** Reconciles the days of the administrator log with Duo: AWS Lambda calls this on a schedule of its own. */
export const reconcile = createReconcileHandler(administrator);
