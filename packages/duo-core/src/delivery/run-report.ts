/** What a run counts as it goes. */
export interface RunReport {
  /** Records stored. */
  records: number;
  /** Records met again and not stored. */
  duplicates: number;
  pages: number;
  objects: number;
  /** How often Duo answered 429. */
  throttles: number;
  /** Records that do not fit the descriptor's schema; they are stored. */
  drifted: number;
  /** Spans that Duo no longer had, or of which it has shown less than it says there is. */
  gaps: number;
  /** Records that Duo has shown and that are not stored, nor left to another window. There should be none. */
  leftOut: number;
  /** At most how long after its own time the latest record was published that was found behind the watermark, in ms. */
  late: number;
  /** In ms; null until a checkpoint is known. */
  watermark: number | null;
}

/** What was found on pages that are decided on together. */
export type Found = Readonly<Pick<RunReport, 'records' | 'duplicates' | 'drifted' | 'leftOut' | 'late'>>;

/** What was found on both. */
export function together(one: Found, other: Found): Found {
  return {
    records: one.records + other.records,
    duplicates: one.duplicates + other.duplicates,
    drifted: one.drifted + other.drifted,
    leftOut: one.leftOut + other.leftOut,
    late: Math.max(one.late, other.late),
  };
}

/** A report of nothing yet. */
export function emptyReport(): RunReport {
  return {
    records: 0,
    duplicates: 0,
    pages: 0,
    objects: 0,
    throttles: 0,
    drifted: 0,
    gaps: 0,
    leftOut: 0,
    late: 0,
    watermark: null,
  };
}
