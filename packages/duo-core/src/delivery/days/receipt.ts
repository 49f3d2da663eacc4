import * as z from 'zod/mini';
import { type AccountLog, receiptFolder } from '../../account-log';
import { CheckpointError } from '../../errors';
import type { Store } from '../../store/store';
import type { Outbox } from '../outbox';

const count = z.int().check(z.minimum(0));

const schema = z.strictObject({
  version: z.literal(1),
  logType: z.string(),
  /** Left out where it is the stage's own. */
  account: z.optional(z.string()),
  source: z.string(),
  /** The UTC day. */
  day: z.iso.date(),
  /** When the pass has begun, in ms. */
  at: count,
  shown: count,
  stored: count,
  repaired: count,
  changed: count,
  doubled: count,
  astray: count,
  deleted: count,
});

/** What a pass has counted, as `docs/format.md` describes it. */
export type Receipt = z.infer<typeof schema>;

/** What the keys of the receipts of one of its days (`YYYY-MM-DD`) begin with. */
export function receiptsOfDay(log: AccountLog, day: string): string {
  return `${receiptFolder(log)}${day.replaceAll('-', '/')}/`;
}

/** The day and the moment (ms) that the key of a receipt says, or null if it is none. */
export function readReceiptKey(key: string): { readonly day: string; readonly at: number } | null {
  const [, year, month, day, at] = /\/(\d{4})\/(\d\d)\/(\d\d)\/(\d+)\.json$/.exec(key) ?? [];
  return at === undefined ? null : { day: `${year}-${month}-${day}`, at: Number(at) };
}

/** The receipt as an object that is to be put. */
export function receiptOutbox(receipt: Receipt): Outbox {
  return {
    key: `${receiptsOfDay(receipt, receipt.day)}${receipt.at}.json`,
    body: Buffer.from(`${JSON.stringify(receipt)}\n`).toString('base64'),
  };
}

/** Reads a receipt. Throws a `CheckpointError` if it is damaged: what it says must not be guessed. */
export async function readReceipt(store: Store, key: string): Promise<Receipt> {
  const object = await store.get(key);
  const text = Buffer.from(object?.body ?? '').toString();
  try {
    return schema.parse(JSON.parse(text));
  } catch {
    throw new CheckpointError(
      `${store.url}/${key}: the receipt is damaged. Nothing was changed. Remove it: the next pass of its day writes another one`,
    );
  }
}

/** The last receipt of a day, or null if there is none. Throws as `readReceipt` does. */
export async function lastReceipt(store: Store, log: AccountLog, day: string): Promise<Receipt | null> {
  let last: { readonly key: string; readonly at: number } | null = null;
  for await (const { key } of store.list(receiptsOfDay(log, day))) {
    const at = readReceiptKey(key)?.at;
    if (at !== undefined && at > (last?.at ?? -1)) last = { key, at };
  }
  return last && readReceipt(store, last.key);
}
