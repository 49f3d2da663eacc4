import { type AccountLog, logFolder } from '../../account-log';
import { atMost } from '../../at-most';
import { readTime } from '../../duo/record';
import type { LogType } from '../../log-type';
import { contentOf, digestOf, linesOf, readObjectName } from '../../store/object';
import type { Store } from '../../store/store';
import { utcDay } from '../../utc-day';
import { counts } from '../ledger';
import type { Outbox } from '../outbox';
import { type Near, nearTo } from './near';
import { readersAtOnce } from './stored';

/** What the objects of a log are, each of which was read once. */
export interface Proof {
  /** How many were read, and their bytes as they are stored. */
  readonly objects: number;
  readonly bytes: number;
  /** How many records count for each UTC day that they are dated in, by the rule of ledger and receipts; see `counts`. */
  readonly records: ReadonlyMap<string, number>;
  /** Those that are not what their names say, in the order of their keys; `problem` goes on a sentence that names the object. */
  readonly broken: readonly { readonly key: string; readonly problem: string }[];
}

/**
 * Reads each object once whose window comes near a span (`until` excluded, in ms), and proves it by its name. What was decided on
 * and is not put yet counts as stored. `onRead` is told how many of how many are read.
 */
export async function proveStored(
  store: Store,
  logType: LogType,
  log: AccountLog,
  span: { readonly since: number; readonly until: number },
  decided: readonly (Outbox | null)[],
  onRead: (done: number, all: number) => void = () => {},
): Promise<Proof> {
  const records = new Map<string, number>();
  const broken: { key: string; problem: string }[] = [];
  const near: Near[] = [];
  for await (const { key } of store.list(logFolder(log))) {
    const one = nearTo(key, span);
    if (one !== null) near.push(one);
    else if (readObjectName(key) === null) broken.push({ key, problem: 'no collector names an object so' });
  }
  const keys = new Set(near.map(({ key }) => key));
  for (const outbox of decided) {
    const one = outbox === null || keys.has(outbox.key) ? null : nearTo(outbox.key, span);
    if (outbox !== null && one !== null) add(one, Buffer.from(outbox.body, 'base64'));
  }
  let [objects, bytes] = [0, 0];
  await atMost(readersAtOnce, near, async (one) => {
    const object = await store.get(one.key);
    // Deleted since it was listed: the counts of its days tell.
    if (object === undefined) return;
    objects += 1;
    bytes += object.body.length;
    add(one, object.body);
    onRead(objects, near.length);
  });
  return { objects, bytes, records, broken: broken.sort((a, b) => (a.key < b.key ? -1 : 1)) };

  function add({ key, name }: Near, body: Uint8Array): void {
    try {
      const content = contentOf(body);
      const digest = digestOf(content);
      if (digest !== name.digest)
        broken.push({ key, problem: `its content is another one: its hash is ${digest}` });
      for (const text of linesOf(content)) {
        const time = readTime(JSON.parse(text), logType.time, Number.POSITIVE_INFINITY);
        if (!counts(time, name)) continue;
        const day = utcDay(time);
        records.set(day, (records.get(day) ?? 0) + 1);
      }
    } catch (error) {
      // The parser's own words quote the record.
      const isText = error instanceof SyntaxError;
      const problem = isText ? 'it is damaged: one of its lines is not JSON' : String(Object(error).message);
      if (!isText || broken.at(-1)?.key !== key) broken.push({ key, problem });
    }
  }
}
