import { hash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import * as z from 'zod/mini';
import { StoreError } from '../errors';
import { conflictAttempts, type Patience, type Store, waitForOthers } from '../store/store';
import type { LogRecord } from './records';

/** The object that a checkpoint has decided on and that may not have been put yet; `body` is the gzip in base64. */
export const outboxSchema = z.strictObject({
  // Whoever can write a checkpoint must not be able to write anywhere else with it.
  key: z.string().check(z.regex(/^logs\/[a-z\d-]+\/\d{4}\/\d\d\/\d\d\/[\w-]+\.ndjson\.gz$/)),
  body: z.base64(),
});

/** See `outboxSchema`. */
export type Outbox = z.infer<typeof outboxSchema>;

/**
 * The object that holds these records, or null for none: named by the window and page that were asked for and by
 * its content, so that the same name always means the same bytes. It lies in the folder of the day of its first record that is
 * dated in the window, and not after `last`, where Duo has filed the page's last one; else of the window's end. Times in ms.
 */
export function createOutbox(
  logType: string,
  window: { readonly from: number; readonly to: number; readonly pages: number },
  records: readonly LogRecord[],
  last = window.to,
): Outbox | null {
  if (records.length === 0) return null;
  const body = encodeLines(records);
  const dated = records.find(({ time }) => time !== null && time >= window.from && time <= last);
  const day = new Date(dated?.time ?? window.to).toISOString().slice(0, 10).replaceAll('-', '/');
  const page = String(window.pages).padStart(6, '0');
  const digest = hash('sha256', body, 'hex').slice(0, 32);
  return {
    key: `logs/${logType}/${day}/${window.from}-${window.to}-${page}-${digest}.ndjson.gz`,
    // zlib writes no timestamp into the header: the same records make the same bytes.
    body: gzipSync(body).toString('base64'),
  };
}

/** Without joining the texts first, which would be written twice then. */
function encodeLines(records: readonly LogRecord[]): Buffer {
  const body = Buffer.allocUnsafe(records.reduce((size, { text }) => size + Buffer.byteLength(text) + 1, 0));
  let at = 0;
  for (const { text } of records) {
    at += body.write(text, at);
    at = body.writeUInt8(newline, at);
  }
  return body;
}

const newline = 0x0a;

/** Puts the object unless it is there already. Throws a `StoreError` if others keep writing it at the same time. */
export async function putOutbox(store: Store, outbox: Outbox, patience: Patience): Promise<void> {
  const body = Buffer.from(outbox.body, 'base64');
  for (let attempt = 1; attempt <= conflictAttempts; attempt++) {
    const outcome = await store.put(outbox.key, body, 'absent');
    if (outcome.kind === 'stored' || outcome.kind === 'changed') return;
    await waitForOthers(patience, attempt);
  }
  throw new StoreError(
    `${store.url}/${outbox.key}: still a conflict (409) after ${conflictAttempts} attempts`,
  );
}
