import {
  type AccountLog,
  atMost,
  CheckpointError,
  checkpointKey,
  type Day,
  dayKey,
  dayOfFolder,
  lastReceipt,
  loadDay,
  proveStored,
  type Receipt,
  readReceiptKey,
  spanOfDay,
} from 'duo-core';
import type { DaySpan } from '../../operator/day-span';
import { plural } from '../../operator/words';
import { logOf, type Target } from '../../store/target';
import type { CheckJson, Finding } from './json';
import { problemOf, type ReadLog } from './read-log';

/** How many states of days are read at once. */
const width = 16;

/**
 * Reads everything once that is stored of some days: compares each object with the hash in its name, and each day's last receipt, or
 * what the ledger says of a day without one, with the records that are there. `onRead` is told how far (0 to 1) it is.
 */
export async function checkLogs(
  logs: readonly ReadLog[],
  target: Pick<Target, 'store'>,
  span: DaySpan,
  onRead: (log: ReadLog, done: number) => void,
): Promise<CheckJson> {
  const sum = { objects: 0, bytes: 0, receipts: 0, ledgers: 0 };
  const findings: Finding[] = [];
  for (const [n, log] of logs.entries()) {
    onRead(log, n / logs.length);
    const part = await checkLog(log, target, span, (done) => onRead(log, (n + done) / logs.length));
    for (const name of ['objects', 'bytes', 'receipts', 'ledgers'] as const) sum[name] += part[name];
    findings.push(...part.findings);
  }
  return { ...sum, findings };
}

async function checkLog(
  { logType, account, live, last, unreadable }: ReadLog,
  { store }: Pick<Target, 'store'>,
  span: DaySpan,
  onRead: (done: number) => void,
): Promise<CheckJson> {
  const log = logOf({ account }, logType.name);
  const findings: Finding[] = [];
  const find = (day: string | null, key: string, problem: string) =>
    void findings.push({ ...log, day, key, problem });
  const bounds = { since: spanOfDay(span.first).since, until: spanOfDay(span.last).until };
  const proof = await proveStored(store, logType, log, bounds, [live?.outbox ?? null], (done, all) =>
    onRead(done / all),
  );
  for (const [key, problem] of unreadable) find(readReceiptKey(key)?.day ?? null, key, problem);
  for (const { key, problem } of proof.broken) find(dayOfFolder(key), key, problem);
  const stateOf = async (day: string): Promise<Day | null> => {
    try {
      return (await loadDay(store, log, day))?.state ?? null;
    } catch (error) {
      if (!(error instanceof CheckpointError)) throw error;
      find(day, dayKey(log, day), problemOf(error, store, dayKey(log, day)));
      return null;
    }
  };
  await atMost(width, last, async ([day, { key, receipt }]) => {
    if (!isNamed(receipt, key, log)) return find(day, key, 'it is of something else than its name says');
    const there = proof.records.get(day) ?? 0;
    if (there === receipt.stored) return;
    // A pass that goes on has stored records of which no receipt tells yet; one that has just ended has written another receipt.
    if (there > receipt.stored && (await stateOf(day))?.pass) return;
    if ((await lastReceipt(store, log, day))?.at !== receipt.at) return;
    find(day, key, `it counts ${plural(receipt.stored, 'record')} of the day: ${areThere(there)}`);
  });
  const ledgers = Object.entries(live?.ledger ?? {}).filter(
    ([day]) => day >= span.first && day <= span.last && !last.has(day),
  );
  await atMost(width, ledgers, async ([day, entered]) => {
    const there = proof.records.get(day) ?? 0;
    const state = await stateOf(day);
    // While a pass goes on, what it has brought may still be in its outbox.
    const decided = entered + (state === null || state.pass !== null ? 0 : state.brought);
    if (there >= decided) return;
    find(
      day,
      checkpointKey(log),
      `its ledger counts ${plural(decided, 'record')} of the day: ${areThere(there)}`,
    );
  });
  const { objects, bytes } = proof;
  return { objects, bytes, receipts: last.size, ledgers: ledgers.length, findings: findings.sort(byDay) };
}

/** Whether a receipt is of the log, the day and the moment that its key says. */
function isNamed({ logType, account, day, at }: Receipt, key: string, log: AccountLog): boolean {
  const named = readReceiptKey(key);
  return logType === log.logType && account === log.account && day === named?.day && at === named.at;
}

function areThere(count: number): string {
  return `${count.toLocaleString('en')} ${count === 1 ? 'is' : 'are'} there`;
}

function byDay(one: Finding, other: Finding): number {
  return `${one.day} ${one.key}` < `${other.day} ${other.key}` ? -1 : 1;
}
