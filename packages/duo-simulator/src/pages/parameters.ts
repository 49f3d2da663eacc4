import type { SignableRequest } from 'duo-core';
import { retention } from 'duo-core';
import { type DuoFailure, failures } from '../failures';

/** What was asked for, decoded; a parameter that was sent several times has several values. */
export type Parameters = SignableRequest['params'];

/** The part of a log that a request asks for, and how much of it at once. Times are milliseconds, both ends included. */
export interface Window {
  readonly mintime: number;
  readonly maxtime: number;
  readonly limit: number;
}

/**
 * Reads the parameters that every style with bounds shares, by Duo's rules: `mintime` and `maxtime` are required; `limit`
 * is 100 unless given and at most `most`. `now` is in milliseconds.
 *
 * Parameters that Duo does not know are ignored, as at Duo: a misspelt `next_token` is answered with page 1 for ever
 * (duo_client_python#265).
 */
export function readWindow(params: Parameters, most: number, now: number): Window | DuoFailure {
  const { mintime, maxtime, limit = String(Math.min(100, most)) } = params;
  const invalid = failures.invalidParameters;

  if (mintime === undefined || maxtime === undefined) return failures.missingParameters;
  if (!isMilliseconds(mintime)) return invalid(`'mintime' must be a timestamp in milliseconds`);
  if (!isMilliseconds(maxtime)) return invalid(`'maxtime' must be a timestamp in milliseconds`);
  if (Number(maxtime) <= Number(mintime)) return invalid(`'maxtime' must be strictly greater than 'mintime'`);
  // Exactly 180 days ago is refused too: duo_log_sync#36, elastic/integrations#11670.
  if (Number(mintime) <= now - retention) return invalid('mintime must be within the past 180 days');
  if (!isCount(limit, most)) return invalid('limit');

  return { mintime: Number(mintime), maxtime: Number(maxtime), limit: Number(limit) };
}

function isMilliseconds(value: Parameters[string]): value is string {
  return typeof value === 'string' && /^\d{13}$/.test(value);
}

function isCount(value: Parameters[string], most: number): value is string {
  return typeof value === 'string' && /^[1-9]\d*$/.test(value) && Number(value) <= most;
}
