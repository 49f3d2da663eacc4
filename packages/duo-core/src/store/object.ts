import { hash } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import * as z from 'zod/mini';
import { type AccountLog, logFolder } from '../account-log';
import { mostText } from '../limits';
import { utcDay } from '../utc-day';

/** What the name of a stored object says: the window (ms, both ends included), its page, and a hash of the content. */
export interface ObjectName {
  readonly from: number;
  readonly to: number;
  readonly pages: number;
  /** The first 128 bits of the SHA-256 of the lines, in hexadecimal. */
  readonly digest: string;
}

/** The key of an object, in the folder of a day (ms): the same key always means the same content. */
export function objectKey(log: AccountLog, day: number, { from, to, pages, digest }: ObjectName): string {
  return `${dayFolder(log, day)}/${from}-${to}-${String(pages).padStart(6, '0')}-${digest}.ndjson.gz`;
}

/** What a key says, or null if no collector has named an object so. */
export function readObjectName(key: string): ObjectName | null {
  const [, from, to, pages, digest] = /\/(\d+)-(\d+)-(\d{6,})-([\da-f]{32})\.ndjson\.gz$/.exec(key) ?? [];
  if (digest === undefined) return null;
  return { from: Number(from), to: Number(to), pages: Number(pages), digest };
}

/** The keys that an outbox may have: whoever can write a checkpoint can write nowhere else with it. */
export const outboxKeys =
  /^(logs\/[a-z\d-]+\/(?:[a-z][a-z\d-]*\/)?\d{4}\/\d\d\/\d\d\/[\w-]+\.ndjson\.gz|receipts\/[a-z\d-]+\/(?:[a-z][a-z\d-]*\/)?\d{4}\/\d\d\/\d\d\/\d+\.json)$/;

/** The folder of a log's objects of a UTC day (ms): `logs/<log type>/[<account>/]YYYY/MM/DD`. Folders sort as their days do. */
export function dayFolder(log: AccountLog, day: number): string {
  return `${logFolder(log)}${utcDay(day).replaceAll('-', '/')}`;
}

/** The UTC day (`YYYY-MM-DD`) of the folder that an object lies in, or null if it is none of the collector's. */
export function dayOfFolder(key: string): string | null {
  const [, year, month, day] = /\/(\d{4})\/(\d\d)\/(\d\d)\/[^/]+$/.exec(key) ?? [];
  return day === undefined ? null : `${year}-${month}-${day}`;
}

/** One record a line, a line break after each. Without joining the texts first, which would be written twice then. */
export function encodeLines(texts: readonly string[]): Buffer {
  const body = Buffer.allocUnsafe(texts.reduce((size, text) => size + Buffer.byteLength(text) + 1, 0));
  let at = 0;
  for (const text of texts) {
    at += body.write(text, at);
    body[at] = newline;
    at += 1;
  }
  return body;
}

const newline = 0x0a;

/** The texts of the records in one stored object, a line each; see `contentOf` for what it throws. */
export function recordsIn(object: Uint8Array): string[] {
  return linesOf(contentOf(object));
}

/** The texts of the records in the content of an object. */
export function linesOf(content: Buffer): string[] {
  return content.toString().split('\n').slice(0, -1);
}

/**
 * What one stored object holds: gzipped NDJSON, a line break after each record. Throws an error that says what is
 * wrong with one that no collector has stored so: it is empty, cut off, damaged, no gzip, or one of more text than `mostText`,
 * whatever its own size.
 */
export function contentOf(object: Uint8Array): Buffer {
  const [first, second = 0x8b] = object;
  if (first === undefined) throw new Error('it is empty');
  if (first !== 0x1f || second !== 0x8b) throw new Error('it is not gzip');
  const content = unzipped(object);
  if (content.length === 0) throw new Error('it is empty: its gzip holds no record');
  if (content.at(-1) !== newline) throw new Error('it is cut off: its last record has no end');
  return content;
}

/** The hash that the name of an object of this content has. */
export function digestOf(content: Uint8Array): string {
  return hash('sha256', content, 'hex').slice(0, 32);
}

function unzipped(object: Uint8Array): Buffer {
  try {
    return gunzipSync(object, { maxOutputLength: mostText });
  } catch (error) {
    const { code = '' } = failed.safeParse(error).data ?? {};
    throw new Error(problems[code] ?? 'it is damaged: its gzip cannot be read');
  }
}

const failed = z.object({ code: z.string() });

/** By the code of the error: zlib's own of an input that ends too early, and that of Node.js of an output that is too long. */
const problems: Readonly<Record<string, string | undefined>> = {
  Z_BUF_ERROR: 'it is cut off: its gzip has no end',
  ERR_BUFFER_TOO_LARGE: `no collector wrote this object: its gzip holds more than ${mostText} bytes`,
};
