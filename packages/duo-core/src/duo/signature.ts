import { createHash, createHmac } from 'node:crypto';

/** The integration key and the secret key of an Admin API application. */
export interface SigningKeys {
  readonly ikey: string;
  readonly skey: string;
}

/** What is signed. A parameter with several values is sent once for each. */
export interface SignableRequest {
  readonly method: string;
  readonly host: string;
  readonly path: string;
  readonly params: Readonly<Record<string, string | readonly string[]>>;
  /** @default '' */
  readonly body?: string;
  /** Headers whose names begin with `x-duo-`. @default {} */
  readonly xDuoHeaders?: Readonly<Record<string, string>>;
}

/**
 * Signs a request with Duo's signature version 5 (HMAC-SHA512). Returns the two headers to send and the query
 * string exactly as it was signed: send that one, so that the signed and the sent bytes cannot differ.
 * `date` must be the request's own time: Duo refuses a signature with an old date (40103, 40105).
 */
export function sign(request: SignableRequest, keys: SigningKeys, date: string) {
  const signature = createHmac('sha512', keys.skey).update(canonicalRequest(request, date)).digest('hex');
  const authorization = `Basic ${Buffer.from(`${keys.ikey}:${signature}`).toString('base64')}`;
  return { query: canonicalQuery(request.params), headers: { Date: date, Authorization: authorization } };
}

/** The date as Duo wants it signed and sent (RFC 2822), from milliseconds. */
export function signatureDate(now: number): string {
  return new Date(now).toUTCString();
}

/** The seven lines that signature version 5 signs; version 2 signs the first five of them. */
export function canonicalRequest(request: SignableRequest, date: string): string {
  return [
    date,
    request.method.toUpperCase(),
    request.host.toLowerCase(),
    request.path,
    canonicalQuery(request.params),
    sha512(request.body ?? ''),
    sha512(canonicalHeaders(request.xDuoHeaders ?? {})),
  ].join('\n');
}

/** Parameters in Duo's canonical form: RFC 3986, sorted by encoded name and then by encoded value. */
export function canonicalQuery(params: SignableRequest['params']): string {
  return Object.entries(params)
    .flatMap(([name, value]) => [value].flat().map((one) => [encode(name), encode(one)] as const))
    .sort((a, b) => compare(a[0], b[0]) || compare(a[1], b[1]))
    .map(([name, value]) => `${name}=${value}`)
    .join('&');
}

function canonicalHeaders(headers: Readonly<Record<string, string>>): string {
  return Object.entries(headers)
    .map(([name, value]) => [name.toLowerCase(), value] as const)
    .sort((a, b) => compare(a[0], b[0]))
    .flat()
    .join('\0');
}

/** `encodeURIComponent` leaves `!'()*` as they are; RFC 3986 and Duo do not. */
function encode(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function sha512(text: string): string {
  return createHash('sha512').update(text).digest('hex');
}
