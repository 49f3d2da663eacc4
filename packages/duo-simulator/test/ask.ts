import { type SignableRequest, type SigningKeys, sign, signatureDate } from 'duo-core';
import { noon, simulatorCredentials } from '../src';
import { doorLog } from './door-log';

interface Question {
  readonly path?: string;
  readonly params?: SignableRequest['params'];
  readonly keys?: SigningKeys;
  readonly date?: string;
}

/** One signed GET, by default for the last hour of the door log at noon, oldest first. */
export function ask(url: string, question: Question = {}): Promise<Response> {
  const {
    path = doorLog.path,
    params = {},
    keys = simulatorCredentials,
    date = signatureDate(noon),
  } = question;
  const host = simulatorCredentials.apiHost;
  const window = { mintime: String(noon - 3_600_000), maxtime: String(noon), sort: 'ts:asc' };
  const { query, headers } = sign(
    { method: 'GET', host, path, params: { ...window, ...params } },
    keys,
    date,
  );
  return fetch(`${url}${path}?${query}`, { headers });
}
