import { randomUUID } from 'node:crypto';
import { type Command, Option } from '@commander-js/extra-typings';
import {
  type Checkpoint,
  checkpointKey,
  loadCheckpoint,
  longestLookback,
  publishingDelay,
  saveCheckpoint,
  utcDay,
} from 'duo-core';
import { findLog, logTypeArgument } from '../../logs/find-log';
import { momentReader } from '../../operator/arguments';
import { command, saidBy } from '../../operator/command';
import { UsageError } from '../../operator/usage-error';
import { momentText } from '../../operator/words';
import type { World } from '../../operator/world';
import { scheduleOf } from '../../stage/schedule';
import { backfillCommand } from '../../state/backfill-command';
import { requireOneAccount } from '../../state/one-account';
import { accountOption, logOf, openTarget, stageOption, storeOption, type Target } from '../../store/target';
import { backUp, confirmSave, overtaken } from './change';
import type { CheckpointSetJson } from './json';
import { setSource } from './set-source';

/** `checkpoint set`: lets the scheduled runs of a log go on later. */
export function addCheckpointSet(checkpoint: Command, world: World): void {
  checkpoint
    .command('set')
    .description('Moves a log forward, skipping a span; or says that the account has a new host.')
    .addArgument(logTypeArgument)
    .option(
      '--watermark <time>',
      'the log counts as collected up to here: 2026-11-01, 1h or 2026-11-01T09:30:00Z',
      momentReader(world.clock),
    )
    .addOption(
      new Option('--source <host>', 'the new API host of the same Duo account').conflicts('watermark'),
    )
    .addOption(stageOption)
    .addOption(storeOption)
    .addOption(accountOption)
    .option('--yes', 'do not ask')
    .option('--json', 'print what was done as JSON')
    .addHelpText('after', help)
    .action(async (name, { watermark: given, source, yes, json, ...options }) => {
      const { clock, ask, print, complain } = world;
      const logType = await findLog(name);
      const target = await openTarget(options, world);
      await requireOneAccount(target, [logType]);
      if (source !== undefined) return setSource(name, source, { yes, json }, target, world);
      if (given === undefined) throw new UsageError('Give either --watermark or --source.');
      const { store } = target;
      const of = logOf(target, name);
      const saved = await loadCheckpoint(store, of);
      if (saved === null) {
        throw new Error(
          `There is no ${store.url}/${checkpointKey(of)}: the scheduled runs of ${name} have not begun. The first one begins lookbackHours back (docs/settings.md).`,
        );
      }
      // Duo's bounds are coarser than its timestamps: between two seconds, records would be read on both sides.
      const watermark = Math.floor(given.at / 1000) * 1000;
      refuseImpossible(saved.state, watermark, target, clock.now());
      const { watermark: from, gaps } = saved.state;
      (json ? complain : print)(await consequences(name, from, watermark, target));
      if (!yes) await confirmSave(ask);
      const backup = await backUp(of, Buffer.from(JSON.stringify(saved.state)), store, clock);
      const moved: Checkpoint = {
        ...saved.state,
        by: `set-${randomUUID()}/1`,
        watermark,
        // Nothing before it is read: what is skipped, the days bring.
        reach: watermark,
        window: null,
        gaps: [...gaps, [from, watermark]],
      };
      const result = await saveCheckpoint(store, moved, saved.etag, { clock, random: Math.random });
      if (result === 'superseded') throw overtaken(name);
      const done: CheckpointSetJson = {
        logType: name,
        from: momentText(from),
        to: momentText(watermark),
        backup: `${store.url}/${backup}`,
      };
      print(
        json
          ? `${JSON.stringify(done)}\n`
          : `Saved: the next run goes on at ${momentText(watermark)}. The old checkpoint is kept as ${store.url}/${backup}.\n`,
      );
    });
}

function refuseImpossible(
  { logType, watermark: current }: Checkpoint,
  watermark: number,
  target: Target,
  now: number,
): void {
  if (watermark === current)
    throw new UsageError(`The log is already collected up to ${momentText(watermark)}.`);
  if (watermark > now - publishingDelay) {
    throw new UsageError(
      `Duo withholds records newer than two minutes: give --watermark ${momentText(Math.floor((now - publishingDelay) / 1000) * 1000)} or earlier.`,
    );
  }
  if (watermark < current) {
    const days = { first: utcDay(watermark), last: utcDay(current) };
    throw new UsageError(
      `The log is collected up to ${momentText(current)}, and a watermark only goes forward: records read again that way would be stored twice. To fetch something again, when its days are closed: ${backfillCommand(logType, target, days, '--again')}`,
    );
  }
  const oldest = now - longestLookback;
  if (watermark < oldest) {
    throw new UsageError(
      `Duo keeps records for 180 days: give --watermark ${momentText(Math.ceil(oldest / 60_000 + 10) * 60_000)} or later.`,
    );
  }
}

/** What is skipped, and who brings it. */
async function consequences(logType: string, from: number, to: number, target: Target): Promise<string> {
  const { stage, env } = target;
  const of = logOf(target, logType);
  const days = { first: utcDay(from), last: utcDay(to - 1) };
  const skips = `The scheduled runs skip ${logType} of ${momentText(from)} to ${momentText(to)}, which becomes a gap.`;
  const here = `to collect it when the days are closed: ${backfillCommand(logType, target, days, stage === null ? '' : '--local')}`;
  if (stage === null) return `${skips} Nothing reconciles a store alone: ${here}\n`;
  try {
    if ((await scheduleOf(of, stage, 'reconcile', env)) === null)
      return `${skips} The stage ${stage} does not reconcile this log: ${here}\n`;
    return `${skips} Its days bring what was logged in that span, as soon as they are closed.\n`;
  } catch (error) {
    // Whoever may move a checkpoint need not be allowed to look at schedules.
    const what = saidBy(error);
    return `${skips} ${what} Where the log is not reconciled, ${here}\n`;
  }
}

const help = `
Use --watermark when a log is so far behind that you want the newest records
first. The skipped span becomes a gap of the checkpoint. If the log is
reconciled, the days of the gap are compared with Duo as soon as they are
closed; otherwise use backfill --local. Times are cut to whole seconds. To
fetch something again, do not set the watermark back: backfill --again compares
days, and stores what is not there.

This command first keeps the old checkpoint below state/. If a run saves
meanwhile, nothing changes. Do not put the old one back after a run: what was
stored meanwhile would be stored a second time.

A checkpoint belongs to one Duo account, which it knows by its API host, and a
run with other credentials fails. --source says that this same account has moved
to another host, for the checkpoint and all days. Another account needs another
stage or another bucket: under this checkpoint, its records would be skipped.

It needs s3:GetObject and s3:PutObject on state/, s3:ListBucket and, for a
stage, scheduler:GetSchedule.

  ${command} checkpoint set telephony --stage prod \\
    --watermark 2026-11-01T09:30:00Z
  ${command} checkpoint set telephony --stage prod \\
    --source api-XXXXXXXX.duosecurity.com
  ${command} checkpoint set telephony --store ./logs \\
    --watermark 2026-11-01 --yes --json`;
