import { type IncomingHttpHeaders, type IncomingMessage, request as plain } from 'node:http';
import { request as encrypted } from 'node:https';
import { promisify } from 'node:util';
import { gunzip, inflate, type ZlibOptions } from 'node:zlib';
import * as z from 'zod/mini';

/** What a server has answered. Names of headers are in lower case; `body` is decompressed, and null if it is too large. */
export interface HttpAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer | null;
}

/** What is sent (a body makes it a POST), the most bytes that are read of the body, before and after it is decompressed, and what ends it early. */
export interface HttpRequestOptions {
  readonly body?: string | undefined;
  readonly headers: Readonly<Record<string, string>>;
  readonly most: number;
  readonly signal: AbortSignal;
}

/**
 * One GET or POST, to the last byte of the answer. Any status is an answer, and a redirect is not followed. Rejects if there is no whole
 * answer; `describeHttpFailure` says why. Connections are kept by Node's own agent for as long as the server lets them, 5 s
 * at most, and where `NODE_USE_ENV_PROXY` says so it goes through the proxy that the environment names (Node.js 24.5, 22.21).
 */
export function httpRequest(
  url: string,
  { body, headers, most, signal }: HttpRequestOptions,
): Promise<HttpAnswer> {
  const method = body === undefined ? 'GET' : 'POST';
  const request = url.startsWith('https:') ? encrypted : plain;
  return new Promise((resolve, reject) => {
    let answered = false;
    request(url, { method, headers: { ...headers, 'Accept-Encoding': 'gzip' }, signal }, (response) => {
      answered = true;
      const { statusCode: status = 0, headers } = response;
      readBody(response, most).then((body) => resolve({ status, headers, body }), reject);
    })
      // Stays: what comes after the answer, like a byte too many, may still be an error of the connection.
      .on('error', reject)
      // What asks for another protocol is closed by Node.js without an error: nobody waits for ever.
      .on('close', () => answered || reject(new Error('the connection was closed without an answer')))
      .end(body);
  });
}

async function readBody(response: IncomingMessage, most: number): Promise<Buffer | null> {
  const bytes = await received(response, most);
  if (bytes === null) return null;
  const decompress = decompressors.get(response.headers['content-encoding']?.toLowerCase() ?? '');
  return bytes.length > 0 && decompress !== undefined ? decompressed(bytes, decompress, most) : bytes;
}

/** All bytes; null if there are more. Rejects if the answer is cut off. */
function received(response: IncomingMessage, most: number): Promise<Buffer | null> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    response
      .on('data', (chunk: Buffer) => {
        size += chunk.length;
        if (size <= most) return void chunks.push(chunk);
        resolve(null);
        response.destroy();
      })
      .on('end', () => resolve(Buffer.concat(chunks, size)))
      .on('error', reject)
      // Whatever has ended it: nobody waits for ever.
      .on('close', () => reject(new Error('the answer was cut off')));
  });
}

/** A server that compresses in a way that it was not asked for gives what is not JSON. */
const decompressors = new Map([
  ['gzip', promisify<Buffer, ZlibOptions, Buffer>(gunzip)],
  ['x-gzip', promisify<Buffer, ZlibOptions, Buffer>(gunzip)],
  ['deflate', promisify<Buffer, ZlibOptions, Buffer>(inflate)],
]);

async function decompressed(
  bytes: Buffer,
  decompress: (bytes: Buffer, options: ZlibOptions) => Promise<Buffer>,
  most: number,
): Promise<Buffer | null> {
  try {
    return await decompress(bytes, { maxOutputLength: most });
  } catch (error) {
    if (failed.safeParse(error).data?.code === 'ERR_BUFFER_TOO_LARGE') return null;
    throw error;
  }
}

const failed = z.object({ code: z.optional(z.string()), message: z.string() });

/** Node's code for why there is no answer, like `ECONNREFUSED`; undefined where there is none. */
export function httpFailureCode(error: unknown): string | undefined {
  return failed.safeParse(error).data?.code;
}

/** Why there is no answer: the code and the message, of which one may be missing or contain the other. */
export function describeHttpFailure(error: unknown): string {
  const { code = '', message = '' } = failed.safeParse(error).data ?? {};
  const said = message.includes(code) ? message : `${code} ${message}`.trim();
  return said || 'the request failed';
}
