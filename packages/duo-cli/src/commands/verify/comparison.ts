import type { RecordMark } from '../../store/record-mark';

/** How a record that Duo shows is stored: as it is, under another text, not yet, or not. */
type Standing = 'stored' | 'changed' | 'pending' | 'missing';

/** What is left when everything has been compared: how many there are, and the identities of the stored ones. */
interface Leftovers {
  readonly doubled: Tally;
  readonly foreign: Tally;
  /** Records, by their ids, that Duo shows with another text than is stored. */
  readonly changed: Tally;
}

/** How many, and the identities by which to find those that are stored. */
export interface Tally {
  readonly count: number;
  readonly identities: ReadonlySet<string>;
}

/** First all that is stored, then all that Duo shows. */
interface Comparison {
  store(mark: RecordMark): void;
  show(mark: RecordMark): Standing;
  leftovers(): Leftovers;
}

/**
 * Compares records by their identities, each as often as it occurs. Where `mutable`, each text of a record is one of its own:
 * what Duo shows now has to be stored, and an earlier state may be. Elsewhere a record that is stored under another text
 * is not missing: storing it again would double it. What is not decided is left to the collector.
 */
export function createComparison(
  mutable: boolean,
  isDecided: (mark: RecordMark, copy: number) => boolean,
): Comparison {
  // By name. Those of a name are nearly always one, and a string takes less memory than a list.
  const stored = new Map<string, string | string[]>();
  const shown = new Map<string, string | string[]>();
  const undated = new Set<string>();
  const changed = new Set<string>();
  return {
    store({ name, identity, time }) {
      if (time === null) undated.add(identity);
      put(stored, name, [...at(stored, name), identity]);
    },

    show(mark) {
      const { name, identity } = mark;
      const left = at(stored, name);
      const all = [...at(shown, name), identity];
      put(shown, name, all);
      const place = left.indexOf(identity);
      if (place >= 0) {
        put(stored, name, left.toSpliced(place, 1));
        return 'stored';
      }
      if (!mutable && left.length > 0) {
        changed.add(name);
        return 'changed';
      }
      const copy = all.filter((one) => one === identity).length;
      return isDecided(mark, copy) ? 'missing' : 'pending';
    },

    leftovers() {
      const doubled = emptyTally();
      const foreign = emptyTally();
      const others = emptyTally();
      for (const [name, identities] of stored) {
        const current = at(shown, name);
        for (const identity of [identities].flat()) {
          if (current.includes(identity)) add(doubled, identity);
          // A record without a readable time may be of another span.
          else if (current.length === 0 && !undated.has(identity)) add(foreign, identity);
          else if (current.length > 0) {
            changed.add(name);
            add(others, identity);
          }
        }
      }
      return { doubled, foreign, changed: { ...others, count: changed.size } };
    },
  };
}

function at(map: ReadonlyMap<string, string | string[]>, name: string): readonly string[] {
  return [map.get(name) ?? []].flat();
}

function put(map: Map<string, string | string[]>, name: string, identities: string[]): void {
  const [only, ...more] = identities;
  if (only === undefined) map.delete(name);
  else map.set(name, more.length === 0 ? only : identities);
}

function emptyTally() {
  return { count: 0, identities: new Set<string>() };
}

function add(tally: ReturnType<typeof emptyTally>, identity: string): void {
  tally.count += 1;
  tally.identities.add(identity);
}
