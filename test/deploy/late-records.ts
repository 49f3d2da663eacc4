import { setTimeout as sleep } from 'node:timers/promises';
import { receiptsIn } from 'duo-contract/receipts';
import { changeWanted, dayFolder, dayLength, midnightOf, type Receipt, systemClock, utcDay } from 'duo-core';
import type { FoundLog } from 'duo-simulator';
import * as z from 'zod/mini';
import { type Metric, metricsOf } from './not-acted-on';
import { step } from './step';
import { publish, stackOf, type World } from './world';

/** How many records of each log are published late. */
export const lateRecords = 60;

/** The day that is published late: so long ago that every log has stopped looking back to it, and is done with it for good. */
const day = utcDay(Date.now() - 9 * dayLength);

/** How far back a log has to begin for that day to be one of its own. */
export const lookbackHours = 12 * 24;

/** `ministack.py` makes 75 seconds of a quarter of an hour. */
const patience = 4 * 60_000;

/** Has Duo publish records of a day that the logs have passed long ago. */
export function publishLate(world: World): void {
  const from = midnightOf(day) + 8 * 3_600_000;
  publish(world, lateRecords, from, from + 8 * 3_600_000);
}

/** Shows that the deployed functions bring what is late without any command. */
export async function showLateRecords({ aws, logs, signal }: World, bucket: string): Promise<void> {
  const store = aws.store(bucket, signal);
  await step('the schedules of reconcile bring what Duo has published late', async () => {
    const giveUp = Date.now() + patience;
    for (let waiting = logs; waiting.length > 0; ) {
      await sleep(1_000, undefined, { signal });
      const receipts = await Promise.all(
        waiting.map(({ logType }) => receiptsIn(store, { logType: logType.name })),
      );
      waiting = waiting.filter((_, n) => lastOf(receipts[n]) === undefined);
      const names = waiting.map(({ logType }) => logType.name).join(', ');
      if (names !== '' && Date.now() > giveUp) throw new Error(`${day} is not reconciled in ${names}`);
    }
    for (const log of logs) {
      const receipt = lastOf(await receiptsIn(store, { logType: log.logType.name }));
      expectCounts(receipt, { shown: lateRecords, stored: lateRecords, repaired: lateRecords });
      const stored = await aws.records(bucket, prefixOfDay(log));
      if (stored.length !== lateRecords) throw new Error(`${stored.length} records of ${day} are stored`);
    }
    return [undefined, `${lateRecords} records of ${day} in each log, and a receipt that says so`];
  });
}

/** Invokes each function `reconcile` until nothing is due; the metrics that it wrote, none where nothing was. */
export function reconcileUntilDone({ aws, logs }: World): Promise<Set<Metric>> {
  return step('each function reconcile, until nothing is due', async () => {
    const metrics = await Promise.all(
      logs.map(async ({ logType }) => {
        const written: Metric[] = [];
        for (let runs = 0; runs < 20; runs += 1) {
          const { failed, result, log } = await aws.invoke(functionOf(logType.name));
          if (failed) throw new Error(`${logType.name}: ${JSON.stringify(result)}\n${log}`);
          written.push(...metricsOf(log));
          const { days, unreconciledDays } = z
            .object({ days: z.number(), unreconciledDays: z.number() })
            .parse(result);
          if (days === 0 && unreconciledDays === 0) return written;
        }
        throw new Error(`${logType.name}: days are still due after 20 runs`);
      }),
    );
    return [new Set(metrics.flat()), `${logs.length} logs`];
  });
}

/** Shows that what somebody deletes is told and not stored again, and that asking for it brings it. */
export async function showDeletedRecords(world: World, log: FoundLog, bucket: string): Promise<void> {
  const { aws, signal } = world;
  const { name } = log.logType;
  const store = aws.store(bucket, signal);

  /** Asks for the day, and resolves to the receipt of a pass that began afterwards. */
  async function reconciled(again: boolean): Promise<Receipt> {
    const at = Date.now();
    const patience = { clock: systemClock, random: Math.random };
    await changeWanted(store, { logType: name }, (wanted) => ({ ...wanted, [day]: { at, again } }), patience);
    for (let runs = 0; runs < 20; runs += 1) {
      // The schedule's own run may be the one that does it.
      const { failed, result } = await aws.invoke(functionOf(name));
      if (failed) throw new Error(JSON.stringify(result));
      const receipt = lastOf(await receiptsIn(store, { logType: name }));
      if (receipt !== undefined && receipt.at >= at) return receipt;
    }
    throw new Error(`${day} was not reconciled in 20 runs`);
  }

  await step(`an object of ${name} that somebody deletes`, async () => {
    const [key = ''] = await aws.keys(bucket, prefixOfDay(log));
    await aws.deleteObject(bucket, key);
    const left = await aws.records(bucket, prefixOfDay(log));
    const deleted = lateRecords - left.length;
    expectCounts(await reconciled(false), { deleted, repaired: 0, stored: left.length });
    const after = await aws.records(bucket, prefixOfDay(log));
    if (after.length !== left.length) throw new Error('records that were deleted are stored again');
    return [undefined, `the receipt says that ${deleted} records were deleted; none is stored again`];
  });
  await step('the same day, asked for again', async () => {
    const { repaired } = await reconciled(true);
    return [undefined, `${repaired} records are stored again`];
  });
}

function functionOf(logType: string): string {
  return `${stackOf(logType)}-reconcile`;
}

function prefixOfDay({ logType }: FoundLog): string {
  return `${dayFolder({ logType: logType.name }, midnightOf(day))}/`;
}

/** The receipt of the day's last pass. */
function lastOf(receipts: readonly Receipt[] = []): Receipt | undefined {
  return receipts.filter((receipt) => receipt.day === day).at(-1);
}

function expectCounts(receipt: Receipt | undefined, expected: Partial<Receipt>): void {
  const told = JSON.stringify(receipt);
  if (told !== JSON.stringify({ ...receipt, ...expected }))
    throw new Error(`the receipt says ${told}, not ${JSON.stringify(expected)}`);
}
