import { midnightOf, readObjectName, recordsIn, utcDay } from 'duo-core';
import { reconcile } from 'duo-simulator';
import { parquetReadObjects } from 'hyparquet';
import * as z from 'zod/mini';
import type { Options } from './options';
import type { Tally } from './runs';
import type { StoredObject } from './stores';
import type { Story, Tale } from './story';

/**
 * Compares what is stored with what Duo has published, account by account, prints it, and says whether each record is there once, in
 * order, and in its own account's folder.
 */
export function reckon(
  { 'log-type': logType, store, seed }: Options,
  { runs, kills, failures }: Tally,
  story: Story,
  stored: readonly StoredObject[],
): boolean {
  process.stdout.write(
    `${logType}, store ${store}, seed ${seed}: runs ${runs} kills ${kills} failures ${failures} requests ${story.simulator.requests.length} objects ${stored.length}\n`,
  );
  const right = story.tales.map((tale) =>
    reckonTale(logType, story, tale, below('logs', logType, tale, stored)),
  );
  const others = stored.length - story.tales.flatMap((tale) => below('logs', logType, tale, stored)).length;
  if (others > 0) process.stdout.write(`objects in nobody's folder ${others}\n`);
  return others === 0 && right.every(Boolean);
}

/** What is stored of one account, of all that is. */
function below(
  folder: 'logs' | 'receipts',
  logType: string,
  { account }: Tale,
  stored: readonly StoredObject[],
): StoredObject[] {
  const own = new RegExp(`(^|/)${folder}/${logType}/${account === null ? '' : `${account}/`}\\d{4}/`);
  return stored.filter(({ key }) => own.test(key));
}

function reckonTale(
  logType: string,
  { simulator, ordered }: Story,
  { account, places }: Tale,
  stored: readonly StoredObject[],
): boolean {
  const objects = stored.map(({ key, body }) => ({ key, lines: recordsIn(body) }));
  const delivered = objects.flatMap(({ lines }) => lines);
  const { published, lost, doubled } = reconcile(
    simulator.log(logType, account ?? undefined).published(),
    delivered,
  );
  const disorder = ordered ? disordered(objects, places) : 0;
  process.stdout.write(
    `${account === null ? '' : `${account}: `}published ${published} delivered ${delivered.length}\nlost ${lost} doubled ${doubled} disorder ${disorder}\n`,
  );
  return lost + doubled + disorder === 0;
}

const receipt = z.object({
  day: z.string(),
  at: z.number(),
  shown: z.number(),
  stored: z.number(),
  repaired: z.number(),
  doubled: z.number(),
  deleted: z.number(),
});

/** Compares the last receipt of each day of each account with what Duo has published of it, prints it, and says whether they agree. */
export function reckonDays(
  { 'log-type': logType }: Options,
  story: Story,
  stored: readonly StoredObject[],
): boolean {
  const right = story.tales.map((tale) =>
    reckonDaysOf(story, tale, below('receipts', logType, tale, stored)),
  );
  return right.every(Boolean);
}

function reckonDaysOf({ from, to }: Story, { places }: Tale, stored: readonly StoredObject[]): boolean {
  const receipts = stored.map(({ body }) => receipt.parse(JSON.parse(Buffer.from(body).toString())));
  const last = new Map<string, z.infer<typeof receipt>>();
  for (const one of receipts) if (one.at >= (last.get(one.day)?.at ?? 0)) last.set(one.day, one);
  const published = new Map<string, number>();
  for (const place of places.values()) published.set(utcDay(place), (published.get(utcDay(place)) ?? 0) + 1);
  let days = 0;
  let wrong = 0;
  for (let at = midnightOf(utcDay(from)); at <= to; at += 86_400_000) {
    const day = utcDay(at);
    const count = published.get(day) ?? 0;
    const found = last.get(day);
    days += 1;
    const isRight = found?.shown === count && found.stored === count && found.doubled + found.deleted === 0;
    if (!isRight) wrong += 1;
    if (!isRight) process.stdout.write(`${day}: published ${count}, receipt ${JSON.stringify(found)}\n`);
  }
  const repaired = receipts.reduce((sum, one) => sum + one.repaired, 0);
  process.stdout.write(`receipts ${receipts.length} of ${days} days, ${wrong} wrong, repaired ${repaired}\n`);
  return wrong === 0;
}

/** Compares the lake with what is stored, record by record, prints it, and says whether each is there once. */
export async function reckonLake(
  logs: readonly StoredObject[],
  lake: readonly StoredObject[],
): Promise<boolean> {
  const stored = logs.flatMap(({ body }) => recordsIn(body));
  const rows = await Promise.all(
    lake.map(({ body }) => parquetReadObjects({ file: new Uint8Array(body).buffer, columns: ['raw_data'] })),
  );
  const turned = rows.flat().map(({ raw_data }) => String(raw_data));
  const { lost, doubled } = reconcile(stored, turned);
  process.stdout.write(
    `lake: files ${lake.length} stored ${stored.length} turned ${turned.length} lost ${lost} doubled ${doubled}\n`,
  );
  return lost + doubled === 0;
}

/**
 * Records that stand after a later one of the same window; late ones are read by a later window, and of a day by a later pass: there,
 * each object has an order of its own.
 */
function disordered(
  objects: readonly { readonly key: string; readonly lines: readonly string[] }[],
  places: ReadonlyMap<string, number>,
): number {
  const last = new Map<string, number>();
  let disorder = 0;
  const named = objects.map(({ key, lines }) => {
    const name = readObjectName(key);
    if (name === null) throw new Error(`no run names an object ${key}`);
    return { ...name, lines, order: name.to - name.from === askedOfDay ? key : `${name.from}-${name.to}` };
  });
  for (const { order, lines } of named.sort((a, b) => a.pages - b.pages)) {
    for (const line of lines) {
      const at = places.get(line) ?? 0;
      if (at < (last.get(order) ?? 0)) disorder += 1;
      last.set(order, at);
    }
  }
  return disorder;
}

/** How long the span is that a pass asks for, in ms: a day and a second on either side, both ends included. */
const askedOfDay = 86_400_000 + 2 * 1_000 - 1;
