import * as z from 'zod/mini';
import {
  BadRequestError,
  NotUtf8Error,
  RefusedError,
  ThrottledError,
  UnauthorizedError,
  UnavailableError,
  UnexpectedResponseError,
} from '../errors';
import type { HttpAnswer } from './http-get';
import { type OpenPage, openPage } from './open-page';
import { readRetryAfter } from './retry-after';

/** An answer that brings a page, and Duo's own time in ms (`Date` header). */
export interface DuoAnswer {
  readonly date: number;
  /** The account that has answered; see `source` of `duo-client.ts`. */
  readonly source: string;
  /** What `response` holds around the records in all likelihood; undefined if there are none, or another envelope. */
  readonly likely: unknown;
  /**
   * Hands over each record's value and its text as Duo sent it; returns what came of them, and what `response` holds around
   * them. Throws an `UnavailableError` for what is not JSON and an `UnexpectedResponseError` for another envelope.
   */
  read<T>(record: (value: unknown, text: string) => T): { readonly records: T[]; readonly response: unknown };
}

/** The request that was answered: what messages call it, and how long before it its client had made another one, in ms. */
interface AnsweredRequest {
  readonly where: string;
  readonly sinceLast: number;
}

const success = z.object({ stat: z.literal('OK'), response: z.unknown() });

/** Lenient on purpose: `code` may be missing or a string (duo_api_golang#54), and a proxy may answer instead of Duo. */
const failure = z.object({
  stat: z.optional(z.string()),
  code: z.optional(z.union([z.number(), z.string()])),
  message: z.optional(z.string()),
  message_detail: z.optional(z.string()),
});

/**
 * Reads what Duo has answered, of which the records are the array at `path`. Throws what its status, or what it says itself,
 * amounts to.
 */
export function readAnswer(
  { status: sent, headers, body }: HttpAnswer,
  path: readonly string[],
  request: AnsweredRequest,
): Omit<DuoAnswer, 'source'> {
  const { where } = request;
  // What a failure says that is too large is in its status.
  const bytes = body ?? Buffer.alloc(0);
  const page = openAnswer(bytes, path, where);
  const status = sent === 200 ? failedStatus(page?.likely) : sent;
  if (status !== 200) {
    const retryAfter = readRetryAfter(headers['retry-after'] ?? '', headers.date ?? '');
    throw refusal(status, page?.likely, request, retryAfter);
  }
  const date = Date.parse(headers.date ?? '');
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
          `${where}: the answer is not of the form {"stat":"OK","response":…}: ${reason(around)}`,
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
      `${where}: ${error.message}. The log cannot go on until Duo shows this differently: tell Duo's support`,
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

function refusal(
  status: number,
  body: unknown,
  { where, sinceLast }: AnsweredRequest,
  retryAfter: number | undefined,
): Error {
  const what = `${where}: ${status} ${reason(body)}`;
  if (status === 400 && /cross-deployment/i.test(what)) {
    return new RefusedError(
      `${what}: Duo lets no parent's keys read a child on another deployment. Give this account an Admin API application of its own: npx pnpm duo accounts add <account> --stage <stage>`,
    );
  }
  if (status === 400) return new BadRequestError(what);
  if (status === 401) return new UnauthorizedError(what, codeOf(body));
  if (status === 429) return new ThrottledError(what, retryAfter, sinceLast);
  if (status === 408 || status >= 500) return new UnavailableError(what);
  return new RefusedError(`${what}${advice(status, body)}`);
}

function advice(status: number, body: unknown): string {
  if (status >= 400 && !z.strictObject(failure.shape).safeParse(body).success) {
    return ": this answer is not Duo's own; find out which proxy or firewall is in between, and what it lets through";
  }
  if (status === 403) {
    return ': in the Duo Admin Panel, open the Admin API application, grant "Grant read log", and check its allowed networks and that your Duo edition includes this log';
  }
  if (status === 404 || status === 410) {
    return ': Duo does not serve this log, or no longer does; see its page in the Admin API documentation, and remove this service if Duo has retired the log';
  }
  if (status >= 300 && status < 400)
    return ': the collector never follows a redirect; check the API host and any proxy';
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
