import { createHash } from 'node:crypto';
import { finished } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import type { AccountLog } from '../../account-log';
import type { LogRecord } from '../../duo/record';
import { encodeLines, objectKey } from '../../store/object';
import type { Outbox } from '../outbox';

/** What an object is named by beside its content: the window that was asked for (ms, both ends included), and a page of it. */
export interface Named {
  readonly from: number;
  readonly to: number;
  readonly pages: number;
}

/** An object in the making: its records are compressed as they come. */
export interface Draft {
  /** How much text it holds, in bytes. */
  readonly size: number;
  /** Adds records, at least one; `day` (ms) is the one whose folder they would lie in, or null where none of them tells. */
  add(records: readonly LogRecord[], day: number | null): void;
  /** The object, named by the window and page that were asked for and by its content: the same name always means the same records. */
  finish(): Promise<Outbox>;
}

/** Begins an object of a log. It lies in the folder of the first day that is told, else of the window's end. */
export function beginDraft(log: AccountLog, named: Named): Draft {
  // zlib writes no timestamp into the header.
  const gzip = createGzip({ chunkSize: 64 * 1024 });
  const compressed: Buffer[] = [];
  gzip.on('data', (chunk: Buffer) => compressed.push(chunk));
  const ended = finished(gzip);
  ended.catch(() => {});
  const lines = createHash('sha256');
  let size = 0;
  let folder: number | null = null;
  return {
    get size() {
      return size;
    },
    add(records, day) {
      const text = encodeLines(records.map(({ text }) => text));
      size += text.length;
      lines.update(text);
      // In zlib's own threads; no more waits there than is held at all.
      gzip.write(text);
      folder ??= day;
    },
    async finish() {
      gzip.end();
      await ended;
      const digest = lines.digest('hex').slice(0, 32);
      return {
        key: objectKey(log, folder ?? named.to, { ...named, digest }),
        body: Buffer.concat(compressed).toString('base64'),
      };
    },
  };
}
