import * as z from 'zod/mini';
import { StoreError } from '../errors';
import { outboxKeys } from '../store/object';
import { conflictAttempts, type Patience, type Store, waitForOthers } from '../store/store';

/** The object that a save has decided on and that may not have been put yet; `body` are its bytes in base64. */
export const outboxSchema = z.strictObject({
  key: z.string().check(z.regex(outboxKeys)),
  // `z.base64` looks at each character, which takes ten times as long.
  body: z.string().check(z.refine((body) => Buffer.from(body, 'base64').toString('base64') === body)),
});

/** See `outboxSchema`. */
export type Outbox = z.infer<typeof outboxSchema>;

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
