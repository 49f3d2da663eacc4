import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { createSimulator, findLogs, generate, simulatorEnvironment } from 'duo-simulator';
import { packageService } from 'duo-simulator/package-service';
import * as z from 'zod/mini';

/*
 * `pnpm bench:memory`: the peak memory of one run of the real bundle over a backlog of 10,000 and of 1,000,000 records.
 * A claim is the ratio of the two, measured in one go: what a run needs must not grow with its backlog.
 */

const root = join(__dirname, '..');
const day = 24 * 3_600_000;
const most = 1.2;

/**
 * Without limits V8 takes more of the machine's memory the longer it runs, before it collects its garbage: then this
 * would measure V8. With these (in MB) it measures what a run needs.
 */
const heap = ['--max-old-space-size=48', '--max-semi-space-size=4'];

async function main(): Promise<void> {
  const [log] = await findLogs(join(root, 'services'));
  if (log === undefined) throw new Error('there is no log type');
  const { logType, samples } = log;
  const folder = mkdtempSync(join(tmpdir(), 'duo-bench-'));
  const program = join(folder, 'handler.js');
  writeFileSync(program, packageService(join(root, 'services', logType.name)).files['src/handler.js'] ?? '');
  try {
    const peaks: number[] = [];
    for (const count of [10_000, 1_000_000]) {
      const simulator = createSimulator({ logs: [{ logType }] });
      const now = Date.now();
      simulator
        .log(logType.name)
        .addAll(generate({ logType, samples, count, from: now - day + 60_000, to: now - 125_000, seed: 1 }));
      const { records, pages, seconds, peak } = await run(
        program,
        join(folder, String(count)),
        await simulator.listen(),
      );
      await simulator.close();
      if (records !== count) throw new Error(`${records} of ${count} records were stored`);
      peaks.push(peak);
      const checkpoint = statSync(join(folder, String(count), 'state', `${logType.name}.json`)).size;
      process.stdout.write(
        `${count} records: ${pages} pages, ${Math.round(records / seconds)} records/s, peak ${Math.round(peak / 1024)} MB, checkpoint ${Math.round(checkpoint / 1024)} KB\n`,
      );
    }
    const ratio = (peaks[1] ?? 0) / (peaks[0] ?? 0);
    process.stdout.write(`ratio ${ratio.toFixed(2)}, at most ${most}\n`);
    if (!(ratio <= most)) process.exitCode = 1;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const outcome = z.object({ records: z.number(), pages: z.number(), seconds: z.number(), peak: z.number() });

/** One run in a process of its own; `peak` is its largest resident set in KB. */
async function run(program: string, store: string, apiUrl: string): Promise<z.infer<typeof outcome>> {
  const script = `
    const { handler } = require(${JSON.stringify(program)});
    const begin = performance.now();
    handler({}, { getRemainingTimeInMillis: () => 3_600_000 }).then(({ records, pages }) => {
      const seconds = (performance.now() - begin) / 1000;
      console.log(JSON.stringify({ records, pages, seconds, peak: process.resourceUsage().maxRSS }));
    });`;
  const child = spawn(process.execPath, [...heap, '-e', script], {
    env: {
      PATH: process.env.PATH,
      STORE_URL: pathToFileURL(store).href,
      ...simulatorEnvironment(apiUrl),
      POWERTOOLS_LOG_LEVEL: 'SILENT',
      POWERTOOLS_METRICS_DISABLED: 'true',
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  child.stdout.on('data', (chunk) => {
    output += chunk;
  });
  await new Promise((resolve, reject) => child.on('error', reject).on('close', resolve));
  return outcome.parse(JSON.parse(output));
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : error}\n`);
  process.exitCode = 1;
});
