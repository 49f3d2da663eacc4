import type { Command } from '@commander-js/extra-typings';
import type { Checkpoint } from 'duo-core';
import { spanText } from './closed-span';
import { command } from './command';
import { findLog, logTypeArgument } from './find-log';
import { momentText } from './moment';
import { savedCheckpoints } from './saved-checkpoints';
import { table } from './table';
import { openTarget, stageOption, storeOption } from './target';
import { durationText } from './time-text';
import type { World } from './world';

/** `checkpoint show`: where the scheduled runs of a log go on, and its backfills. */
export function addCheckpointShow(checkpoint: Command, world: World): void {
  checkpoint
    .command('show')
    .description('Shows where the scheduled runs of a log go on, and its backfills. Changes nothing.')
    .addArgument(logTypeArgument)
    .addOption(stageOption)
    .addOption(storeOption)
    .option('--json', 'print all that is in them as JSON; what is long is counted')
    .option('--raw', 'as JSON, with what is long: the identities of records, and the object in the outbox')
    .addHelpText('after', help)
    .action(async (name, { json, raw, ...options }) => {
      const logType = await findLog(name);
      const target = await openTarget(options, world);
      const { live, backfills } = await savedCheckpoints(target, logType);
      if (json || raw) {
        const shown = (one: Checkpoint) => (raw ? one : counted(one));
        const all = { logType: name, live: live && shown(live), backfills: backfills.map(shown) };
        world.print(`${JSON.stringify(all)}\n`);
        return;
      }
      if (live === null) {
        world.print(`The scheduled runs of ${name} have saved no checkpoint in ${target.store.url} yet.\n`);
      }
      const all = [...(live === null ? [] : [live]), ...backfills];
      if (all.length > 0) world.print(table([titles, ...all.map((one) => row(one, world.clock.now()))]));
      const gaps = all.flatMap((one) => one.gaps.map(([since, until]) => ({ since, until })));
      if (gaps.length > 0) world.print(`Gaps, which were not collected: ${spanText(...gaps)}.\n`);
    });
}

const titles = ['FROM', 'TO', 'COLLECTED UP TO', 'BEHIND', 'WINDOW', 'REMEMBERS', 'OUTBOX'];

function row({ since, until, watermark, window, seen, outbox }: Checkpoint, now: number): string[] {
  return [
    momentText(since),
    until === null ? 'scheduled runs' : momentText(until),
    momentText(watermark),
    watermark === until ? 'done' : durationText((until ?? now) - watermark),
    window === null ? '-' : `open, page ${window.pages}`,
    `${Object.keys(seen).length} records`,
    outbox === null ? '-' : 'an object',
  ];
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
An open window is a run that is under way or was stopped in a backlog; the next
one goes on there. An object in the outbox is decided on and put by the next run
if it is not there yet. Gaps are spans that Duo no longer had, or that were
skipped (checkpoint set); backfill collects what Duo still has of them.

It needs s3:GetObject on state/ and s3:ListBucket.

  ${command} checkpoint show <log-type> --stage prod
  ${command} checkpoint show <log-type> --stage prod --json`;
