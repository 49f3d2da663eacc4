import { readObjectName } from 'duo-core';
import { reconcile } from 'duo-simulator';
import type { Options } from './options';
import type { Tally } from './runs';
import type { StoredObject } from './stores';
import type { Story } from './story';

/** Compares what is stored with what Duo has published, prints it, and says whether each record is there once, in order. */
export function reckon(
  { 'log-type': logType, store, seed }: Options,
  { runs, kills, failures }: Tally,
  { simulator, places, ordered }: Story,
  objects: readonly StoredObject[],
): boolean {
  const delivered = objects.flatMap(({ lines }) => lines);
  const { published, lost, doubled } = reconcile(simulator.log(logType).published(), delivered);
  const disorder = ordered ? disordered(objects, places) : 0;
  process.stdout.write(
    `${logType}, store ${store}, seed ${seed}: runs ${runs} kills ${kills} failures ${failures} requests ${simulator.requests.length} objects ${objects.length} published ${published} delivered ${delivered.length}\nlost ${lost} doubled ${doubled} disorder ${disorder}\n`,
  );
  return lost + doubled + disorder === 0;
}

/** Records that stand after a later one of the same window; late ones are read by a later window. */
function disordered(objects: readonly StoredObject[], places: ReadonlyMap<string, number>): number {
  const last = new Map<string, number>();
  let disorder = 0;
  const named = objects.map(({ key, lines }) => {
    const name = readObjectName(key);
    if (name === null) throw new Error(`no run names an object ${key}`);
    return { ...name, lines };
  });
  for (const { from, to, lines } of named.sort((a, b) => a.pages - b.pages)) {
    const window = `${from}-${to}`;
    for (const line of lines) {
      const at = places.get(line) ?? 0;
      if (at < (last.get(window) ?? 0)) disorder += 1;
      last.set(window, at);
    }
  }
  return disorder;
}
