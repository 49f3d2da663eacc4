import { createHmac, timingSafeEqual } from 'node:crypto';
import { canonicalRequest, type SignableRequest, type SigningKeys } from 'duo-core';
import { type DuoFailure, failures } from '../failures';

/** What a client of the simulator signs with, and the host that it signs for. */
export interface SimulatorCredentials extends SigningKeys {
  readonly apiHost: string;
}

/** The credentials of a simulator that was given none. They are invented and open nothing. */
export const simulatorCredentials: SimulatorCredentials = {
  ikey: 'DISIMULATOR000000000',
  skey: 'made-up-secret-of-the-simulator-no-value',
  apiHost: 'api-simulator.duosecurity.com',
};

/** A request as it arrived: its parameters decoded, its headers' names in lower case. */
export interface ArrivedRequest {
  readonly method: string;
  readonly path: string;
  readonly params: SignableRequest['params'];
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * What Duo would say about a request's credentials: a failure, or null if they are in order. Takes signature version 5
 * and version 2 with SHA-512 or SHA-1, made for the credentials' API host whatever host the request was sent to.
 * `now` is in milliseconds.
 */
export function checkCredentials(
  request: ArrivedRequest,
  credentials: SimulatorCredentials,
  now: number,
): DuoFailure | null {
  const basic = readBasic(request.headers.authorization);
  // duo_hmac_python sends no Date, for platforms that own that header, and signs X-Duo-Date in its place.
  const date = request.headers['x-duo-date'] ?? request.headers.date;
  if (basic === null || date === undefined) return failures.missingCredentials;
  if (basic.user !== credentials.ikey) return failures.unknownIntegrationKey;
  if (!isSignature(basic.password, request, credentials, date)) return failures.wrongSignature;
  if (!isTimely(date, now)) return failures.badTimestamp;
  return null;
}

// The allowed skew is documented nowhere; five minutes is the number that secondary sources give.
const allowedSkew = 300_000;

// Everything that the official clients send: `-0000` (Python), `+0000` (Go, Ruby) and `GMT` (Node).
const rfc2822 = /^[A-Z][a-z]{2}, \d{1,2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} (GMT|[+-]\d{4})$/;

function isTimely(date: string, now: number): boolean {
  // Written so that a date which does not exist (NaN) is not timely either.
  return rfc2822.test(date) && Math.abs(Date.parse(date) - now) <= allowedSkew;
}

function isSignature(
  signature: string,
  request: ArrivedRequest,
  credentials: SimulatorCredentials,
  date: string,
): boolean {
  // Duo signs the canonical form, so parameters that were sent unsorted or encoded otherwise are judged the same.
  const xDuoHeaders = Object.fromEntries(
    Object.entries(request.headers).filter(([name]) => name.startsWith('x-duo-')),
  );
  const version5 = canonicalRequest({ ...request, host: credentials.apiHost, xDuoHeaders }, date);
  const version2 = version5.split('\n').slice(0, 5).join('\n');
  const hmac = (hash: string, text: string) => createHmac(hash, credentials.skey).update(text).digest('hex');
  const accepted = [hmac('sha512', version5), hmac('sha512', version2), hmac('sha1', version2)];
  return accepted.some((one) => isEqual(one, signature));
}

function readBasic(authorization: string | undefined) {
  const encoded = /^Basic ([A-Za-z0-9+/]+=*)$/i.exec(authorization ?? '')?.[1] ?? '';
  const pair = /^([^:]*):(.*)$/s.exec(Buffer.from(encoded, 'base64').toString());
  return pair === null ? null : { user: pair[1] ?? '', password: pair[2] ?? '' };
}

function isEqual(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}
