import { randomUUID } from 'node:crypto';
import { basename, dirname } from 'node:path';
import type { Command } from '@commander-js/extra-typings';
import {
  checkpointKey,
  defaultOverlap,
  firstCheckpoint,
  type LogType,
  loadCheckpoint,
  longestLookback,
  type Store,
  saveCheckpoint,
} from 'duo-core';
import { findLog, logTypeArgument } from '../../logs/find-log';
import { command } from '../../operator/command';
import { UsageError } from '../../operator/usage-error';
import { plural } from '../../operator/words';
import type { World } from '../../operator/world';
import { readStage, storeOf } from '../../stage/stage';
import { openFolder } from '../../store/folder';
import { namedStore, openStore } from '../../store/open-store';
import type { CheckpointImportJson } from './json';
import { type SeedRecords, seedRecords } from './seed-objects';
import { storedThrough } from './seed-state';

/** `checkpoint import`: the collector goes on where the Python function of Google's guide has stopped. */
export function addCheckpointImport(checkpoint: Command, world: World): void {
  checkpoint
    .command('import')
    .description("Lets the collector go on where the Python function from Google's guide stopped.")
    .addArgument(logTypeArgument)
    .requiredOption(
      '--from <state.json>',
      "the function's state: s3://bucket/key, or the path of a copy of it",
    )
    .option('--stage <stage>', 'the stage that goes on from there: the name given to sls deploy', readStage)
    .option('--store <url>', 'instead of --stage: s3://bucket[/prefix] or a directory')
    .option('--objects <folder>', "where the function's objects are (where its state is)")
    .option('--no-objects', 'its objects are gone: store again what it stored last')
    .option('--yes', 'the function is switched off: do not ask')
    .option('--json', 'print what was done as JSON')
    .addHelpText('after', help)
    .action(async (name, { from, stage, store: url, objects, yes, json }) => {
      const logType = await findLog(name);
      if (logType.paging.style !== 'cursor') {
        throw new UsageError(
          `The function cannot have collected ${name}: it only reads logs with a next_offset.`,
        );
      }
      if ((stage === undefined) === (url === undefined))
        throw new UsageError('Give either --stage or --store.');
      const address = url === undefined ? await storeOf(stage ?? '', world.env) : namedStore(url, world.env);
      const store = openStore(address, world.env);
      const folder = dirname(from);

      await refuseExisting(store, name);
      await confirmSwitchedOff(yes, world);
      // Only now: until it was switched off, it may have gone on.
      const last = readState(
        await openFolder(folder, world.env).read(basename(from)),
        from,
        world.clock.now(),
      );
      const since = last - overlapOf(logType);
      const seedFolder = objects ?? folder;
      const known =
        seedFolder === false ? null : await readObjects(seedFolder, { since, last }, logType, world);

      const saved = await saveCheckpoint(
        store,
        {
          // Where Duo no longer has what follows, the first run says so and counts it as a gap.
          ...firstCheckpoint({ logType: name }, since, since),
          by: `import-${randomUUID()}/1`,
          watermark: last,
          seen: known?.seen ?? {},
        },
        null,
        { clock: world.clock, random: Math.random },
      );
      if (saved === 'superseded') throw alreadyCollecting(store, name);
      const checkpoint = `${store.url}/${checkpointKey({ logType: name })}`;
      const done: CheckpointImportJson = {
        logType: name,
        checkpoint,
        watermark: iso(last),
        since: iso(since),
        objects: known?.objects ?? null,
      };
      world.print(
        json
          ? `${JSON.stringify(done)}\n`
          : report(checkpoint, { since, last, known, now: world.clock.now() }),
      );
    });
}

/** In ms: what Duo published late is looked for as far back as a run does by default. */
function overlapOf({ overlapSeconds = 0 }: LogType): number {
  return Math.max(defaultOverlap, overlapSeconds * 1000);
}

async function refuseExisting(store: Store, name: string): Promise<void> {
  if ((await loadCheckpoint(store, { logType: name })) !== null) throw alreadyCollecting(store, name);
}

function alreadyCollecting(store: Store, name: string): Error {
  return new Error(
    `${store.url}/${checkpointKey({ logType: name })} exists already: the collector has begun to collect ${name} by itself. Nothing was changed. Use backfill for what is missing before that (docs/operating/is-everything-there.md).`,
  );
}

async function confirmSwitchedOff(yes: true | undefined, { ask, print }: World): Promise<void> {
  if (yes) return;
  if (ask === undefined) {
    throw new UsageError(
      'Switch the function off first, wait until its last run is over, and say so with --yes.',
    );
  }
  print(`${switchOff}\n\n`);
  if (!(await ask.confirm('Is it switched off, and has its last run ended?'))) {
    throw new Error('Nothing was written. Switch it off, and run this again.');
  }
}

const switchOff = `Switch the function off first: in EventBridge Scheduler, disable its schedule,
and wait until a run that has begun is over (five minutes). The collector stores
again whatever the function stores after this.`;

function readState(state: string | undefined, from: string, now: number): number {
  if (state === undefined) {
    throw new Error(
      `There is no ${from}. The function's variables S3_BUCKET and STATE_KEY say where it is. If there is none, the function has never finished a run: deploy without an import.`,
    );
  }
  try {
    return storedThrough(state, now);
  } catch (error) {
    throw new Error(`${from}: ${error instanceof Error ? error.message : error}. Nothing was written.`);
  }
}

/** Throws if the object with the function's last record is not among them: then others may be missing as well. */
async function readObjects(
  where: string,
  { since, last }: { since: number; last: number },
  logType: LogType,
  { env, clock }: World,
): Promise<SeedRecords> {
  const folder = openFolder(where, env);
  const known = await seedRecords(folder, { since, now: clock.now() }, logType);
  // `float` may have lost the millisecond that the function adds.
  if (known.times.has(last) || known.times.has(last + 1)) return known;
  throw new Error(
    `${folder.url} does not have the object with the function's last record, of ${iso(last)}. Use --objects to say where its objects are. If they are gone, --no-objects goes on without them, and stores again what the function stored from ${iso(since)} on. Nothing was written.`,
  );
}

function report(
  checkpoint: string,
  { since, last, known, now }: { since: number; last: number; known: SeedRecords | null; now: number },
): string {
  const gone = now - longestLookback;
  return [
    `The function stopped at ${iso(last)}; ${checkpoint} goes on from there.`,
    known === null
      ? `The collector stores again what the function stored from ${iso(since)} on.`
      : `Records that the function has stored from ${iso(since)} on are known by its last ${known.objects === 1 ? 'object' : plural(known.objects, 'object')}, and not stored again.`,
    ...(last < gone
      ? [
          `Duo keeps 180 days: what was logged until ${iso(gone)} is gone, and the first run reports it as a gap.`,
        ]
      : []),
    'Leave the function switched off and deploy the collector.',
    '',
  ].join('\n');
}

function iso(ms: number): string {
  return new Date(ms).toISOString();
}

const help = `
${switchOff}

Import before the first run of the collector: deploy the storage, import, deploy
the log type. If there is a checkpoint already, nothing changes.

  npx pnpm sls storage:deploy --stage prod
  ${command} checkpoint import telephony --stage prod \\
    --from s3://duo-telephony-logs/state.json
  npx pnpm sls telephony:deploy --stage prod

No record is left out: the collector begins five minutes before the last record
that the state is sure of, where Duo may have published some late.
None is stored twice: the collector recognises in the function's own objects
what the function has stored. There are two exceptions:
- without its objects (--no-objects), the collector stores again what the
  function stored in those five minutes, or without noting it in its state;
- the collector recognises a record by its text, in the usual ways of printing
  JSON (with and without spaces and escapes). If Duo prints it in another way,
  the records of the five minutes are stored again.
A backfill collects what the function itself never collected, as far back as Duo
keeps records: 180 days (docs/operating/is-everything-there.md).`;
