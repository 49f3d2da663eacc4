import type { Command } from '@commander-js/extra-typings';
import type { Checkpoint } from 'duo-core';
import { findLog, logTypeArgument } from '../../logs/find-log';
import { command } from '../../operator/command';
import { durationText, momentText, plural } from '../../operator/words';
import type { World } from '../../operator/world';
import { wrap } from '../../operator/wrap';
import { spanText } from '../../state/closed-span';
import { gapsOf } from '../../state/gaps';
import { isPrepared } from '../../state/prepared-backfill';
import { gapsLeft, savedCheckpoints } from '../../state/saved-checkpoints';
import { openTarget, stageOption, storeOption } from '../../store/target';

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
      world.print(all.map((one) => described(one, world.clock.now())).join(''));
      const gaps = gapsLeft({ live, backfills }).map((gap) => `    ${spanText(gap)}\n`);
      if (gaps.length > 0) world.print(`Gaps, which are not collected:\n${gaps.join('')}`);
    });
}

/** A line for what it is, and more of them unless it is simply done. */
function described(checkpoint: Checkpoint, now: number): string {
  const { since, until, watermark, window, seen, outbox, gaps } = checkpoint;
  const name =
    until === null ? `scheduled runs from ${momentText(since)}` : `backfill of ${spanText({ since, until })}`;
  const facts = [
    stateText(checkpoint, now),
    ...(window === null ? [] : [`window open, page ${window.pages}`]),
    ...(watermark === until ? [] : [`remembers ${plural(Object.keys(seen).length, 'record')}`]),
    ...(outbox === null ? [] : ['an object in the outbox']),
    ...(until === null || gaps.length === 0 ? [] : [`without ${spanText(...gapsOf(checkpoint))}`]),
  ];
  if (watermark === until && facts.length === 1) return `${name}: done\n`;
  const lines = wrap(facts.join('; '), 76).map((line) => `    ${line}\n`);
  return `${name}\n${lines.join('')}`;
}

function stateText(checkpoint: Checkpoint, now: number): string {
  const { until, watermark } = checkpoint;
  if (watermark === until) return 'done';
  if (isPrepared(checkpoint)) return 'not begun';
  return `up to ${momentText(watermark)}, ${durationText((until ?? now) - watermark)} behind`;
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
skipped (checkpoint set), and that no finished backfill has collected; backfill
collects what Duo still has of them. For a gap, checkpoint set saves what the
backfill has to know of its beginning: that one has not begun. What a backfill
is done without, Duo no longer had.

It needs s3:GetObject on state/ and s3:ListBucket.

  ${command} checkpoint show <log-type> --stage prod
  ${command} checkpoint show <log-type> --stage prod --json`;
