export { type Clock, systemClock } from './clock';
export { createHandler, type RunContext, type RunResult, type Surroundings } from './handler';
export { defineLogType, type LogType, type Paging, type TimeField } from './log-type';
export {
  canonicalQuery,
  canonicalRequest,
  type SignableRequest,
  type SigningKeys,
  sign,
  signatureDate,
} from './signature';
