import { dayOfFolder, readObjectName, recordsIn, utcDay } from 'duo-core';
import { command, saidBy } from '../operator/command';
import { backfillCommand } from '../state/backfill-command';
import type { Target } from './target';

/** Thrown where an object is there and its records are not: it is empty, cut off or no gzip. The message names it. */
export class DamagedObject extends Error {}

/** Reads the records of an object. Throws a `DamagedObject` where there is nothing of the collector's in it. */
export async function recordsAt(target: Pick<Target, 'stage' | 'store'>, key: string): Promise<string[]> {
  const { store } = target;
  const object = await store.get(key);
  if (object === undefined) throw new DamagedObject(`${store.url}/${key} was deleted meanwhile.`);
  try {
    return recordsIn(object.body);
  } catch (error) {
    throw new DamagedObject(`${store.url}/${key}: ${saidBy(error)}. ${mendObject(target, key)}`);
  }
}

/** What to do about an object that holds something else than the collector has put there. */
export function mendObject({ stage, store }: Pick<Target, 'stage' | 'store'>, key: string): string {
  const [, logType, account] = /^logs\/([^/]+)\/(?:([^/]+)\/)?\d{4}\/\d\d\/\d\d\//.exec(key) ?? [];
  const [first, to] = [dayOfFolder(key), readObjectName(key)?.to];
  const again =
    logType === undefined || first === null || to === undefined
      ? `${command} backfill --again`
      : backfillCommand(logType, { stage, store, account }, { first, last: utcDay(to) }, '--again');
  return `Put its earlier version back; or remove it, and store what Duo still has of it, once its days are closed: ${again}`;
}
