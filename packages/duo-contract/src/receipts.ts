import { type Receipt, readReceipt, readReceiptKey, receiptFolder, type Store } from 'duo-core';

/** All receipts of a log, the oldest day and pass first. */
export async function receiptsIn(store: Store, logType: string): Promise<Receipt[]> {
  const receipts: Receipt[] = [];
  for await (const { key } of store.list(receiptFolder({ logType })))
    if (readReceiptKey(key) !== null) receipts.push(await readReceipt(store, key));
  return receipts;
}
