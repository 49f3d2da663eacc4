import type { Command } from '@commander-js/extra-typings';
import { readObjectName } from 'duo-core';
import { findLog, logTypeArgument } from '../../logs/find-log';
import { readCount } from '../../operator/arguments';
import { command } from '../../operator/command';
import { maskPhones } from '../../operator/mask-phones';
import { plural } from '../../operator/words';
import type { World } from '../../operator/world';
import { requireOneAccount } from '../../state/one-account';
import { DamagedObject, recordsAt } from '../../store/records-at';
import { accountOption, openTarget, stageOption, storeOption } from '../../store/target';
import { type NewObjects, newObjects } from './new-objects';

/** `tail`: the newest records, and then those of every object as it lands, until Ctrl-C. */
export function addTail(program: Command, world: World): void {
  program
    .command('tail')
    .description('Prints the newest records of a log, and then each as it lands, until Ctrl-C.')
    .addArgument(logTypeArgument)
    .option('--lines <n>', 'how many stored records to print first', readCount, 10)
    .option('--raw', 'with phone numbers as they are')
    .option('--json', 'print records as JSON, one per line (the default)')
    .addOption(stageOption)
    .addOption(storeOption)
    .addOption(accountOption)
    .addHelpText('after', help)
    .action(async (name, { lines, raw, ...options }) => {
      const logType = await findLog(name);
      const target = await openTarget(options, world);
      await requireOneAccount(target, [logType]);
      const stop = new AbortController();
      world.onInterrupt?.(() => stop.abort());
      const printAll = (texts: readonly string[]) =>
        world.print(texts.map((text) => `${raw ? text : maskPhones(text)}\n`).join(''));

      let damaged = 0;
      /** What is wrong with one object is said, and the others are printed all the same. */
      const read = (key: string) =>
        recordsAt(target, key).catch((error: unknown): string[] => {
          if (!(error instanceof DamagedObject)) throw error;
          damaged += 1;
          world.complain(`${error.message}\n`);
          return [];
        });

      const landing = newObjects(logType, target);
      const last = await lastRecords(landing, lines, read);
      if (last.length === 0 && damaged === 0 && lines > 0) {
        world.complain(
          `${target.store.url} has nothing of ${name} yet: waiting.${target.stage === null ? ' Is it the right store?' : ''}\n`,
        );
      }
      printAll(last);
      while (!stop.signal.aborted) {
        await world.clock.sleep(interval, stop.signal);
        if (stop.signal.aborted) break;
        for (const key of await landing.next()) printAll(await read(key));
      }
      if (damaged > 0)
        throw new Error(`The records of ${plural(damaged, 'object')} are not among these: see above.`);
    });
}

/** How often is looked for new objects, in ms. */
const interval = 10_000;

/** The last records that are there: of the last day, or of all if those are too few. */
async function lastRecords(
  landing: NewObjects,
  count: number,
  read: (key: string) => Promise<string[]>,
): Promise<string[]> {
  const keys = await landing.next();
  const texts: string[] = [];
  const takeFrom = async (newestLast: readonly string[]) => {
    for (const key of newestLast.toReversed()) {
      if (texts.length >= count) return;
      texts.unshift(...(await read(key)));
    }
  };
  await takeFrom(keys.sort(byWindow));
  if (texts.length < count) await takeFrom((await landing.earlier()).sort(byWindow));
  return texts.slice(Math.max(0, texts.length - count));
}

/** Not by when they were put: what came late is older than that. */
function byWindow(one: string, other: string): number {
  const [left, right] = [readObjectName(one), readObjectName(other)];
  if (left === null || right === null) return Number(left !== null) - Number(right !== null);
  return left.from - right.from || left.to - right.to || left.pages - right.pages;
}

const help = `
Prints records as Duo sent them, one per line (NDJSON), but hides phone numbers
unless you say --raw. It looks at the store every ten seconds; runs are five
minutes apart. It does not show records of earlier days that came late.

  ${command} tail telephony --stage prod
  ${command} tail telephony --stage prod --lines 100 | jq .
  ${command} tail telephony --store ./logs --lines 0`;
