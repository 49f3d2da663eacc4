import type { ListedObject, Store } from 'duo-core';
import type { DaySpan } from '../../operator/day-span';

/** The classes of which the lake has anything, by the folders below `lake/`. By jumps: each may have thousands of keys. */
export async function lakeClasses(store: Store): Promise<string[]> {
  const classes: string[] = [];
  for (let after: string | undefined; ; ) {
    const key = await firstKey(store, 'lake/', after);
    if (key === undefined) return classes;
    const [, name] = /^lake\/([a-z_]+)\//.exec(key) ?? [];
    if (name !== undefined) classes.push(name);
    // '0' comes behind '/'.
    after = name === undefined ? key : `lake/${name}0`;
  }
}

/** The Parquet files of a class whose events are of these days. */
export async function lakeObjects(store: Store, table: string, span: DaySpan): Promise<ListedObject[]> {
  const [first, last] = [span.first.replaceAll('-', ''), span.last.replaceAll('-', '')];
  const found: ListedObject[] = [];
  for (let after: string | undefined; ; ) {
    const key = await firstKey(store, `lake/${table}/`, after);
    if (key === undefined) return found;
    const [place] = /^lake\/[a-z_]+\/region=[^/]+\/accountId=[^/]+\/eventDay=/.exec(key) ?? [];
    if (place !== undefined)
      for await (const object of store.list(place, `${place}${first}`)) {
        if (object.key.slice(place.length, place.length + last.length) > last) break;
        if (object.key.endsWith('.parquet')) found.push(object);
      }
    // ':' comes behind the digits of a day.
    after = place === undefined ? key : `${place}:`;
  }
}

async function firstKey(
  store: Store,
  prefix: string,
  after: string | undefined,
): Promise<string | undefined> {
  for await (const { key } of store.list(prefix, after)) return key;
  return undefined;
}
