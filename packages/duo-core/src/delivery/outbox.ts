import { gzipSync } from 'node:zlib';
import * as z from 'zod/mini';
import type { LogRecord } from '../duo/record';
import { StoreError } from '../errors';
import { encodeLines, objectKey, objectKeys } from '../store/object';
import { conflictAttempts, type Patience, type Store, waitForOthers } from '../store/store';

/** The object that a checkpoint has decided on and that may not have been put yet; `body` is the gzip in base64. */
export const outboxSchema = z.strictObject({
  key: z.string().check(z.regex(objectKeys)),
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
  const lines = encodeLines(records.map(({ text }) => text));
  const dated = records.find(({ time }) => time !== null && time >= window.from && time <= last);
  return {
    key: objectKey(logType, dated?.time ?? window.to, window, lines),
    // zlib writes no timestamp into the header: the same records make the same bytes.
    body: gzipSync(lines).toString('base64'),
  };
}

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
