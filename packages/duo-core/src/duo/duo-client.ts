import { authorityRemedy } from '../certificates';
import { type Clock, expiry } from '../clock';
import { RefusedError, ResponseTooLargeError, UnavailableError } from '../errors';
import { largestAnswer } from '../limits';
import type { LogType } from '../log-type';
import { type DuoAnswer, readAnswer } from './answer';
import { describeHttpFailure, type HttpAnswer, httpFailureCode, httpRequest } from './http-get';
import { recordsPath } from './paging';
import { type SigningKeys, sign, signatureDate } from './signature';

/** What an Admin API application has: its keys and the host that it is for. */
export interface Credentials extends SigningKeys {
  readonly apiHost: string;
  /** Which child of the keys' account is asked for; left out where it is the keys' own. https://duo.com/docs/accountsapi */
  readonly accountId?: string;
}

/** Credentials that are fetched when first asked for and kept; `renew` fetches them anew the next time. */
export interface CredentialsProvider {
  /** Where they come from, for messages: a parameter path or the environment. */
  readonly source: string;
  get(): Promise<Credentials>;
  renew(): void;
}

/** One signed request. Throws the classes of `errors.ts`; `giveUpAt` (ms) cuts the attempt short of `attemptTimeout`. */
export interface DuoClient {
  /** The account that requests go to now: its API host, in lower case. Throws a `CredentialsError` if there are no credentials. */
  source(): Promise<string>;
  get(log: Log, params: Readonly<Record<string, string>>, giveUpAt: number): Promise<DuoAnswer>;
}

/** One signed POST without parameters, as the Accounts API wants it; otherwise as `DuoClient.get`. */
export interface DuoPoster {
  post(log: Log, giveUpAt: number): Promise<DuoAnswer>;
}

/** What a client needs to know of a log. */
type Log = Pick<LogType, 'path' | 'records'>;

/** What a client is made of. */
export interface DuoClientOptions {
  readonly credentials: CredentialsProvider;
  readonly clock: Clock;
  /** Where requests go instead of `https://<api host>`; they are still signed for the API host. */
  readonly apiUrl?: string | undefined;
  /** Told of every answer, whatever it says. */
  readonly onAnswer?: ((answer: HttpAnswer) => void) | undefined;
  /** The most bytes of an answer, decompressed. @default `largestAnswer` */
  readonly maxResponseBytes?: number;
}

/** How long one attempt may take, from connecting to the last byte, in ms. */
export const attemptTimeout = 30_000;

/** Makes a client of the Admin API. Redirects are refused: following one would hand the signature to another host. */
export function createDuoClient(options: DuoClientOptions): DuoClient & DuoPoster {
  const { credentials, clock, apiUrl, onAnswer, maxResponseBytes = largestAnswer } = options;
  /** When the last request was made, in ms. */
  let last = Number.NEGATIVE_INFINITY;
  return {
    async source() {
      return (await credentials.get()).apiHost.toLowerCase();
    },

    get: (log, params, giveUpAt) => ask(log, params, undefined, giveUpAt),
    post: (log, giveUpAt) => ask(log, {}, '{}', giveUpAt),
  };

  async function ask(
    log: Log,
    params: Readonly<Record<string, string>>,
    body: string | undefined,
    giveUpAt: number,
  ): Promise<DuoAnswer> {
    const { path } = log;
    const method = body === undefined ? 'GET' : 'POST';
    const { ikey, skey, apiHost, accountId } = await credentials.get();
    const base = apiUrl ?? `https://${apiHost}`;
    const where = `${method} ${base}${path}`;
    const asked = clock.now();
    const sinceLast = asked - last;
    last = asked;
    // Signed anew for every attempt: the date is part of the signature and Duo refuses an old one.
    const date = signatureDate(asked);
    const asking = { ...params, ...(accountId !== undefined && { account_id: accountId }) };
    const { query, headers } = sign(
      { method, host: apiHost, path, params: asking, ...(body !== undefined && { body }) },
      { ikey, skey },
      date,
    );

    const timeout = Math.min(attemptTimeout, Math.max(0, giveUpAt - clock.now()));
    const attempt = expiry(clock, timeout);
    const got = await httpRequest(`${base}${path}${query === '' ? '' : `?${query}`}`, {
      body,
      headers: {
        ...headers,
        Accept: 'application/json',
        'User-Agent': 'duo-log-collector',
        ...(body !== undefined && { 'Content-Type': 'application/json' }),
      },
      most: maxResponseBytes,
      signal: attempt.signal,
    })
      .catch((error: unknown) => {
        const what = attempt.signal.aborted
          ? `no complete answer within ${Math.round(timeout / 1000)} s`
          : describeHttpFailure(error);
        const remedy = authorityRemedy(httpFailureCode(error));
        if (remedy !== undefined) throw new RefusedError(`${where}: ${what}: ${remedy}`);
        const hint = hintOf(httpFailureCode(error), apiUrl !== undefined);
        throw new UnavailableError(`${where}: ${what}${hint}`);
      })
      .finally(attempt.cancel);
    onAnswer?.(got);
    if (got.body === null && got.status === 200) {
      throw new ResponseTooLargeError(`${where}: the answer is larger than ${maxResponseBytes} bytes`);
    }
    const answer = readAnswer(got, recordsPath(log), { where, sinceLast });
    return { ...answer, source: apiHost.toLowerCase() };
  }
}

/** More about a request that nobody has answered. A simulator that breaks a connection off is running. */
function hintOf(code: string | undefined, isSimulator: boolean): string {
  if (code === 'ECONNREFUSED' && isSimulator) return '; is the simulator running (npx pnpm simulate)?';
  if (code !== 'ECONNRESET' && code !== 'EPIPE') return '';
  const who = isSimulator ? 'the simulator' : 'Duo, or a proxy or firewall in between,';
  return `; ${who} closed the connection`;
}
