export { type Clock, systemClock } from './clock';
export { defineLogType, type LogType, type Paging, type TimeField } from './log-type';
export {
  canonicalQuery,
  canonicalRequest,
  type SignableRequest,
  type SigningKeys,
  sign,
  signatureDate,
} from './signature';
