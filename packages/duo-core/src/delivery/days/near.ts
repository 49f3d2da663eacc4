import { boundsTolerance } from '../../limits';
import { dayOfFolder, type ObjectName, readObjectName } from '../../store/object';
import { dayLength } from '../../utc-day';

/** An object whose window comes near some days, and the day of the folder that it lies in. */
export interface Near {
  readonly key: string;
  readonly name: ObjectName;
  readonly folder: string;
}

/** What a key says of the object, if its window comes within `boundsTolerance` of the span (ms); else null, as for any other key. */
export function nearTo(
  key: string,
  { since, until }: { readonly since: number; readonly until: number },
): Near | null {
  const name = readObjectName(key);
  const folder = dayOfFolder(key);
  if (name === null || folder === null) return null;
  const isNear = name.to >= since - boundsTolerance && name.from < until + boundsTolerance;
  return isNear ? { key, name, folder } : null;
}

/**
 * Of the windows that are longer than two days, the objects that hold nothing of the days from `first` to `last` in all likelihood:
 * in a sorted log those in later folders, and of those in earlier ones all but a window's last.
 */
export function unlikely<One extends Near>(near: readonly One[], first: string, last: string): Set<One> {
  const long = near.filter(
    ({ name, folder }) => name.to - name.from > 2 * dayLength && (folder < first || folder > last),
  );
  const latest = new Map<string, One>();
  for (const one of long) {
    const window = `${one.name.from}-${one.name.to}`;
    if (one.folder < first && one.name.pages >= (latest.get(window)?.name.pages ?? 0))
      latest.set(window, one);
  }
  const likely = new Set(latest.values());
  return new Set(long.filter((one) => !likely.has(one)));
}
