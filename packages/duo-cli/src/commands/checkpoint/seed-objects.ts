import { identity, type LogType, readTime, type Seen } from 'duo-core';
import type { Folder } from '../../store/folder';
import { parseJson } from '../../store/parse-json';
import { likelyTexts } from './likely-texts';

/** What Google's function has stored from some time on. */
export interface SeedRecords {
  readonly seen: Seen;
  readonly objects: number;
  /** Their times, in ms. */
  readonly times: ReadonlySet<number>;
}

/**
 * Reads the records from `since` on, in ms, out of the function's own objects, so that the collector knows them as if it had
 * met them. The end of an object's name is when it was put, two minutes or more after the last of its records.
 */
export async function seedRecords(
  folder: Folder,
  { since, now }: { readonly since: number; readonly now: number },
  { time }: LogType,
): Promise<SeedRecords> {
  const seen: Seen = {};
  const times = new Set<number>();
  const names = (await folder.names()).filter((name) => putAt(name) >= since);
  for (const name of names) {
    const text = await folder.read(name);
    if (text === undefined) {
      throw new Error(
        `${name} has just disappeared from ${folder.url}: find out what deletes there. Nothing was written.`,
      );
    }
    if (text === '') throw damaged(folder, name, 'it is empty');
    for (const line of text.split('\n')) {
      const record = parseJson(line);
      if (record === undefined) throw damaged(folder, name, 'it is cut off, or not only JSON');
      const at = readTime(record, time, now);
      if (at === null || at < since) continue;
      times.add(at);
      for (const likely of likelyTexts(line)) seen[identity(likely)] = [at, 1];
    }
  }
  return { seen, objects: names.length, times };
}

/** The time in `…_YYYYMMDD_HHMMSS.json`, in ms; NaN for any other name. */
function putAt(name: string): number {
  const [, ...parts] = /_(\d{4})(\d\d)(\d\d)_(\d\d)(\d\d)(\d\d)\.json$/.exec(name) ?? [];
  const [year = NaN, month = 0, day, hour, minute, second] = parts.map(Number);
  return Date.UTC(year, month - 1, day, hour, minute, second);
}

/** Of what it held, all would be stored a second time. */
function damaged({ url }: Folder, name: string, what: string): Error {
  return new Error(
    `${url.replace(/\/$/, '')}/${name}: ${what}, and the function does not store such objects. Put its earlier version back, or use --objects to name a copy of the objects without it; what it held is then stored a second time. Nothing was written.`,
  );
}
