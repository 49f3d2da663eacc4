export { describeAwsError } from './aws-error';
export {
  type Checkpoint,
  checkpointKey,
  claim,
  firstCheckpoint,
  load,
  publishingDelay,
  type Span,
  save,
} from './checkpoint';
export { type Clock, systemClock } from './clock';
export { collect, type Outcome } from './collect';
export { type Config, kmsKey, longestLookback, loopbackUrl, storeUrl } from './config';
export {
  type Credentials,
  credentialsProblems,
  environmentCredentials,
  isApiHost,
  ssmCredentials,
} from './credentials';
export { createDirectoryStore } from './directory-store';
export { attemptTimeout, createDuoClient, type DuoClient } from './duo-client';
export { ThrottledError, UnauthorizedError, UnavailableError } from './errors';
export { createHandler, type RunContext, type RunResult, type Surroundings } from './handler';
export { defineLogType, fields, type LogType, type Paging, type TimeField } from './log-type';
export { emptyReport } from './metrics';
export { createOutbox, putOutbox } from './outbox';
export { pagingStyles } from './paging';
export { boundsTolerance, identity, isBelieved, readTime, type Seen } from './records';
export { type AskedOfS3, describeS3Error } from './s3-error';
export { createS3Store, type S3Location } from './s3-store';
export {
  canonicalQuery,
  canonicalRequest,
  type SignableRequest,
  type SigningKeys,
  sign,
  signatureDate,
} from './signature';
export type { Store } from './store';
