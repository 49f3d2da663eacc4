/** How what was collected compares with what was published, record by record. */
export interface Reconciliation {
  readonly published: number;
  readonly delivered: number;
  /** Published and not delivered, or delivered less often than published. */
  readonly lost: number;
  /** Delivered more often than published, which counts what was never published as well. */
  readonly doubled: number;
}

/** Compares the texts of all published records with those of all delivered ones; their order does not matter. */
export function reconcile(published: readonly string[], delivered: readonly string[]): Reconciliation {
  const balance = new Map<string, number>();
  for (const text of published) balance.set(text, (balance.get(text) ?? 0) + 1);
  for (const text of delivered) balance.set(text, (balance.get(text) ?? 0) - 1);
  let lost = 0;
  let doubled = 0;
  for (const difference of balance.values()) {
    lost += Math.max(0, difference);
    doubled += Math.max(0, -difference);
  }
  return { published: published.length, delivered: delivered.length, lost, doubled };
}
