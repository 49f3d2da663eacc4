import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { packageService } from 'duo-contract/package-service';
import { findLog, seededRandom, simulatorEnvironment } from 'duo-simulator';
import { help, type Options, readOptions } from './options';
import { reckon, reckonDays } from './reckoning';
import { createRuns, type FunctionName, type Invoked, type Runs } from './runs';
import { openStore } from './stores';
import { createStory, type Story } from './story';

const services = join(__dirname, '../../services');

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
  const program = join(folder, 'handler.js');
  writeFileSync(program, packageService(join(services, name)).files['src/handler.js'] ?? '');
  const story = createStory(found, options, random);
  const apiUrl = await story.simulator.listen();
  const store = await openStore(options.store, folder);
  const environment = {
    ...store.environment,
    ...simulatorEnvironment(apiUrl, story.accounts),
    // The first run that gets to save decides where the log begins: it must not be after the story's beginning.
    LOOKBACK_HOURS: String(Math.ceil(story.hours) + 24),
  };
  const runs = createRuns(program, environment, random);
  try {
    await killRuns(runs, story, options, random);
    await catchUp(runs, story, options);
    process.stderr.write('\r                              \r');
    const isRight = reckon(options, runs.tally, story, await store.read('logs/'));
    return (!options.reconcile || reckonDays(options, story, await store.read('receipts/'))) && isRight;
  } finally {
    await story.simulator.close();
    store.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function killRuns(runs: Runs, story: Story, options: Options, random: () => number): Promise<void> {
  const oneOf = (): Invoked => {
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
async function catchUp(runs: Runs, story: Story, { reconcile }: Options): Promise<void> {
  story.calm();
  for (let tried = 0; tried <= 300; tried++) {
    const told = story.goToTheEnd();
    const outcomes: string[] = [];
    for (const { account } of story.tales) {
      const event = eventOf(account);
      outcomes.push(await runs.finish({ name: 'collect', event }, story.shift()));
      if (reconcile) outcomes.push(await runs.finish({ name: 'reconcile', event }, story.shift()));
    }
    if (told && outcomes.every((outcome) => outcome === 'caught-up')) return;
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
