import type { SignableRequest } from 'duo-core';
import { type DuoFailure, failures } from './failures';

/** What a request asks a log for. Times are milliseconds, both ends included. */
export interface PageQuery {
  readonly mintime: number;
  readonly maxtime: number;
  readonly limit: number;
  readonly descending: boolean;
  /** Where the page starts: after the record with this key, or at the window's start. */
  readonly after: RecordKey | null;
}

/** What Duo sorts by and what its cursor consists of: the time cut to milliseconds, then the id. */
export interface RecordKey {
  readonly ms: number;
  readonly id: string;
}

/**
 * Reads the parameters of the `cursor` paging style by Duo's rules: `mintime` and `maxtime` are required; `limit` is
 * 100 unless given and at most `most`; `sort` is `ts:desc` unless given. `now` is in milliseconds.
 *
 * Parameters that Duo does not know are ignored, as at Duo: a misspelt `next_token` is answered with page 1 for ever
 * (duo_client_python#265).
 */
export function readParameters(
  params: SignableRequest['params'],
  most: number,
  now: number,
): PageQuery | DuoFailure {
  const { mintime, maxtime, limit = String(Math.min(100, most)), sort = 'ts:desc', next_offset } = params;
  const invalid = failures.invalidParameters;

  if (mintime === undefined || maxtime === undefined) return failures.missingParameters;
  if (!isMilliseconds(mintime)) return invalid(`'mintime' must be a timestamp in milliseconds`);
  if (!isMilliseconds(maxtime)) return invalid(`'maxtime' must be a timestamp in milliseconds`);
  if (Number(maxtime) <= Number(mintime)) return invalid(`'maxtime' must be strictly greater than 'mintime'`);
  // Exactly 180 days ago is refused too: duo_log_sync#36, elastic/integrations#11670.
  if (Number(mintime) <= now - 180 * day) return invalid('mintime must be within the past 180 days');
  if (!isCount(limit, most)) return invalid('limit');
  if (sort !== 'ts:asc' && sort !== 'ts:desc') return invalid('sort');
  const after = next_offset === undefined ? null : readCursor(next_offset);
  if (after === undefined) return invalid('next_offset');

  return {
    mintime: Number(mintime),
    maxtime: Number(maxtime),
    limit: Number(limit),
    descending: sort === 'ts:desc',
    after,
  };
}

const day = 86_400_000;

type Parameter = SignableRequest['params'][string];

function isMilliseconds(value: Parameter): value is string {
  return typeof value === 'string' && /^\d{13}$/.test(value);
}

function isCount(value: Parameter, most: number): value is string {
  return typeof value === 'string' && /^[1-9]\d*$/.test(value) && Number(value) <= most;
}

/** `"<ms>,<id>"`, or the two as a parameter sent twice, which older clients do (duo_client_python#96). */
function readCursor(value: Parameter): RecordKey | undefined {
  const [, ms, id] = /^(\d+),([^,]+)$/.exec([value].flat().join(',')) ?? [];
  return ms === undefined || id === undefined ? undefined : { ms: Number(ms), id };
}
