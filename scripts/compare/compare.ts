import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { type FoundLog, findLog, simulatorEnvironment } from 'duo-simulator';
import type { Collector, Running } from './collectors/collector';
import { google, googleCompleted } from './collectors/google';
import { logSync } from './collectors/log-sync';
import { ours } from './collectors/ours';
import { shortestLoop } from './collectors/shortest-loop';
import { count } from './count';
import { fastClock } from './fast-clock';
import { endings, help, type Options, readOptions } from './options';
import { createStory } from './story';
import { type Row, tableOf } from './table';

const hour = 3_600_000;

const collectors = [ours, logSync, google, googleCompleted, shortestLoop];

async function main(): Promise<void> {
  const options = readOptions(process.argv.slice(2));
  if (options === null) return void process.stdout.write(help);
  const found = await findLog('telephony');
  const chosen = options.ending === 'all' ? endings : [options.ending];
  for (const ending of chosen) {
    const rows = await scenario(found, ending, options);
    const [own] = rows;
    const published = own !== undefined && 'published' in own ? own.published : 0;
    process.stdout.write(`\n${title(ending, published, options)}\n\n${tableOf(rows)}`);
    if ((loadavg()[0] ?? 0) > 2 * availableParallelism())
      process.stdout.write(
        '\nThis machine has more to do than it can: time passed too fast for all. --speed 30\ngives them more of it.\n',
      );
    if (own === undefined || 'missing' in own || own.lost + own.lostLate + own.doubled > 0)
      process.exitCode = 1;
  }
}

function title(
  ending: (typeof endings)[number],
  published: number,
  { hours, faults, kills, seed }: Options,
): string {
  const last = { cursor: 'a cursor all the same', null: 'null', absent: 'no next_offset' }[ending];
  return `The last page has ${last}. ${published} records in ${hours} hours,\n${faults * 100} % of the answers spoilt, a kill after ${kills * 100} % of them, seed ${seed}.`;
}

/** Runs each collector that can be run, all at a time, and counts. */
async function scenario(found: FoundLog, ending: (typeof endings)[number], options: Options): Promise<Row[]> {
  const folder = mkdtempSync(join(tmpdir(), 'duo-compare-'));
  const start = Math.floor(Date.now() / hour) * hour - 48 * hour;
  const clock = fastClock(start, options.speed);
  const span = { from: start + hour / 6, to: start + hour / 6 + options.hours * hour };
  try {
    return await Promise.all(
      collectors.map(async (collector, at) => {
        const own = join(folder, String(at));
        mkdirSync(own);
        return collector.missing === null
          ? await rowOf(collector, own)
          : { name: collector.name, missing: collector.missing };
      }),
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }

  async function rowOf(collector: Collector, own: string): Promise<Row> {
    let running: Running | undefined;
    const story = createStory(found, ending, span, options, clock, () => running?.kill());
    const apiUrl = await story.simulator.listen();
    const environment = { ...simulatorEnvironment(apiUrl), ...clock.environment };
    running = await collector.start({ apiUrl, folder: own, clock, environment });
    await clock.until(span.to);
    story.calm();
    // So that who comes by every hour has come, and has caught up.
    await clock.until(span.to + 2.2 * hour);
    const { delivered, usage, note } = await running.stop();
    const requests = story.simulator.requests.length;
    await story.simulator.close();
    return { name: collector.name, ...count(story.published, delivered), usage, requests, note };
  }
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
  process.exitCode = 1;
});
