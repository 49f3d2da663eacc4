import * as z from 'zod/mini';
import { type Clock, expiry } from '../clock';
import {
  BadRequestError,
  NotUtf8Error,
  RefusedError,
  ResponseTooLargeError,
  ThrottledError,
  UnauthorizedError,
  UnavailableError,
  UnexpectedResponseError,
} from '../errors';
import type { LogType } from '../log-type';
import { type OpenPage, openPage } from './open-page';
import { recordsPath } from './paging';
import { type SigningKeys, sign, signatureDate } from './signature';

/** What an Admin API application has: its keys and the host that it is for. */
export interface Credentials extends SigningKeys {
  readonly apiHost: string;
}

/** Credentials that are fetched when first asked for and kept; `renew` fetches them anew the next time. */
export interface CredentialsProvider {
  /** Where they come from, for messages: a parameter path or the environment. */
  readonly source: string;
  get(): Promise<Credentials>;
  renew(): void;
}

/** An answer that brings a page, and Duo's own time in ms (`Date` header). */
export interface DuoAnswer {
  readonly date: number;
  /** The account that has answered; see `DuoClient.source`. */
  readonly source: string;
  /** What `response` holds around the records in all likelihood; undefined if there are none, or another envelope. */
  readonly likely: unknown;
  /**
   * Hands over each record's value and its text as Duo sent it; returns what came of them, and what `response` holds around
   * them. Throws an `UnavailableError` for what is not JSON and an `UnexpectedResponseError` for another envelope.
   */
  read<T>(record: (value: unknown, text: string) => T): { readonly records: T[]; readonly response: unknown };
}

/** One signed GET. Throws the classes of `errors.ts`; `giveUpAt` (ms) cuts the attempt short of `attemptTimeout`. */
export interface DuoClient {
  /** The account that requests go to now: its API host, in lower case. Throws a `CredentialsError` if there are no credentials. */
  source(): Promise<string>;
  get(log: Log, params: Readonly<Record<string, string>>, giveUpAt: number): Promise<DuoAnswer>;
}

/** What a client needs to know of a log. */
type Log = Pick<LogType, 'path' | 'records'>;

/** What a client is made of. */
export interface DuoClientOptions {
  readonly credentials: CredentialsProvider;
  readonly clock: Clock;
  /** Where requests go instead of `https://<api host>`; they are still signed for the API host. */
  readonly apiUrl?: string | undefined;
  /** @default the platform's, whose own limit for connecting is 10 s */
  readonly fetch?: typeof fetch;
  /** The most bytes of an answer, decompressed. @default 16 MiB: 1000 records of 16 KiB */
  readonly maxResponseBytes?: number;
}

/** How long one attempt may take, from connecting to the last byte, in ms. */
export const attemptTimeout = 30_000;

/** Makes a client of the Admin API. Redirects are refused: following one would hand the signature to another host. */
export function createDuoClient(options: DuoClientOptions): DuoClient {
  const { credentials, clock, apiUrl, maxResponseBytes = 16 * 1024 * 1024 } = options;
  const request = options.fetch ?? fetch;
  return {
    async source() {
      return (await credentials.get()).apiHost.toLowerCase();
    },

    async get(log, params, giveUpAt) {
      const { path } = log;
      const { ikey, skey, apiHost } = await credentials.get();
      const base = apiUrl ?? `https://${apiHost}`;
      const where = `GET ${base}${path}`;
      // Signed anew for every attempt: the date is part of the signature and Duo refuses an old one.
      const date = signatureDate(clock.now());
      const { query, headers } = sign({ method: 'GET', host: apiHost, path, params }, { ikey, skey }, date);

      const timeout = Math.min(attemptTimeout, Math.max(0, giveUpAt - clock.now()));
      const attempt = expiry(clock, timeout);
      let response: Response;
      let bytes: Buffer;
      try {
        response = await request(`${base}${path}?${query}`, {
          headers: { ...headers, Accept: 'application/json', 'User-Agent': 'duo-log-collector' },
          redirect: 'manual',
          signal: attempt.signal,
        });
        bytes = await readBytes(response, maxResponseBytes, where);
      } catch (error) {
        if (error instanceof ResponseTooLargeError) throw error;
        const what = attempt.signal.aborted
          ? `no complete answer within ${Math.round(timeout / 1000)} s`
          : networkFailure(error);
        const hint = apiUrl === undefined ? '' : '; is the simulator running (pnpm simulate)?';
        throw new UnavailableError(`${where}: ${what}${hint}`);
      } finally {
        attempt.cancel();
      }
      const answer = readAnswer(response, bytes, recordsPath(log), where);
      return { ...answer, source: apiHost.toLowerCase() };
    },
  };
}

async function readBytes(response: Response, most: number, where: string): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.byteLength;
    // Leaving the loop cancels the rest of the body. What a failure says is in its status.
    if (size > most && response.status !== 200) break;
    if (size > most) throw new ResponseTooLargeError(`${where}: the answer is larger than ${most} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

const success = z.object({ stat: z.literal('OK'), response: z.unknown() });

/** Lenient on purpose: `code` may be missing or a string (duo_api_golang#54), and a proxy may answer instead of Duo. */
const failure = z.object({
  stat: z.optional(z.string()),
  code: z.optional(z.union([z.number(), z.string()])),
  message: z.optional(z.string()),
  message_detail: z.optional(z.string()),
});

function readAnswer(
  response: Response,
  bytes: Buffer,
  path: readonly string[],
  where: string,
): Omit<DuoAnswer, 'source'> {
  const page = openAnswer(bytes, path, where);
  const status = response.status === 200 ? failedStatus(page?.likely) : response.status;
  if (status !== 200) throw refusal(status, page?.likely, where);
  const date = Date.parse(response.headers.get('date') ?? '');
  const likely = page?.isEmpty === false ? success.safeParse(page.likely).data?.response : undefined;
  return {
    date,
    likely,
    read(record) {
      const read = unlessNotJson(() => page?.read(record));
      if (read === undefined) {
        // The parser's own message is left out: it quotes the text, and the text holds phone numbers.
        throw new UnavailableError(
          `${where}: the answer of ${bytes.length} bytes is not JSON; is a proxy in between?`,
        );
      }
      const { records, around } = read;
      const envelope = success.safeParse(around);
      if (!envelope.success || envelope.data.response === undefined) {
        throw new UnexpectedResponseError(
          `${where}: the answer is not {"stat":"OK","response":…}: ${reason(around)}`,
        );
      }
      if (Number.isNaN(date)) {
        throw new UnexpectedResponseError(
          `${where}: the answer has no readable Date header to check this clock against`,
        );
      }
      return { records, response: envelope.data.response };
    },
  };
}

/** Undefined if it is not JSON. One that is Duo's but for a byte would be the same when asked for again. */
function openAnswer(bytes: Buffer, path: readonly string[], where: string): OpenPage | undefined {
  try {
    return unlessNotJson(() => openPage(bytes, path));
  } catch (error) {
    if (!(error instanceof NotUtf8Error)) throw error;
    throw new UnexpectedResponseError(
      `${where}: ${error.message}. The log stays here until Duo shows it otherwise: tell Duo's support`,
    );
  }
}

/** Duo's own code of a failure, like 40103, or undefined if there is none that is a number. */
function codeOf(body: unknown): number | undefined {
  const code = Number(failure.safeParse(body).data?.code);
  return Number.isNaN(code) ? undefined : code;
}

/** The status that a failure which came with the status 200 speaks of, where it is one that passes. */
function failedStatus(body: unknown): number {
  const { stat, code } = failure.safeParse(body).data ?? {};
  const status = Math.floor(Number(code) / 100);
  return stat === 'FAIL' && (status === 429 || (status >= 500 && status < 600)) ? status : 200;
}

function unlessNotJson<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function refusal(status: number, body: unknown, where: string): Error {
  const what = `${where}: ${status} ${reason(body)}`;
  if (status === 400) return new BadRequestError(what);
  if (status === 401) return new UnauthorizedError(what, codeOf(body));
  if (status === 429) return new ThrottledError(what);
  if (status === 408 || status >= 500) return new UnavailableError(what);
  return new RefusedError(`${what}${advice(status, body)}`);
}

function advice(status: number, body: unknown): string {
  if (status >= 400 && !z.strictObject(failure.shape).safeParse(body).success) {
    return ": this is not Duo's own answer; see which proxy or firewall is in between, and what it lets through";
  }
  if (status === 403) {
    return ': in the Duo Admin Panel, open the Admin API application, grant "Grant read log", and check its allowed networks and that your Duo edition includes this log';
  }
  if (status === 404 || status === 410) {
    return ': Duo does not serve this log (any more); see its page in the Admin API documentation, and remove this service if it was retired';
  }
  if (status >= 300 && status < 400)
    return ': a redirect is never followed; check the API host and any proxy';
  return '';
}

/**
 * Duo's own words about a failure: code, message and detail. Cut short, and without what could be a key, a signature or
 * a phone number: something between Duo and here may have answered instead, and repeat what it was sent.
 */
function reason(body: unknown): string {
  const { code, message, message_detail } = failure.safeParse(body).data ?? {};
  const words = [code, message, message_detail && `(${message_detail})`].filter(Boolean).join(' ');
  return words.replace(/[\w+/=-]{20,}|\+\d{7,}/g, '…').slice(0, 200) || '(no explanation)';
}

const failedFetch = z.object({
  message: z.string(),
  cause: z.optional(z.object({ code: z.optional(z.string()), message: z.optional(z.string()) })),
});

/** `fetch` says "fetch failed" or "terminated" and keeps what happened in `cause`, which may have a code alone. */
function networkFailure(error: unknown): string {
  const { message = 'the request failed', cause } = failedFetch.safeParse(error).data ?? {};
  const why = [cause?.code, cause?.message].filter(Boolean).join(' ');
  return why === '' ? message : `${message}: ${why}`;
}
