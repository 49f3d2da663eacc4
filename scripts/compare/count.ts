/** A record that Duo publishes: when it happened (ms), and whether it is published later than the two minutes that Duo names. */
export interface Published {
  readonly at: number;
  readonly isLate: boolean;
}

/** A record that was delivered, by its id, and when (ms). */
export interface Delivered {
  readonly id: string;
  readonly at: number;
}

/** What became of the records that Duo has published. */
export interface Counted {
  readonly published: number;
  readonly delivered: number;
  /** Of those published within two minutes, and of those that came later. */
  readonly lost: number;
  readonly lostLate: number;
  /** How many were delivered beyond once each. */
  readonly doubled: number;
  /** Half of those delivered were there so long (ms) after they had happened, or sooner; null where there is none. */
  readonly delay: number | null;
}

/** Counts what was delivered against what was published, by ids. Throws if something was delivered that never was. */
export function count(published: ReadonlyMap<string, Published>, delivered: readonly Delivered[]): Counted {
  const first = new Map<string, number>();
  for (const { id, at } of delivered) if (!first.has(id)) first.set(id, at);
  const unknown = [...first.keys()].find((id) => !published.has(id));
  if (unknown !== undefined) throw new Error(`delivered, and never published: ${unknown}`);
  const lost = [...published].filter(([id]) => !first.has(id));
  const delays = [...first].map(([id, at]) => at - (published.get(id)?.at ?? at)).sort((a, b) => a - b);
  return {
    published: published.size,
    delivered: delivered.length,
    lost: lost.filter(([, { isLate }]) => !isLate).length,
    lostLate: lost.filter(([, { isLate }]) => isLate).length,
    doubled: delivered.length - first.size,
    delay: delays[Math.floor(delays.length / 2)] ?? null,
  };
}
