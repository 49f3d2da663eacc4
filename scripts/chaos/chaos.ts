import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packageService } from 'duo-contract/package-service';
import { findLog, seededRandom, simulatorEnvironment } from 'duo-simulator';
import { help, type Options, readOptions } from './options';
import { reckon, reckonDays, reckonLake } from './reckoning';
import { createRuns, type FunctionName, type Invoked, type Runs } from './runs';
import { openStore } from './stores';
import { createStory, type Story } from './story';

const services = join(__dirname, '../../services');
/** A stage of the tests whose settings want a lake. */
const withLake = { stage: 'lake', settings: join(__dirname, '../../test/settings') };

async function main(): Promise<void> {
  const options = readOptions();
  if (options === null) return void process.stdout.write(help);
  if (!(await chaos(options))) process.exitCode = 1;
}

/** Kills runs until enough have been killed, lets them catch up, and says whether every record is stored as it should be. */
async function chaos(options: Options): Promise<boolean> {
  const name = options['log-type'];
  const found = await findLog(name);
  const random = seededRandom(options.seed);
  const folder = mkdtempSync(join(tmpdir(), 'duo-chaos-'));
  const program = (file: string, { files }: ReturnType<typeof packageService>) => {
    writeFileSync(join(folder, file), files['src/handler.js'] ?? '');
    return join(folder, file);
  };
  const programs = {
    logType: program('handler.js', packageService(join(services, name))),
    ...(options.lake && { lake: program('lake.js', packageService(join(services, 'lake'), withLake)) }),
  };
  const story = createStory(found, options, random);
  const apiUrl = await story.simulator.listen();
  const store = await openStore(options.store, folder);
  const environment = {
    ...store.environment,
    ...simulatorEnvironment(apiUrl, story.accounts),
    // The first run that gets to save decides where the log begins: it must not be after the story's beginning.
    LOOKBACK_HOURS: String(Math.ceil(story.hours) + 24),
    LOG_TYPES: name,
    MAPPED_LOG_TYPES: name,
    LAKE_REGION: 'us-east-1',
    LAKE_ACCOUNT: '000000000000',
  };
  const runs = createRuns(programs, environment, random);
  try {
    await killRuns(runs, story, options, random);
    await catchUp(runs, story, options);
    process.stderr.write('\r                              \r');
    const isRight = reckon(options, runs.tally, story, await store.read('logs/'));
    const isTurned =
      !options.lake || (await reckonLake(await store.read('logs/'), await store.read('lake/')));
    return (
      (!options.reconcile || reckonDays(options, story, await store.read('receipts/'))) && isRight && isTurned
    );
  } finally {
    await story.simulator.close();
    store.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function killRuns(runs: Runs, story: Story, options: Options, random: () => number): Promise<void> {
  const oneOf = (): Invoked => {
    if (options.lake && random() < 0.4) return { name: 'turn', event: {} };
    const name: FunctionName = options.reconcile && random() < 0.5 ? 'reconcile' : 'collect';
    const tale = story.tales[Math.floor(random() * story.tales.length)];
    return { name, event: eventOf(tale?.account ?? null) };
  };
  while (runs.tally.kills < options.runs) {
    story.goOn();
    await Promise.all(Array.from({ length: options.parallel }, () => runs.kill(oneOf(), story.shift())));
    const { kills, runs: tried } = runs.tally;
    if (kills % 20 === 0) process.stderr.write(`\rkilled ${kills} of ${tried} runs `);
  }
}

/** Told to its end: a record that is published between the last run and the reckoning would count as lost. */
async function catchUp(runs: Runs, story: Story, { reconcile, lake }: Options): Promise<void> {
  story.calm();
  for (let tried = 0; tried <= 300; tried++) {
    const told = story.goToTheEnd();
    const outcomes: string[] = [];
    for (const { account } of story.tales) {
      const event = eventOf(account);
      outcomes.push(await runs.finish({ name: 'collect', event }, story.shift()));
      if (reconcile) outcomes.push(await runs.finish({ name: 'reconcile', event }, story.shift()));
    }
    if (lake) outcomes.push(await runs.finish({ name: 'turn', event: {} }, story.shift()));
    if (told && outcomes.every((outcome) => /^(caught-up|turned)$/.test(outcome))) return;
  }
  throw new Error('300 undisturbed runs did not catch up');
}

function eventOf(account: string | null): object {
  return account === null ? {} : { account };
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
  process.exitCode = 1;
});
