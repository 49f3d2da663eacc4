/** Someone who looks on while Duo is asked, as a person before a terminal does. What a method throws ends the reading. */
export interface Onlooker {
  /** A page was read. */
  page(page: PageSeen): void;
  /** An attempt has failed, and another one follows. Told here, it is no warning in the log. */
  wait(error: Error, pause: Pause): void;
}

/** What there is to see of a page; times in ms. */
export interface PageSeen {
  readonly records: number;
  /** The span that Duo was asked for. */
  readonly from: number;
  readonly to: number;
  /** How much of that span has been read with this page, from 0 to 1: by the time in the cursor, or by Duo's count; null where neither says so. */
  readonly share: number | null;
  /** How much had been read before it: something, where an earlier run has begun. */
  readonly before: number;
}

/** The wait before the next attempt, in ms; how often it has failed like that; and how often at most, null where that has no end. */
export interface Pause {
  readonly wait: number;
  readonly failed: number;
  readonly most: number | null;
}
