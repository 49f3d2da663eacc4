import { momentText } from '../../operator/words';
import type { StoredSpan } from '../../state/stored-span';
import type { RecordMark } from '../../store/record-mark';
import type { Tally } from './comparison';

/** What `--json` prints of a record; `objects` are those that hold it. */
export interface Example {
  readonly time: string | null;
  /** Null where the log's records have none. */
  readonly id: string | null;
  readonly identity: string;
  readonly objects: readonly string[];
}

/** Names a record without saying what is in it. */
export function exampleOf({ identity, name, time }: RecordMark, objects: readonly string[]): Example {
  const id = name === identity ? null : name;
  return { time: time === null ? null : momentText(time), id, identity, objects };
}

/** Names at most so many of each. Only identities were remembered, so the objects are read again if there is anything to name. */
export async function findExamples(
  tallies: readonly Tally[],
  most: number,
  stored: StoredSpan,
): Promise<Example[][]> {
  const wanted = tallies.map(({ identities }) => new Set([...identities].slice(0, most)));
  const found = tallies.map(() => new Map<string, Example>());
  if (wanted.every(({ size }) => size === 0)) return [];
  await stored.read(
    (mark, key) => {
      for (const [n, identities] of wanted.entries()) {
        if (!identities.has(mark.identity)) continue;
        const keys = found[n]?.get(mark.identity)?.objects ?? [];
        found[n]?.set(mark.identity, exampleOf(mark, [...keys, key]));
      }
    },
    () => {},
  );
  return found.map((examples) => [...examples.values()]);
}
