import { constants } from 'node:fs';
import { access, mkdir } from 'node:fs/promises';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Command } from '@commander-js/extra-typings';
import {
  type Clock,
  createDirectoryStore,
  createHandler,
  loadCheckpoint,
  publishingDelay,
  type RunResult,
  storeUrl,
  systemErrorCode,
} from 'duo-core';
import { findLog, logTypeArgument } from '../../logs/find-log';
import { command } from '../../operator/command';
import type { DaySpan } from '../../operator/day-span';
import { UsageError } from '../../operator/usage-error';
import { durationText, momentText, plural } from '../../operator/words';
import type { World } from '../../operator/world';
import { Interrupted } from '../../progress/interrupt';
import { type Course, lookOn } from '../../progress/look-on';
import { lastOfEach, listReceipts, openGaps, spanOfGaps } from '../../state/receipts';
import { inOptions } from '../../store/open-store';
import type { CollectJson } from './json';

/** `collect`: what a deployed function does in a run, from this machine and into a directory. */
export function addCollect(program: Command, world: World): void {
  program
    .command('collect')
    .description('Runs a log type once, from this machine into a directory, before anything is deployed.')
    .addArgument(logTypeArgument)
    .requiredOption(
      '--to <directory>',
      'the directory for records and checkpoint; created if it does not exist',
    )
    .option('--json', 'print the result as JSON')
    .addHelpText('after', help)
    .action(async (name, { to, json }) => {
      const logType = await findLog(name);
      if (/^[a-z][a-z\d+.-]*:\/\//i.test(to))
        throw new UsageError(
          `--to takes a directory on this machine, not ${to}. To collect into a bucket, deploy a stage: docs/operating/deploying.md.`,
        );
      const directory = resolve(to);
      const store = pathToFileURL(directory).href;
      if (!storeUrl.safeParse(store).success)
        throw new UsageError(`${to} cannot be used as a store: name another directory.`);
      await makeDirectory(directory);
      // What CloudWatch reads from standard output is not what a person wants to read there.
      process.env.POWERTOOLS_METRICS_DISABLED = 'true';
      const { progress, onlooker, log, show } = lookOn(world, upToNow(world.clock));
      const handler = createHandler(logType, {
        env: { ...world.env, STORE_URL: store, DUO_CREDENTIALS: 'env' },
        clock: world.clock,
        log,
        onlooker,
      });
      const named = (error: unknown): never => {
        if (error instanceof Interrupted)
          throw new Error('Interrupted. Everything so far is stored: give the same command again to go on.');
        throw inOptions(error, '--to');
      };
      show();
      const result: CollectJson = await handler({}, { getRemainingTimeInMillis: () => longestRun })
        .catch(named)
        .finally(progress.end);
      // The result has whole seconds only, and no more may be claimed than is stored.
      const opened = createDirectoryStore(directory);
      const saved = await loadCheckpoint(opened, { logType: name }).catch(named);
      if (json) return world.print(`${JSON.stringify(result)}\n`);
      const { watermark = 0, gaps = [] } = saved?.state ?? {};
      const span = spanOfGaps(gaps);
      const open =
        span === null ? [] : openGaps(gaps, lastOfEach(await listReceipts(opened, { logType: name }, span)));
      world.print(resultText(result, store, watermark, spanOfGaps(open)));
    });
}

/** Before Duo is asked for anything, since it is asked once a minute only. */
async function makeDirectory(directory: string): Promise<void> {
  try {
    await mkdir(directory, { recursive: true });
    await access(directory, constants.W_OK);
  } catch (error) {
    const code = systemErrorCode(error) ?? String(error);
    const why = /^(?:EEXIST|ENOTDIR)$/.test(code)
      ? 'there is a file where the store needs a directory'
      : code;
    throw new Error(`${directory} cannot be written to: ${why}. Let --to name another directory.`);
  }
}

/** Nothing ends a run here: a first one over many days may wait for Duo's rate limit again and again. A day, in ms. */
const longestRun = 86_400_000;

/** The course of a run: from where its first page begins up to what Duo shows by now, as far as the pages say where they are. */
function upToNow({ now }: Clock): Course {
  let first: number | undefined;
  let done = 0;
  return {
    label: () => '',
    done(page) {
      if (page === undefined) return done;
      const span = page.to - page.from;
      first ??= page.from + page.before * span;
      const at = page.share === null ? 0 : page.from + page.share * span - first;
      done = Math.max(done, at / Math.max(1, now() - publishingDelay - first));
      return done;
    },
  };
}

/** `gap`: days of which something was skipped and not compared with Duo since; null if there are none. */
function resultText(result: RunResult, store: string, watermark: number, gap: DaySpan | null): string {
  const { logType, outcome, records, duplicates, pages, objects, behindSeconds } = result;
  const more =
    outcome === 'caught-up'
      ? `Everything up to ${momentText(Math.floor(watermark / 1000) * 1000)} is there; the next run goes on from it.`
      : outcome === 'superseded'
        ? `Another run of ${logType} collects into this directory, and is ahead of this one, which has stopped. Nothing is lost. To see how far it is: ${command} status --store ${store}`
        : `It is ${durationText(behindSeconds * 1000)} behind (${outcome}): run it again to go on.`;
  const skipped =
    gap === null
      ? []
      : [
          `Except what was skipped on ${gap.first === gap.last ? gap.first : `days from ${gap.first} to ${gap.last}`}. When these days are over, this stores it:\n`,
          `${command} backfill ${logType} --store ${store} --local --from ${gap.first} --to ${gap.last}\n`,
        ];
  return [
    `${plural(records, 'new record')} in ${plural(objects, 'object')} below ${store}/logs/${logType}/.\n`,
    `Duo was asked for ${plural(pages, 'page')}; ${plural(duplicates, 'record')} on ${pages === 1 ? 'it' : 'them'} ${duplicates === 1 ? 'was' : 'were'} there already.\n`,
    `${more}\n`,
    ...skipped,
  ].join('');
}

const help = `
It needs DUO_IKEY, DUO_SKEY and DUO_API_HOST of an Admin API application with
"Grant read log", and no AWS. The objects are those that a bucket would hold,
with phone numbers, so remove the directory when you have seen enough.

A first run begins 24 hours ago, unless LOOKBACK_HOURS says otherwise. MAX_PAGES
ends a run early. A function's other settings are read from the environment as
well.

  printf 'Secret key: '; read -rs DUO_SKEY; export DUO_SKEY
  export DUO_IKEY=DIXXXXXXXXXXXXXXXXXX DUO_API_HOST=api-XXXXXXXX.duosecurity.com
  ${command} collect telephony --to ./logs
  LOOKBACK_HOURS=1 ${command} collect telephony --to ./logs --json
  ${command} tail telephony --store ./logs`;
