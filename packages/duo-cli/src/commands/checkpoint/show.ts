import type { Command } from '@commander-js/extra-typings';
import { type Checkpoint, loadCheckpoint } from 'duo-core';
import { findLog, logTypeArgument } from '../../logs/find-log';
import { command } from '../../operator/command';
import { durationText, momentText, plural } from '../../operator/words';
import type { World } from '../../operator/world';
import { wrap } from '../../operator/wrap';
import { goneCheckpoint } from '../../state/gone-checkpoint';
import { requireOneAccount } from '../../state/one-account';
import { lastOfEach, listReceipts, openGaps, spanOfGaps } from '../../state/receipts';
import { accountOption, logOf, openTarget, stageOption, storeOption } from '../../store/target';
import type { CheckpointShowJson } from './json';

/** `checkpoint show`: where the scheduled runs of a log go on. */
export function addCheckpointShow(checkpoint: Command, world: World): void {
  checkpoint
    .command('show')
    .description('Shows where the scheduled runs of a log go on. Changes nothing.')
    .addArgument(logTypeArgument)
    .addOption(stageOption)
    .addOption(storeOption)
    .addOption(accountOption)
    .option('--json', 'print the checkpoint as JSON; long parts are only counted')
    .option('--raw', 'as JSON, with the long parts: the identities of records, and the object in the outbox')
    .addHelpText('after', help)
    .action(async (name, { json, raw, ...options }) => {
      const logType = await findLog(name);
      const target = await openTarget(options, world);
      await requireOneAccount(target, [logType]);
      const { store } = target;
      const of = logOf(target, name);
      const live = (await loadCheckpoint(store, of))?.state ?? null;
      if (json || raw) {
        const shown: CheckpointShowJson = {
          logType: name,
          live: live === null || raw ? live : counted(live),
        };
        world.print(`${JSON.stringify(shown)}\n`);
        return;
      }
      if (live === null) {
        const gone = await goneCheckpoint(logType, target);
        if (gone !== undefined) throw new Error(gone);
        const which = target.stage === null ? ' Is it the right store?' : '';
        world.print(
          `The scheduled runs of ${name} have not saved a checkpoint in ${store.url} yet.${which}\n`,
        );
        return;
      }
      world.print(described(live, world.clock.now()));
      const span = spanOfGaps(live.gaps);
      if (span === null) return;
      const open = openGaps(live.gaps, lastOfEach(await listReceipts(store, of, span)));
      const lines = open.map(([from, to]) => `    ${momentText(from)} to ${momentText(to)}\n`);
      if (lines.length > 0) world.print(`Gaps not yet compared with Duo:\n${lines.join('')}`);
    });
}

/** A line for what it is, and what it says. */
function described({ since, watermark, window, seen, outbox }: Checkpoint, now: number): string {
  const facts = [
    `up to ${momentText(watermark)}, ${durationText(now - watermark)} behind`,
    ...(window === null ? [] : [`window open, page ${window.pages}`]),
    `remembers ${plural(Object.keys(seen).length, 'record')}`,
    ...(outbox === null ? [] : ['an object in the outbox']),
  ];
  const lines = wrap(facts.join('; '), 76).map((line) => `    ${line}\n`);
  return `scheduled runs from ${momentText(since)}\n${lines.join('')}`;
}

/** `seen` and the outbox without what they are long by. */
function counted({ seen, outbox, ...rest }: Checkpoint) {
  return {
    ...rest,
    seen: Object.keys(seen).length,
    outbox: outbox && { key: outbox.key, bytes: Buffer.byteLength(outbox.body, 'base64') },
  };
}

const help = `
An open window means that a run is under way or was stopped in a backlog; the
next run goes on there. An object in the outbox is decided on; the next run puts
it if it is not there yet. Gaps are spans that Duo no longer had, or that were
skipped (checkpoint set, checkpoint reset), and in which some day has no receipt
yet. That day is compared with Duo when it is closed.

It needs s3:GetObject on state/ and s3:ListBucket.

  ${command} checkpoint show telephony --stage prod
  ${command} checkpoint show telephony --stage prod --json`;
