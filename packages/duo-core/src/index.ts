export { type Clock, systemClock } from './clock';
export { type Checkpoint, claim, firstCheckpoint, type Span } from './delivery/checkpoint';
export { checkpointKey, loadCheckpoint, saveCheckpoint } from './delivery/checkpoint-store';
export { collect, type Outcome } from './delivery/collect';
export { createOutbox, putOutbox } from './delivery/outbox';
export { identity, isBelieved, type Seen } from './delivery/records';
export { emptyReport } from './delivery/run-report';
export { attemptTimeout, type Credentials, createDuoClient, type DuoClient } from './duo/duo-client';
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
  CredentialsError,
  StoreError,
  ThrottledError,
  UnauthorizedError,
  UnavailableError,
} from './errors';
export {
  boundsTolerance,
  defaultOverlap,
  leastOverlap,
  longestLookback,
  publishingDelay,
  retention,
} from './limits';
export { defineLogType, fields, type LogType, type Paging, type TimeField } from './log-type';
export { type Config, kmsKey, loopbackUrl, storeUrl } from './run/config';
export {
  credentialsProblems,
  environmentCredentials,
  isApiHost,
  ssmCredentials,
} from './run/credentials';
export { createHandler, type RunContext, type RunResult, type Surroundings } from './run/handler';
export { awsErrorName, describeAwsError, noAwsCredentials } from './store/aws-error';
export { createDirectoryStore } from './store/directory-store';
export { dayFolder, readObjectName, recordsIn } from './store/object';
export { type AskedOfS3, describeS3Error } from './store/s3-error';
export { createS3Store, type S3Location } from './store/s3-store';
export type { Store } from './store/store';
export { systemErrorCode } from './store/system-error';
