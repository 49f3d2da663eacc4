import { randomUUID } from 'node:crypto';
import { type Command, Option } from '@commander-js/extra-typings';
import {
  type Checkpoint,
  checkpointKey,
  type LogType,
  loadCheckpoint,
  longestLookback,
  publishingDelay,
  saveCheckpoint,
} from 'duo-core';
import { findLog, logTypeArgument } from '../../logs/find-log';
import { readMoment } from '../../operator/arguments';
import { command } from '../../operator/command';
import { UsageError } from '../../operator/usage-error';
import { momentText } from '../../operator/words';
import type { World } from '../../operator/world';
import { type ClosedSpan, spanText } from '../../state/closed-span';
import { commandToBackfill } from '../../state/command-to-backfill';
import { prepare, savePrepared } from '../../state/prepared-backfill';
import { savedBackfills } from '../../state/saved-checkpoints';
import { openTarget, stageOption, storeOption, type Target } from '../../store/target';
import { backUp, confirmSave } from './change';
import { setSource } from './set-source';

/** `checkpoint set`: lets the scheduled runs of a log go on at another time. */
export function addCheckpointSet(checkpoint: Command, world: World): void {
  checkpoint
    .command('set')
    .description(
      'Lets the scheduled runs of a log go on later, skipping a span, or earlier, reading one again; or says that the account has a new host.',
    )
    .addArgument(logTypeArgument)
    .option(
      '--watermark <time>',
      'up to when it counts as collected: 2026-11-01 or 2026-11-01T09:30:00Z',
      readMoment,
    )
    .addOption(
      new Option('--source <host>', 'the new API host of the same Duo account').conflicts('watermark'),
    )
    .addOption(stageOption)
    .addOption(storeOption)
    .option('--yes', 'do not ask')
    .option('--json', 'print what was done as JSON')
    .addHelpText('after', help)
    .action(async (name, { watermark: given, source, yes, json, ...options }) => {
      const { clock, ask, print, complain } = world;
      const logType = await findLog(name);
      const target = await openTarget(options, world);
      if (source !== undefined) return setSource(logType, source, { yes, json }, target, world);
      if (given === undefined) throw new UsageError('Give either --watermark or --source.');
      const { stage, store } = target;
      const key = checkpointKey(name, null);
      const saved = await loadCheckpoint(store, key, name);
      if (saved === null) {
        throw new Error(
          `There is no ${store.url}/${key}: the scheduled runs of ${name} have not begun. The first one begins lookbackHours back (docs/settings.md).`,
        );
      }
      // Duo's bounds are coarser than its timestamps: between two seconds, records would be read on both sides.
      const watermark = Math.floor(given / 1000) * 1000;
      refuseImpossible(saved.checkpoint, watermark, clock.now());
      const moved = moveWatermark(saved.checkpoint, watermark);

      (json ? complain : print)(
        consequences(saved.checkpoint, moved, (one) => commandToBackfill(name, { stage, store }, one)),
      );
      if (!yes) await confirmSave(ask);
      const backup = await backUp(saved.checkpoint, store, clock);
      // First of all: what is prepared for a gap that is not made after all is not used.
      for (const one of await preparations(saved.checkpoint, moved, logType, target)) {
        if ((await savePrepared(one, target, world)) === 'superseded') throw overtaken('A backfill', name);
      }
      const result = await saveCheckpoint(store, key, { ...moved, by: `set-${randomUUID()}/1` }, saved.etag, {
        clock,
        random: Math.random,
      });
      if (result === 'superseded') throw overtaken('A run', name);
      const [from, to] = [saved.checkpoint.watermark, watermark].map(momentText);
      print(
        json
          ? `${JSON.stringify({ logType: name, from, to, backup: `${store.url}/${backup}` })}\n`
          : `Saved: the next run goes on at ${to}. The old checkpoint is kept as ${store.url}/${backup}.\n`,
      );
    });
}

function refuseImpossible({ since, watermark: current }: Checkpoint, watermark: number, now: number): void {
  if (watermark === current) throw new UsageError(`It is collected up to ${momentText(watermark)} already.`);
  if (watermark > now - publishingDelay) {
    throw new UsageError(
      `Duo withholds what is newer than two minutes: --watermark ${momentText(Math.floor((now - publishingDelay) / 1000) * 1000)} or earlier.`,
    );
  }
  const oldest = now - longestLookback;
  if (watermark < oldest) {
    throw new UsageError(
      `Duo keeps records for 180 days: --watermark ${momentText(Math.ceil(oldest / 60_000 + 10) * 60_000)} or later.`,
    );
  }
  if (watermark < since) {
    throw new UsageError(
      `The scheduled runs began at ${momentText(since)}; what was logged before, a backfill collects.`,
    );
  }
}

/**
 * The checkpoint with another watermark. What is skipped becomes a gap; what is read again is none any more. What the log
 * remembers stays, so that records are recognised as far as it reaches, and so does an object that is not put yet.
 */
function moveWatermark(checkpoint: Checkpoint, watermark: number): Checkpoint {
  const { watermark: current, reach, gaps } = checkpoint;
  if (watermark < current) {
    return {
      ...checkpoint,
      watermark,
      reach: Math.min(reach, watermark),
      window: null,
      gaps: gaps
        .filter(([from]) => from < watermark)
        .map(([from, to]): [number, number] => [from, Math.min(to, watermark)]),
    };
  }
  // Nothing before it is read: what is skipped is for a backfill.
  return { ...checkpoint, watermark, reach: watermark, window: null, gaps: [...gaps, [current, watermark]] };
}

/**
 * What the backfill of the gap that has changed is to begin with. A gap begins where the log was, in the middle of a moment:
 * of what it skips, some may be stored. One that now ends earlier is another one, of which the log itself has read no more.
 */
async function preparations(
  before: Checkpoint,
  after: Checkpoint,
  logType: LogType,
  target: Target,
): Promise<(Checkpoint & ClosedSpan)[]> {
  const changed = after.gaps.find(
    ([from, to]) => !before.gaps.some((gap) => gap[0] === from && gap[1] === to),
  );
  if (changed === undefined) return [];
  const [since, until] = changed;
  const later = after.watermark > before.watermark;
  return prepare({ since, until }, later ? before.seen : {}, await savedBackfills(target, logType), logType);
}

function overtaken(who: string, name: string): Error {
  return new Error(`${who} of ${name} has saved meanwhile: nothing was changed. Run this again.`);
}

function consequences(before: Checkpoint, after: Checkpoint, backfill: (span: ClosedSpan) => string): string {
  const { logType, watermark, reach } = before;
  if (after.watermark > watermark) {
    const skipped = { since: watermark, until: after.watermark };
    return `The scheduled runs skip ${logType} of ${spanText(skipped)}, which becomes a gap, and what Duo publishes late of the time before.
To collect it: ${backfill(skipped)}\n`;
  }
  const again = `The scheduled runs read ${logType} again from ${momentText(after.watermark)} on.`;
  return after.watermark < reach
    ? `${again} What is stored of ${spanText({ since: after.watermark, until: reach })} is stored a second time.\n`
    : `${again} They remember what of it is stored: nothing is stored twice.\n`;
}

const help = `
Later: when a log is so far behind that you want the newest first. What is
skipped becomes a gap of the checkpoint, which backfill reads; what of the gap's
first moment is stored already is not stored again. Earlier: when objects of the
bucket were lost. Whole seconds are used.

The old checkpoint is kept below state/ first. Should a run save meanwhile,
nothing is changed. To undo it before the next run, copy the old one back: set
once more, it would leave a gap where there is none.

A checkpoint is of one Duo account, which it knows by its API host, and a run
with other credentials fails. --source says that this very account has moved to
another host. Another account needs another stage or another bucket: under this
checkpoint, its records would be skipped.

It needs s3:GetObject and s3:PutObject on state/, and s3:ListBucket.

  ${command} checkpoint set <log-type> --stage prod \\
    --watermark 2026-11-01T09:30:00Z
  ${command} checkpoint set <log-type> --stage prod \\
    --source api-….duosecurity.com
  ${command} checkpoint set <log-type> --store file://$PWD/logs \\
    --watermark 2026-11-01 --yes --json`;
