import {
  type Checkpoint,
  dayFolder,
  type ListedObject,
  type LogType,
  logFolder,
  midnightOf,
  readObjectName,
} from 'duo-core';
import { saidBy } from '../../../operator/command';
import { plural } from '../../../operator/words';
import { isRecord, type LastDay } from '../../../store/last-day';
import { parseJson } from '../../../store/parse-json';
import { mendObject, recordsAt } from '../../../store/records-at';
import { logOf, type Target } from '../../../store/target';
import { type Check, check, Unknown } from '../check';

/** How many of the newest objects are read. */
const most = 3;
/** How far back they are looked for, in ms. */
const reach = 30 * 86_400_000;

/**
 * Checks that the newest objects of a log, however old they are, can be read and hold nothing but JSON objects. What `lastDay` has
 * said of one is not said again. Where there are none, the checkpoint says whether there were some. `now` in ms.
 */
export async function checkNewest(
  { name }: LogType,
  target: Pick<Target, 'stage' | 'store' | 'account'>,
  lastDay: Check,
  checkpoint: Checkpoint | null,
  now: number,
): Promise<Check> {
  const { store } = target;
  const of = logOf(target, name);
  return check(name, 'newest objects', async () => {
    const newest: ListedObject[] = [];
    const from = dayFolder(of, now - reach);
    for await (const object of store.list(logFolder(of), from)) {
      newest.push(object);
      newest.sort((one, other) => windowEnd(other.key) - windowEnd(one.key));
      newest.length = Math.min(newest.length, most);
    }
    if (newest.length === 0) {
      const stored = storedSince(checkpoint, now - reach);
      if (stored === 0) return 'none within 30 days';
      throw new Unknown(
        `none within 30 days, though at least ${plural(stored, 'record')} of these days ${stored === 1 ? 'was' : 'were'} stored: they were deleted. A reader that deletes what it reads does that, and so does retentionDays.`,
      );
    }
    const problems: string[] = [];
    let records = 0;
    const unsaid = newest.filter(({ key }) => !lastDay.says.includes(key));
    for (const { key } of unsaid) {
      try {
        const texts = await recordsAt(target, key);
        records += texts.length;
        if (!texts.map(parseJson).every(isRecord)) problems.push(oddText(target, [key]));
      } catch (error) {
        problems.push(saidBy(error));
      }
    }
    if (problems.length > 0) throw new Error(problems.join('\n'));
    if (unsaid.length < newest.length) throw new Unknown('see above; the others can be read');
    return `${plural(newest.length, 'object')} with ${plural(records, 'record')}, each a JSON object`;
  });
}

/** How many records of the days from a moment (ms) on the checkpoint has counted. */
function storedSince(checkpoint: Checkpoint | null, from: number): number {
  const counts = Object.entries(checkpoint?.ledger ?? {});
  return counts.reduce((sum, [day, count]) => (midnightOf(day) > from ? sum + count : sum), 0);
}

/** What to say of objects with a line that is no record. */
export function oddText(target: Pick<Target, 'stage' | 'store'>, keys: readonly string[]): string {
  return keys
    .map(
      (key) =>
        `${target.store.url}/${key}: not every line is a JSON object, as Duo's records are. ${mendObject(target, key)}`,
    )
    .join('\n');
}

/** Checks that no record was stored again, in what was read of the last day. */
export async function checkDoubled(
  { name }: LogType,
  lastDay: Promise<LastDay>,
  verify: string,
): Promise<Check> {
  return check(name, 'doubled', async () => {
    const { doubled, records } = await lastDay.catch(() => {
      throw new Unknown('see above');
    });
    if (doubled === null)
      throw new Unknown(
        `records of this log have no id, and two may be equal. To compare them with Duo's: ${verify}`,
      );
    if (doubled === 0) return `none of ${plural(records, 'record')} of the last day`;
    throw new Error(
      `${plural(doubled, 'record')} too many: the same text is stored more than once. Either an earlier checkpoint was put back, or two stages write into this store: fix that. The repeats stay: whoever reads the records must drop them. To see which days: ${verify}`,
    );
  });
}

/** Of what no collector has named, nothing can be said; it comes first, so that it is looked at. */
function windowEnd(key: string): number {
  return readObjectName(key)?.to ?? Number.POSITIVE_INFINITY;
}
