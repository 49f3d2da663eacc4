import * as z from 'zod/mini';
import { type Clock, expiry } from '../clock';
import { ResponseTooLargeError, UnavailableError } from '../errors';
import type { LogType } from '../log-type';
import { type DuoAnswer, readAnswer } from './answer';
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
  /** When the last request was made, in ms. */
  let last = Number.NEGATIVE_INFINITY;
  return {
    async source() {
      return (await credentials.get()).apiHost.toLowerCase();
    },

    async get(log, params, giveUpAt) {
      const { path } = log;
      const { ikey, skey, apiHost } = await credentials.get();
      const base = apiUrl ?? `https://${apiHost}`;
      const where = `GET ${base}${path}`;
      const asked = clock.now();
      const sinceLast = asked - last;
      last = asked;
      // Signed anew for every attempt: the date is part of the signature and Duo refuses an old one.
      const date = signatureDate(asked);
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
      const answer = readAnswer(response, bytes, recordsPath(log), { where, sinceLast });
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
