import { copyFileSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { createStoreFolder } from 'duo-contract/store-folder';
import { createWorld } from 'duo-contract/world';
import { type Receipt, utcDay } from 'duo-core';
import { type Fault, findLogs, generate, logNamed, noon, seededRandom } from 'duo-simulator';
import { duo } from '../../packages/duo-cli/test/support/operator';

const hour = 3_600_000;
const day = 24 * hour;

/** A log of each paging style, and how many records it has on a busy day. */
const collected = { telephony: 60, authentication: 240, administrator: 25, 'trust-monitor': 8 } as const;

const faults: readonly Fault[] = ['throttle', 'error', 'bad-gateway', 'not-json', 'reset', 'truncate'];

/** The day of the story that is so many days after the one in which it begins. */
export const dayOf = (n: number): string => utcDay(noon + n * day);

/** What happens on which day of the story. */
export const events = {
  /** No log has a record of it. */
  empty: dayOf(4),
  /** Days of which a part is skipped in the telephony log: the first is compared later, the second is not yet. */
  skipped: dayOf(6),
  gap: dayOf(20),
  /** Of each log, a record of it is published two days later. */
  late: dayOf(8),
  /** Of the telephony log, an object of it is deleted before its second comparison. */
  deleted: dayOf(10),
  /** Of the authentication log, an object of it is there twice. */
  doubled: dayOf(11),
} as const;

/**
 * Three weeks of runs and reconciliations of some logs, against a Duo that fails at random, into a directory: with a day on which
 * nothing happened, gaps, late records, a deletion and a copy. All in the time of a clock that only moves here.
 */
export async function createEventful() {
  const folder = createStoreFolder();
  const logs = await findLogs();
  const names = Object.keys(collected) as (keyof typeof collected)[];
  const world = await createWorld(
    names.map((name) => logNamed(logs, name)),
    folder.url,
  );
  const { clock, simulator, env, store } = world;
  const random = seededRandom(7);
  for (const name of names) publishAll(name);
  const functions = names.map((name) => {
    const { logType } = logNamed(logs, name);
    return { name, collect: world.coldStart(logType), reconcile: world.coldReconcile(logType) };
  });

  for (let n = 0; n < 20; n++) {
    const today = dayOf(n);
    for (let third = 0; third < 3; third++) {
      for (const { collect, reconcile } of functions) {
        if (random() < 0.3) simulator.fail(faults[Math.floor(random() * faults.length)] ?? 'error');
        const result = await collect().catch(() => null);
        if (result?.outcome !== 'caught-up') await collect();
        if (third === 1) await untilDone(reconcile);
      }
      // A part of this day, once, of one log.
      if (third === 0 && today === events.skipped) await skip();
      clock.advance(8 * hour);
    }
    if (today === dayOf(10)) for (const name of names) publishLate(name);
    if (today === dayOf(13)) rmSync(objectOf('telephony', events.deleted));
    if (today === dayOf(13)) copy(objectOf('authentication', events.doubled));
  }
  await skip();
  for (const hours of [6, 6]) {
    clock.advance(hours * hour);
    for (const { collect } of functions) await collect();
  }

  return {
    names,
    receipts,
    receiptFile,
    /** What the operator sees of a command, whose working directory is the test's. */
    command: (text: string) => duo(`${text} --store ${store}`, { clock, env }),
    async close() {
      await world.close();
      folder.remove();
    },
  };

  function publishAll(name: keyof typeof collected): void {
    const log = logNamed(logs, name);
    for (let n = -1; n < 22; n++) {
      if (dayOf(n) === events.empty) continue;
      const from = Date.parse(dayOf(n));
      const isWeekend = [0, 6].includes(new Date(from).getUTCDay());
      const count = Math.ceil(collected[name] * (isWeekend ? 0.2 : 0.7 + 0.3 * random()));
      world.publish(log, { count, from, to: from + day - 1000, startIndex: 10_000 * (n + 1) });
    }
  }

  /** Two days too late. */
  function publishLate(name: keyof typeof collected): void {
    const at = Date.parse(events.late) + 9 * hour;
    const texts = generate({
      ...logNamed(logs, name),
      count: 7,
      from: at,
      to: at + hour,
      seed: 1,
      startIndex: 900_000,
    });
    for (const text of texts) simulator.log(name).add(text, { publishedAt: clock.now() });
  }

  /** As somebody does whose log is far behind. */
  async function skip(): Promise<void> {
    clock.advance(5 * hour);
    const { exitCode, err } = await duo(`checkpoint set telephony --watermark 1h --yes --store ${store}`, {
      clock,
      env,
    });
    if (exitCode !== 0) throw new Error(err);
  }

  /** An object of a day's folder. */
  function objectOf(name: string, of: string): string {
    const path = join(folder.path, 'logs', name, ...of.split('-'));
    return join(path, readdirSync(path).toSorted()[1] ?? '');
  }

  /** The same records again, in an object that proves itself. */
  function copy(path: string): void {
    const [from = '', to = '', , hash = ''] = basename(path).split('-');
    copyFileSync(path, join(dirname(path), `${from}-${to}-000077-${hash}`));
  }

  /** The last receipt of a day. */
  function receiptFile(name: string, of: string): string {
    const path = join(folder.path, 'receipts', name, ...of.split('-'));
    return join(path, readdirSync(path).toSorted().at(-1) ?? '');
  }

  /** All receipts of a log, as they were written. */
  function receipts(name: string): Receipt[] {
    const path = join(folder.path, 'receipts', name);
    return readdirSync(path, { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.json'))
      .map((file): Receipt => JSON.parse(readFileSync(join(path, file), 'utf8')))
      .toSorted((one, other) => one.at - other.at);
  }
}

async function untilDone(run: () => Promise<{ readonly outcome: string }>): Promise<void> {
  for (let n = 0; n < 20; n++) if ((await run()).outcome === 'caught-up') return;
  throw new Error('20 runs did not reconcile what was due');
}
