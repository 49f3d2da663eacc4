import { createHandler, createReconcileHandler } from 'duo-core';
import { authentication } from './log-type';

/** Collects the authentication log: AWS Lambda calls this on schedule, `sls invoke local` by hand. */
export const collect = createHandler(authentication);

/** Reconciles the days of the authentication log with Duo: AWS Lambda calls this on a schedule of its own. */
export const reconcile = createReconcileHandler(authentication);
