import { createWriteStream } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { atMost, isBelieved, type ListedObject, type LogType, readTime, type Store, utcDay } from 'duo-core';
import type { DaySpan } from '../../operator/day-span';
import { isRecord } from '../../store/last-day';
import { parseJson } from '../../store/parse-json';
import { DamagedObject, recordsAt } from '../../store/records-at';
import type { RawObject } from './raw-log';

/** What reading a store for a query takes. */
export interface Reading {
  readonly store: Store;
  /** Where files are put for DuckDB. */
  readonly folder: string;
  /** Is told of an object that cannot be read; the others are read all the same. */
  damaged(error: DamagedObject): void;
  /** Is told of each object that was read; throws where reading is to stop. */
  read(object: ListedObject): void;
}

/** How many objects are read at a time. */
const atOnce = 16;

/**
 * Writes the records of these days into one file of NDJSON, `{ "record": …, "raw": "…", "day": "…" }` a line: `record` is the text as
 * Duo sent it, or null where that is no JSON object. Returns the file, or undefined where there are no records.
 */
export async function fetchRecords(
  logType: LogType,
  days: DaySpan,
  objects: readonly RawObject[],
  reading: Reading,
): Promise<string | undefined> {
  const file = join(reading.folder, `${logType.name}.ndjson`);
  let isEmpty = true;
  async function* texts(): AsyncGenerator<string> {
    for (let n = 0; n < objects.length; n += atOnce) {
      const some = objects.slice(n, n + atOnce);
      const found = new Map<RawObject, string>();
      await atMost(atOnce, some, async (object) => {
        reading.read(object);
        const records = await recordsAt({ stage: null, store: reading.store }, object.key).catch(
          told<string[]>(reading, []),
        );
        found.set(object, records.map((text) => line(text, object, logType, days)).join(''));
      });
      for (const object of some) {
        const lines = found.get(object) ?? '';
        if (lines === '') continue;
        isEmpty = false;
        yield lines;
      }
    }
  }
  await pipeline(Readable.from(texts()), createWriteStream(file));
  return isEmpty ? undefined : file;
}

/** A line for a record of these days, else nothing. One whose time is not believed is of the day on which its window ends. */
function line(text: string, { name: window, account }: RawObject, { time }: LogType, days: DaySpan): string {
  const value = parseJson(text);
  const at = readTime(value, time, window.to);
  const day = utcDay(isBelieved(at, window) ? at : window.to);
  if (day < days.first || day > days.last) return '';
  const ours = JSON.stringify({ raw: text, day, ...(account !== undefined && { account }) });
  return `{"record":${isRecord(value) ? text : 'null'},${ours.slice(1)}\n`;
}

/** Writes Parquet files as they are, below the same names, and returns where they are. */
export async function fetchParquet(objects: readonly ListedObject[], reading: Reading): Promise<string[]> {
  const files: string[] = [];
  await atMost(atOnce, objects, async (object) => {
    const { key } = object;
    reading.read(object);
    const body = (await reading.store.get(key))?.body;
    const url = `${reading.store.url}/${key}`;
    if (body === undefined)
      return told(reading, undefined)(new DamagedObject(`${url} was deleted meanwhile.`));
    // Parquet begins and ends with its magic number: https://parquet.apache.org/docs/file-format/
    const ends = [body.subarray(0, 4), body.subarray(-4)].map((bytes) =>
      Buffer.from(bytes).toString('latin1'),
    );
    if (ends.some((end) => end !== 'PAR1'))
      return told(
        reading,
        undefined,
      )(new DamagedObject(`${url}: it is not Parquet, or cut off. ${mendLake}`));
    const file = join(reading.folder, key);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, body);
    files.push(file);
  });
  return files.sort();
}

const mendLake = 'Put its earlier version back.';

function told<T>({ damaged }: Reading, instead: T): (error: unknown) => T {
  return (error) => {
    if (!(error instanceof DamagedObject)) throw error;
    damaged(error);
    return instead;
  };
}
