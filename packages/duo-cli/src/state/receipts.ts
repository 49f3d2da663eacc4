import {
  type AccountLog,
  dayLength,
  midnightOf,
  readReceiptKey,
  receiptFolder,
  type Store,
  utcDay,
} from 'duo-core';

/** A receipt as a listing has it: its day, and when its pass began (ms). */
export interface ListedReceipt {
  readonly key: string;
  readonly day: string;
  readonly at: number;
}

/** The receipts of a log's days from the first to the last, both included: by their days, and then as they were written. */
export async function listReceipts(
  store: Store,
  log: AccountLog,
  { first, last }: { readonly first: string; readonly last: string },
): Promise<ListedReceipt[]> {
  const found: ListedReceipt[] = [];
  const folder = receiptFolder(log);
  for await (const { key } of store.list(folder, `${folder}${first.replaceAll('-', '/')}/`)) {
    const receipt = readReceiptKey(key);
    if (receipt === null) continue;
    if (receipt.day > last) break;
    found.push({ key, ...receipt });
  }
  return found.sort((one, other) => midnightOf(one.day) - midnightOf(other.day) || one.at - other.at);
}

/** Of each day, the last one. */
export function lastOfEach(receipts: readonly ListedReceipt[]): ReadonlyMap<string, ListedReceipt> {
  return new Map(receipts.map((receipt) => [receipt.day, receipt]));
}

/** The gaps (ms) that have a day without a receipt: nobody has looked at all of them since. */
export function openGaps(
  gaps: readonly (readonly [from: number, to: number])[],
  receipts: ReadonlyMap<string, unknown>,
): (readonly [from: number, to: number])[] {
  return gaps.filter(([from, to]) => {
    for (let at = midnightOf(utcDay(from)); at < to; at += dayLength)
      if (!receipts.has(utcDay(at))) return true;
    return false;
  });
}

/** The days that gaps (ms) have a part of, from the first to the last; null without gaps. */
export function spanOfGaps(
  gaps: readonly (readonly [from: number, to: number])[],
): { readonly first: string; readonly last: string } | null {
  if (gaps.length === 0) return null;
  return {
    first: utcDay(Math.min(...gaps.map(([from]) => from))),
    last: utcDay(Math.max(...gaps.map(([, to]) => to))),
  };
}
