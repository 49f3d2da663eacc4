import {
  atMost,
  boundsTolerance,
  type Checkpoint,
  counts,
  dayFolder,
  identity,
  isBelieved,
  type ListedObject,
  type LogType,
  logFolder,
  readObjectName,
  readTime,
  utcDay,
} from 'duo-core';
import { parseJson } from './parse-json';
import { recordsAt } from './records-at';
import { logOf, type Target } from './target';

/** What a store has of the last 24 hours of a log. */
export interface LastDay {
  /** Records, by their own times; at least so many where `unread` is not 0. */
  readonly records: number;
  /** The same of each of those hours, the oldest first, the last one ending now; null where an object that was not read may hold some. */
  readonly hours: readonly (number | null)[];
  /** The objects that they are in. */
  readonly objects: number;
  /** How many of the objects were not read: they are too many, or may not be read. */
  readonly unread: number;
  /** Those of them in which a line is not a JSON object. */
  readonly odd: readonly string[];
  /** The records that count for the UTC day that it is now, by the rule of the checkpoint's ledger; at least so many where `unread` is not 0. */
  readonly today: number;
  /** How many records too many there are: the same text again. Null where the log's records have no id, and two may be equal. */
  readonly doubled: number | null;
}

/** What an object holds. */
interface Held {
  /** When each record happened, in ms. */
  readonly times: readonly number[];
  /** Those of them that Duo's own time of the record says, and which the ledger counts, therefore. */
  readonly counted: readonly number[];
  /** Of each record that has an id. */
  readonly identities: readonly string[];
  readonly isOdd: boolean;
}

const day = 86_400_000;
const hour = 3_600_000;

/** What is read of one log, in bytes of gzip: some 100,000 records, and a few seconds. */
const mostBytes = 8 * 1024 * 1024;

/**
 * Counts what objects hold; an object never changes, so each is read once, however often it is asked. `counted` is how many records of
 * the UTC day that it is now (in ms) the checkpoint has counted.
 */
export function createLastDay(
  target: Pick<Target, 'stage' | 'store' | 'account'>,
): (logType: LogType, now: number, counted: number) => Promise<LastDay> {
  const known = new Map<string, Held>();
  return async (logType, now, counted) => {
    const { overlapSeconds = 0 } = logType;
    // An object lies in the folder of its first record, which may be earlier than the others by the overlap.
    const folder = dayFolder(logOf(target, logType.name), now - day - Math.max(day, overlapSeconds * 1000));
    const near = await readFrom(folder);
    // Or by many days, where no run came for as long. That is looked for only where something is missing.
    return near.today >= counted || near.unread > 0 ? near : readFrom(undefined);

    async function readFrom(startAfter: string | undefined): Promise<LastDay> {
      return lastDayOf(logType, now, await objectsSince(target, logType, now - day, startAfter));
    }
  };

  async function lastDayOf(logType: LogType, now: number, listed: ListedObject[]): Promise<LastDay> {
    let bytes = 0;
    const readable = listed.filter(({ size }) => {
      bytes += size;
      return bytes <= mostBytes;
    });
    await atMost(16, readable, async ({ key }) => {
      if (!known.has(key)) known.set(key, heldBy(logType, key, await recordsAt(target, key)));
    });
    const held = readable.flatMap(({ key }) => known.get(key) ?? []);
    const from = now - day;
    const sizes = held.map(({ times }) => times.filter((at) => at >= from).length);
    const identities = held.flatMap((one) => one.identities);
    const unread = listed.filter((object) => !readable.includes(object));
    return {
      records: sizes.reduce((sum, size) => sum + size, 0),
      hours: hoursOf(
        held.flatMap(({ times }) => times),
        unread.map(({ key }) => key),
        from,
      ),
      objects: sizes.filter((size) => size > 0).length + unread.length,
      unread: unread.length,
      today: held.flatMap(({ counted }) => counted).filter((at) => utcDay(at) === utcDay(now)).length,
      odd: readable.filter(({ key }) => known.get(key)?.isOdd).map(({ key }) => key),
      doubled: logType.id === undefined ? null : identities.length - new Set(identities).size,
    };
  }
}

/** The objects of windows that end at a moment (ms) or later, the newest first, from a folder on. */
async function objectsSince(
  target: Pick<Target, 'store' | 'account'>,
  { name }: LogType,
  from: number,
  folder: string | undefined,
): Promise<ListedObject[]> {
  const listed: ListedObject[] = [];
  for await (const object of target.store.list(logFolder(logOf(target, name)), folder)) {
    if (windowEnd(object.key) >= from) listed.push(object);
  }
  return listed.sort((one, other) => windowEnd(other.key) - windowEnd(one.key));
}

/** What an object holds, by the texts of its records. */
function heldBy(logType: LogType, key: string, texts: readonly string[]): Held {
  const window = readObjectName(key) ?? { from: Number.NaN, to: Number.NaN };
  const values = texts.map(parseJson);
  const times = values.map((value) => readTime(value, logType.time, window.to));
  return {
    counted: times.filter((time) => counts(time, window)),
    // A record whose time is not believed counts as of the end of its window.
    times: times.map((time) => (isBelieved(time, window) ? time : window.to)),
    identities: texts.filter((_, n) => hasId(values[n], logType)).map(identity),
    isOdd: !values.every(isRecord),
  };
}

/** How many records of the UTC day that it is (ms) a log's checkpoint has counted. */
export function countedToday(checkpoint: Checkpoint | null, now: number): number {
  return checkpoint?.ledger[utcDay(now)] ?? 0;
}

/** How many of the times (ms) are in each of the 24 hours from then on; null where one of the objects `unread` may have some. */
function hoursOf(times: readonly number[], unread: readonly string[], from: number): (number | null)[] {
  const hours = Array.from({ length: day / hour }, () => 0);
  for (const time of times) {
    if (time < from) continue;
    // What Duo has dated a moment ahead is of the last hour.
    const at = Math.min(hours.length - 1, Math.floor((time - from) / hour));
    hours[at] = (hours[at] ?? 0) + 1;
  }
  const windows = unread.flatMap((key) => readObjectName(key) ?? []);
  return hours.map((count, n) => {
    const [since, until] = [from + n * hour - boundsTolerance, from + (n + 1) * hour + boundsTolerance];
    return windows.some((window) => window.from < until && window.to >= since) ? null : count;
  });
}

/** Of two records without an id, nobody can say whether they are one that was stored again. */
function hasId(value: unknown, { id }: LogType): boolean {
  return id !== undefined && typeof value === 'object' && value !== null && Object.hasOwn(value, id);
}

/** Whether it is what Duo sends: a JSON object. */
export function isRecord(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The end of the window that an object is from, in ms, by its name; NaN for anything else. */
function windowEnd(key: string): number {
  return readObjectName(key)?.to ?? Number.NaN;
}
