export {
  type AccountLog,
  accountsFolder,
  asArguments,
  checkpointKey,
  isAccountName,
  logFolder,
  receiptFolder,
  stateFolder,
} from './account-log';
export { atMost } from './at-most';
export { certificateProblem } from './certificates';
export { type Clock, expiry, systemClock } from './clock';
export { beginning } from './delivery/beginning';
export { type Checkpoint, claim, firstCheckpoint } from './delivery/checkpoint';
export {
  loadCheckpoint,
  saveCheckpoint,
} from './delivery/checkpoint-store';
export { collect, type Outcome } from './delivery/collect';
export { type Day, settledUpTo, spanOfDay, standingOf } from './delivery/days/day';
export { dayKey, loadDay, saveDay } from './delivery/days/day-store';
export { dueDays } from './delivery/days/due';
export { type Near, nearTo, unlikely } from './delivery/days/near';
export type { DayOrder, Reconciliation } from './delivery/days/pass';
export { type Proof, proveStored } from './delivery/days/proof';
export { lastReceipt, type Receipt, readReceipt, readReceiptKey } from './delivery/days/receipt';
export { type PassOutcome, reconcile } from './delivery/days/reconcile';
export { type ReconcileOutcome, reconcileDue } from './delivery/days/reconcile-due';
export { emptyReconcileReport } from './delivery/days/reconcile-report';
export { changeWanted, loadWanted, type Wanted } from './delivery/days/wanted';
export { counts } from './delivery/ledger';
export type { Seen } from './delivery/memory';
export { putOutbox } from './delivery/outbox';
export { identity, isBelieved } from './delivery/records';
export { refuseMixture } from './delivery/refuse-mixture';
export { emptyReport } from './delivery/run-report';
export { loadState, type Saved, type StateKind, saveState } from './delivery/state-store';
export { type Child, listChildren } from './duo/children';
export {
  attemptTimeout,
  type Credentials,
  createDuoClient,
  type DuoClient,
  type DuoPoster,
} from './duo/duo-client';
export type { HttpAnswer } from './duo/http-get';
export { pagingStyles } from './duo/paging';
export { readTime } from './duo/record';
export {
  canonicalQuery,
  canonicalRequest,
  type SignableRequest,
  type SigningKeys,
  sign,
  signatureDate,
} from './duo/signature';
export {
  CheckpointError,
  ConfigError,
  CredentialsError,
  StoreError,
  ThrottledError,
  UnauthorizedError,
  UnavailableError,
} from './errors';
export {
  boundsTolerance,
  defaultLookback,
  defaultOverlap,
  largestAnswer,
  leastOverlap,
  longestLookback,
  mostHeld,
  publishingDelay,
  retention,
} from './limits';
export {
  defineLogType,
  fields,
  type LogType,
  type Paging,
  type Retirement,
  type TimeField,
} from './log-type';
export type { Logger } from './logger';
export type { Onlooker, PageSeen, Pause } from './onlooker';
export { printable } from './printable';
export { type Config, loopbackUrl, readConfig } from './run/config';
export { credentialsProblems, isAccountId, isApiHost } from './run/credentials/credentials';
export { environmentCredentials } from './run/credentials/environment-credentials';
export { parentCredentials, ssmCredentials } from './run/credentials/ssm-credentials';
export { createHandler, createReconcileHandler, type ReconcileResult, type RunResult } from './run/handler';
export type { RunContext, Surroundings } from './run/invocation';
export { addLakeMetrics, addReconcileMetrics, addRunMetrics, leftOutMetrics } from './run/metrics';
export { awsTimeouts, openStore } from './run/open-store';
export { kmsKey, storeUrl } from './run/store-url';
export { variablesOf } from './run/variables';
export { awsErrorName, describeAwsError, noAwsCredentials } from './store/aws-error';
export { createDirectoryStore } from './store/directory-store';
export { dayFolder, dayOfFolder, readObjectName, recordsIn } from './store/object';
export { type AskedOfS3, describeS3Error } from './store/s3-error';
export { createS3Store, type S3Location } from './store/s3-store';
export { type ListedObject, type Patience, type Store, sizeProblem } from './store/store';
export { systemErrorCode } from './store/system-error';
export { dayLength, midnightOf, utcDay } from './utc-day';
