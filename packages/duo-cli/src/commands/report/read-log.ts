import {
  atMost,
  type Checkpoint,
  CheckpointError,
  checkpointKey,
  dayFolder,
  dayOfFolder,
  defaultLookback,
  type LogType,
  loadCheckpoint,
  logFolder,
  midnightOf,
  type Receipt,
  readReceipt,
  settledUpTo,
  spanOfDay,
} from 'duo-core';
import { type DaySpan, daysOf } from '../../operator/day-span';
import { maskPhones } from '../../operator/mask-phones';
import { momentText } from '../../operator/words';
import { storedLogs } from '../../state/gone-checkpoint';
import { type ListedReceipt, lastOfEach, listReceipts, openGaps, spanOfGaps } from '../../state/receipts';
import { logOf, type Target } from '../../store/target';
import { sayOfDay } from './day';
import type { LogJson } from './json';

/** How many receipts are read at once. */
const width = 16;

/** What is known of a log without reading a record. */
export interface ReadLog {
  readonly logType: LogType;
  readonly account: string | undefined;
  /** Null if there is none or it cannot be read. */
  readonly live: Checkpoint | null;
  /** The last receipt of each day, as far as it can be read. */
  readonly last: ReadonlyMap<string, { readonly key: string; readonly receipt: Receipt }>;
  /** What cannot be read, by its key. */
  readonly unreadable: ReadonlyMap<string, string>;
  readonly json: LogJson;
}

/**
 * Reads checkpoint, receipts and the names of the objects of some days (`now` in ms). What is damaged is told as a problem; throws
 * for what cannot be asked for.
 */
export async function readLog(
  logType: LogType,
  target: Pick<Target, 'store' | 'account'>,
  span: DaySpan,
  now: number,
): Promise<ReadLog> {
  const { store, account } = target;
  const log = logOf(target, logType.name);
  const unreadable = new Map<string, string>();
  const note = (key: string) => (error: unknown) => {
    if (!(error instanceof CheckpointError)) throw error;
    unreadable.set(key, problemOf(error, store, key));
    return undefined;
  };
  // Before the listings: what it has decided on by now is stored, or in its outbox.
  const saved = await loadCheckpoint(store, log).catch(note(checkpointKey(log)));
  const live = saved === undefined ? undefined : (saved?.state ?? null);
  if (live === null && (await storedLogs([logType], target)).size > 0)
    unreadable.set(checkpointKey(log), 'it is gone, though records are stored');
  const listed = await listReceipts(store, log, span);
  const receipts = await readReceipts(target, listed, note);
  const stored = await listObjects(target, logType, span);
  const settled = settledUpTo(live ?? null, defaultLookback, now);
  const days = daysOf(span).flatMap((day) => {
    const { all = [], isReadable = true } = receipts.get(day) ?? {};
    const { objects, bytes } = stored.get(day) ?? { objects: 0, bytes: 0 };
    const readable = all.map(({ receipt }) => receipt);
    return sayOfDay({ day, receipts: readable, isReadable, live, objects, bytes }, settled, now) ?? [];
  });
  const [first, last] = [spanOfDay(span.first).since, spanOfDay(span.last).until];
  const gaps = (live?.gaps ?? []).filter(([from, to]) => from < last && to > first);
  const open = new Set(openGaps(gaps, await receiptsOfGaps(target, logType, gaps)));
  return {
    logType,
    account,
    live: live ?? null,
    last: new Map([...receipts].flatMap(([day, { all }]) => all.slice(-1).map((one) => [day, one]))),
    unreadable,
    json: {
      ...log,
      since: live ? momentText(live.since) : null,
      watermark: live ? momentText(live.watermark) : null,
      gaps: gaps.map((gap) => ({
        from: momentText(gap[0]),
        to: momentText(gap[1]),
        compared: !open.has(gap),
      })),
      days,
      problems: [...unreadable].map(([key, problem]) => `${key}: ${problem}`),
    },
  };
}

/** What an error says of the object that it names: without where the store is, which a report does not tell. */
export function problemOf({ message }: Error, { url }: Pick<Target['store'], 'url'>, key: string): string {
  return maskPhones(message.replace(`${url}/${key}: `, '').replaceAll(`${url}/`, ''));
}

/** By day: those that can be read, and whether the last one can. */
async function readReceipts(
  { store }: Pick<Target, 'store'>,
  listed: readonly ListedReceipt[],
  note: (key: string) => (error: unknown) => undefined,
) {
  const read = new Map<string, Receipt | undefined>();
  await atMost(width, listed, async ({ key }) => {
    read.set(key, await readReceipt(store, key).catch(note(key)));
  });
  const days = new Map<string, { all: { key: string; receipt: Receipt }[]; isReadable: boolean }>();
  for (const { key, day } of listed) {
    const { all } = days.get(day) ?? { all: [] };
    const receipt = read.get(key);
    days.set(day, {
      all: receipt === undefined ? all : [...all, { key, receipt }],
      isReadable: receipt !== undefined,
    });
  }
  return days;
}

/** How many objects lie in the folder of each day, and their bytes. */
async function listObjects(
  target: Pick<Target, 'store' | 'account'>,
  { name }: LogType,
  { first, last }: DaySpan,
): Promise<ReadonlyMap<string, { objects: number; bytes: number }>> {
  const log = logOf(target, name);
  const days = new Map<string, { objects: number; bytes: number }>();
  const before = dayFolder(log, midnightOf(first));
  for await (const { key, size } of target.store.list(logFolder(log), before)) {
    const day = dayOfFolder(key);
    if (day === null) continue;
    if (day > last) break;
    const { objects, bytes } = days.get(day) ?? { objects: 0, bytes: 0 };
    days.set(day, { objects: objects + 1, bytes: bytes + size });
  }
  return days;
}

/** A gap may reach beyond the days that are shown. */
async function receiptsOfGaps(
  target: Pick<Target, 'store' | 'account'>,
  { name }: LogType,
  gaps: readonly (readonly [from: number, to: number])[],
): Promise<ReadonlyMap<string, unknown>> {
  const span = spanOfGaps(gaps);
  if (span === null) return new Map();
  return lastOfEach(await listReceipts(target.store, logOf(target, name), span));
}
