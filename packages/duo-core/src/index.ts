export { type Clock, systemClock } from './clock';
export {
  type Checkpoint,
  checkpointKey,
  claim,
  firstCheckpoint,
  load,
  publishingDelay,
  type Span,
  save,
} from './delivery/checkpoint';
export { collect, type Outcome } from './delivery/collect';
export { createOutbox, putOutbox } from './delivery/outbox';
export { boundsTolerance, identity, isBelieved, readTime, type Seen } from './delivery/records';
export { attemptTimeout, createDuoClient, type DuoClient } from './duo/duo-client';
export { pagingStyles } from './duo/paging';
export {
  canonicalQuery,
  canonicalRequest,
  type SignableRequest,
  type SigningKeys,
  sign,
  signatureDate,
} from './duo/signature';
export { ThrottledError, UnauthorizedError, UnavailableError } from './errors';
export { defineLogType, fields, type LogType, type Paging, type TimeField } from './log-type';
export { type Config, kmsKey, longestLookback, loopbackUrl, storeUrl } from './run/config';
export {
  type Credentials,
  credentialsProblems,
  environmentCredentials,
  isApiHost,
  ssmCredentials,
} from './run/credentials';
export { createHandler, type RunContext, type RunResult, type Surroundings } from './run/handler';
export { emptyReport } from './run/metrics';
export { describeAwsError } from './store/aws-error';
export { createDirectoryStore } from './store/directory-store';
export { type AskedOfS3, describeS3Error } from './store/s3-error';
export { createS3Store, type S3Location } from './store/s3-store';
export type { Store } from './store/store';
