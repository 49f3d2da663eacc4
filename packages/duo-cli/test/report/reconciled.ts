import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Receipt } from 'duo-core';
import { findLogs, generate, logNamed } from 'duo-simulator';
import { createCollected } from '../support/collected';
import { noon } from '../support/operator';

const hour = 3_600_000;

/** The first day that a log is reconciled of by itself, and the two that follow; one is closed then and one is open. */
export const days = ['2026-03-01', '2026-03-02', '2026-03-03'] as const;

/** A store with a telephony log that was collected twice a day for five days, and reconciled. */
export async function createReconciled() {
  const collected = await createCollected();
  const { clock, root, coldReconcile } = collected;
  const log = logNamed(await findLogs(), 'telephony');
  const last = noon + 4 * 24 * hour;
  const span = { count: 400, from: noon - 20 * hour, to: last - hour };
  collected.simulator.log('telephony').addAll(generate({ ...log, ...span, seed: 1 }));
  const reconcile = coldReconcile(log.logType);
  await collected.collect('telephony');
  while (clock.now() < last) {
    clock.advance(12 * hour);
    await collected.collect('telephony');
  }
  await reconcile();
  return {
    ...collected,
    log,
    reconcile,
    objects: () => filesBelow('logs/telephony').map((file) => `logs/telephony/${file}`),
    receipt: (day: string): Receipt => JSON.parse(readFileSync(receiptFile(day), 'utf8')),
    /** Makes a receipt say something else. */
    forge(day: string, change: object): void {
      const file = receiptFile(day);
      writeFileSync(file, JSON.stringify({ ...JSON.parse(readFileSync(file, 'utf8')), ...change }));
    },
    receiptFile,
  };

  function filesBelow(folder: string): string[] {
    return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
      .filter((file) => /\.(gz|json)$/.test(file))
      .toSorted();
  }

  /** That of the last receipt of a day. */
  function receiptFile(day: string): string {
    const folder = `receipts/telephony/${day.replaceAll('-', '/')}`;
    return join(root, folder, filesBelow(folder).at(-1) ?? '');
  }
}
