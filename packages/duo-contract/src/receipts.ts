import {
  type AccountLog,
  type Receipt,
  readReceipt,
  readReceiptKey,
  receiptFolder,
  type Store,
} from 'duo-core';

/** All receipts of a log, the oldest day and pass first. */
export async function receiptsIn(store: Store, log: AccountLog): Promise<Receipt[]> {
  const receipts: Receipt[] = [];
  for await (const { key } of store.list(receiptFolder(log)))
    if (readReceiptKey(key) !== null) receipts.push(await readReceipt(store, key));
  return receipts;
}
