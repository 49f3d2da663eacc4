/**
 * How often each record is stored, and how often a pass has met it, by identity; and how often each name is stored. In one map
 * of small numbers, since a day may have a million records.
 */
export interface Tally {
  /** Counts a stored record; `name` is what stands for it whatever its text is, or null. */
  store(identity: string, name: string | null): void;
  /** How often a record is stored. */
  stored(identity: string): number;
  /** How often a name is stored under texts that were not shown so far. */
  named(name: string): number;
  /** Notes that a record of this name was shown as it is stored, or as what it has changed into. */
  take(name: string): void;
  /** Remembers that so many copies were met on one page, if that is more than before. */
  meet(identity: string, copies: number): void;
  /** The most copies that were met on one page. */
  met(identity: string): number;
}

/** A tally of nothing yet. */
export function createTally(): Tally {
  // Copies stored, and above them copies met: both fit into a small integer, which a map holds without an object.
  const counts = new Map<string, number>();
  const names = new Map<string, number>();
  const of = (identity: string) => counts.get(identity) ?? 0;
  return {
    store(identity, name) {
      counts.set(identity, of(identity) + 1);
      if (name !== null) names.set(name, (names.get(name) ?? 0) + 1);
    },
    stored: (identity) => of(identity) % met,
    named: (name) => names.get(name) ?? 0,
    take: (name) => void names.set(name, (names.get(name) ?? 0) - 1),
    meet(identity, copies) {
      const count = of(identity);
      counts.set(identity, (count % met) + Math.max(copies, Math.floor(count / met)) * met);
    },
    met: (identity) => Math.floor(of(identity) / met),
  };
}

const met = 2 ** 16;
