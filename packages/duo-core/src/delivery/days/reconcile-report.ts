/** What a run of reconciliations counts as it goes. */
export interface ReconcileReport {
  /** Days whose passes have ended. */
  days: number;
  /** Days that are due and whose passes have not ended; null until that is known. */
  unreconciled: number | null;
  /** Records that Duo shows and that were not stored until now. */
  repaired: number;
  /** Records that are stored under another text than Duo shows now. */
  changed: number;
  /** Records that are stored more often than Duo shows them. */
  doubled: number;
  /** Records that Duo shows at a time that is not theirs, and that are not stored. */
  astray: number;
  /** Records that were stored once and are not any more. */
  deleted: number;
  pages: number;
  objects: number;
  /** How often Duo answered 429. */
  throttles: number;
}

/** A report of nothing yet. */
export function emptyReconcileReport(): ReconcileReport {
  return {
    days: 0,
    unreconciled: null,
    repaired: 0,
    changed: 0,
    doubled: 0,
    astray: 0,
    deleted: 0,
    pages: 0,
    objects: 0,
    throttles: 0,
  };
}
