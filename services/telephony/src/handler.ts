import { createHandler, createReconcileHandler } from 'duo-core';
import { telephony } from './log-type';

/** Collects the telephony log: AWS Lambda calls this on schedule, `sls invoke local` by hand. */
export const collect = createHandler(telephony);

/** Reconciles the days of the telephony log with Duo: AWS Lambda calls this on a schedule of its own. */
export const reconcile = createReconcileHandler(telephony);
