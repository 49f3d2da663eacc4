import { randomUUID } from 'node:crypto';
import type { Command } from '@commander-js/extra-typings';
import { beginning, checkpointKey, defaultLookback, saveCheckpoint } from 'duo-core';
import { findLog, logTypeArgument } from '../../logs/find-log';
import { command } from '../../operator/command';
import { momentText } from '../../operator/words';
import type { World } from '../../operator/world';
import { requireOneAccount } from '../../state/one-account';
import { accountOption, logOf, openTarget, stageOption, storeOption } from '../../store/target';
import { backUp, confirmSave, overtaken } from './change';
import type { CheckpointResetJson } from './json';

/** `checkpoint reset`: the way out of a checkpoint that is damaged or gone. */
export function addCheckpointReset(checkpoint: Command, world: World): void {
  checkpoint
    .command('reset')
    .description(
      'Replaces a checkpoint, even a damaged one: the log goes on from now, its days bring the rest.',
    )
    .addArgument(logTypeArgument)
    .addOption(stageOption)
    .addOption(storeOption)
    .addOption(accountOption)
    .option('--yes', 'do not ask')
    .option('--json', 'print what was done as JSON')
    .addHelpText('after', help)
    .action(async (name, { yes, json, ...options }) => {
      const logType = await findLog(name);
      const target = await openTarget(options, world);
      await requireOneAccount(target, [logType]);
      const { store } = target;
      const of = logOf(target, name);
      const { clock, ask, print, complain } = world;
      const key = checkpointKey(of);
      const old = await store.get(key);
      const begun = await beginning(store, of, defaultLookback, clock.now());
      const [gap] = begun.gaps;
      if (old === undefined && gap === undefined)
        throw new Error(
          `${store.url} has nothing of ${name}, so there is nothing to replace: the first run begins by itself. Is it the right store? Nothing was changed.`,
        );
      const goesOn = `The log will go on ${gap === undefined ? 'from' : 'at once, from'} ${momentText(begun.watermark)}`;
      const rest =
        gap === undefined
          ? 'nothing of this log is stored yet.'
          : `its days, once they are closed, bring what Duo has had since ${momentText(gap[0])} and is not stored. Nothing is stored twice.`;
      (json ? complain : print)(
        `${old === undefined ? `There is no ${store.url}/${key}.` : `${store.url}/${key} will be replaced.`} ${goesOn}; ${rest}\n`,
      );
      if (!yes) await confirmSave(ask);
      const backup = old === undefined ? null : await backUp(of, old.body, store, clock);
      const saved = await saveCheckpoint(
        store,
        { ...begun, by: `reset-${randomUUID()}/1` },
        old?.etag ?? null,
        { clock, random: Math.random },
      );
      if (saved === 'superseded') throw overtaken(name);
      const kept = backup && `${store.url}/${backup}`;
      const done: CheckpointResetJson = {
        logType: name,
        watermark: momentText(begun.watermark),
        backup: kept,
      };
      print(
        json
          ? `${JSON.stringify(done)}\n`
          : `Saved.${kept === null ? '' : ` The old one is kept as ${kept}.`}\n`,
      );
    });
}

const help = `
Use this if a checkpoint is damaged, belongs to another collector or is gone.
The log begins again at this moment, or where nothing of it is stored yet, 24
hours back. The days between the last day stored and
now are compared with Duo as soon as they are closed. If the setting reconcile
is off, do that with backfill --local.

This command first keeps the old bytes below state/. Do not put them back:
what was stored meanwhile would be stored a second time. If a run saves
meanwhile, nothing changes.

It needs s3:GetObject and s3:PutObject on state/, and s3:ListBucket.

  ${command} checkpoint reset telephony --stage prod
  ${command} checkpoint reset telephony --store ./logs --yes --json`;
