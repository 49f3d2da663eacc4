import { spawn } from 'node:child_process';
import { join } from 'node:path';
import * as z from 'zod/mini';

/** Waits in the killed processes take a hundredth of the time: a minute of throttling 0.6 s. */
const waitFraction = 0.01;

const result = z.object({ outcome: z.string() });

/** A function of a service, or that of the lake. */
export type FunctionName = 'collect' | 'reconcile' | 'turn';

/** How the runs have ended so far. */
export interface Tally {
  readonly runs: number;
  readonly kills: number;
  readonly failures: number;
}

/** Which function is invoked, and with which event. */
export interface Invoked {
  readonly name: FunctionName;
  readonly event: object;
}

/** Runs of a bundled handler, each a process of its own. */
export interface Runs {
  readonly tally: Tally;
  /** One run, whose clock is `shift` ms behind; resolves to its outcome. */
  finish(invoked: Invoked, shift: number): Promise<string>;
  /** One run that begins some time from now, reads a few pages at most, and is killed some time after its first request to Duo, unless it has ended by then. */
  kill(invoked: Invoked, shift: number): Promise<void>;
}

/** Prepares the runs of bundles in an environment: a log type's, and, for `turn`, the lake's. */
export function createRuns(
  programs: { readonly logType: string; readonly lake?: string },
  variables: Record<string, string>,
  random: () => number,
): Runs {
  const tally = { runs: 0, kills: 0, failures: 0 };
  const environment = {
    PATH: process.env.PATH,
    POWERTOOLS_LOG_LEVEL: 'SILENT',
    POWERTOOLS_METRICS_DISABLED: 'true',
    AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
    NODE_OPTIONS: `--require "${join(__dirname, '../../tools/bent-time.cjs')}"`,
    WAIT_FRACTION: String(waitFraction),
    ...variables,
  };
  /** How long a run takes from then on, in ms. */
  const usual = { collect: 500, reconcile: 500, turn: 500 };

  /** Killed `after` ms from when it first asks Duo, or when it is ready where days are reconciled, unless it has ended by then. Reads at most so many pages; 0 is no limit. */
  async function run(
    { name, event }: Invoked,
    shift: number,
    after: number | null,
    pages: number,
  ): Promise<string> {
    const child = spawn(
      process.execPath,
      [
        join(__dirname, 'run-bundle.cjs'),
        (name === 'turn' ? programs.lake : undefined) ?? programs.logType,
        name,
        JSON.stringify(event),
      ],
      {
        env: { ...environment, CLOCK_SHIFT_MS: String(shift), MAX_PAGES: String(pages) },
        stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      },
    );
    let output = '';
    let errors = '';
    let begun: number | undefined;
    child.stdout?.on('data', (chunk) => {
      output += chunk;
    });
    child.stderr?.on('data', (chunk) => {
      errors += chunk;
    });
    let killed = false;
    let timer: NodeJS.Timeout | undefined;
    child.on('message', () => {
      if (begun !== undefined) return;
      begun = Date.now();
      if (after === null) return;
      timer = setTimeout(() => {
        killed = child.kill('SIGKILL');
      }, after);
    });
    await new Promise((resolve, reject) => child.on('error', reject).on('close', resolve));
    clearTimeout(timer);
    tally.runs += 1;
    if (killed && child.signalCode === 'SIGKILL') {
      tally.kills += 1;
      return 'killed';
    }
    if (begun !== undefined) usual[name] = 0.8 * usual[name] + 0.2 * (Date.now() - begun);
    if (child.exitCode === 0) return result.parse(JSON.parse(output)).outcome;
    tally.failures += 1;
    if (!expectedFailure.test(errors)) throw new Error(`a run failed: ${errors}`);
    return 'failed';
  }

  return {
    tally,
    finish: (invoked, shift) => run(invoked, shift, null, 0),
    async kill(invoked, shift) {
      const { name } = invoked;
      const [after, stagger] = [random() * 1.5 * usual[name], random() * usual[name] * 0.5];
      await new Promise((resolve) => setTimeout(resolve, stagger));
      // So that there are several runs to a backlog, and several objects to most of them.
      await run(invoked, shift, after, 4 + Math.floor(random() * 9));
    },
  };
}

/**
 * What the story's faults may make of a run, and what a slow machine may: the time-outs of the AWS SDK and the end of a run,
 * too, are a hundredth of what they are.
 */
const expectedFailure =
  /^(UnavailableError|ClockError|CredentialsError|BadRequestError.*next_offset|StoreError.*([Tt]ime(d )?[Oo]ut|no answer before the end of the run|still a conflict))/;
