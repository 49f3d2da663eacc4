import { gzipSync } from 'node:zlib';
import * as z from 'zod/mini';
import type { LogRecord } from '../duo/record';
import { StoreError } from '../errors';
import { encodeLines, objectKey, outboxKeys } from '../store/object';
import { conflictAttempts, type Patience, type Store, waitForOthers } from '../store/store';

/** The object that a save has decided on and that may not have been put yet; `body` are its bytes in base64. */
export const outboxSchema = z.strictObject({
  key: z.string().check(z.regex(outboxKeys)),
  body: z.base64(),
});

/** See `outboxSchema`. */
export type Outbox = z.infer<typeof outboxSchema>;

/**
 * The object that holds these records, or null for none: named by the window and page that were asked for and by
 * its content, so that the same name always means the same bytes. It lies in the folder of a UTC day (ms).
 */
export function createOutbox(
  logType: string,
  window: { readonly from: number; readonly to: number; readonly pages: number },
  records: readonly LogRecord[],
  day: number,
): Outbox | null {
  if (records.length === 0) return null;
  const lines = encodeLines(records.map(({ text }) => text));
  return {
    key: objectKey(logType, day, window, lines),
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
