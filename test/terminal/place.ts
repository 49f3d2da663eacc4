import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { simulatorEnvironment } from 'duo-simulator';
import * as z from 'zod/mini';
import { type Aws, connect } from '../deploy/aws';
import { findMinistack, startLocalAws } from '../deploy/local-aws';
import { copyProject } from '../deploy/project';
import { type Buckets, connectBuckets } from './buckets';
import { startSimulator } from './simulator';
import { connectTrouble, type Trouble } from './trouble';

/** The stage that is deployed. */
export const stage = 'e2e';

/** Where the story takes place: a Duo, an AWS and a copy of this project, each for itself. */
export interface Place {
  readonly aws: Aws;
  readonly buckets: Buckets;
  readonly trouble: Trouble;
  /** Where the operator's shell is, and what is in its environment. */
  readonly folder: string;
  readonly env: Readonly<Record<string, string>>;
  /** The texts of all telephony records that Duo shows by now. */
  published(): Promise<string[]>;
  /** Deploys a service as its stage. */
  deploy(service: string): Promise<void>;
  /** The bucket of the stage, once its storage is deployed. */
  bucket(): Promise<string>;
  /** One run of the deployed function, as its schedule starts it. */
  collect(): Promise<RunResult>;
  /** Runs until the log has caught up. */
  catchUp(): Promise<void>;
  close(): Promise<void>;
}

const runResult = z.object({ outcome: z.string(), records: z.number() });
type RunResult = z.infer<typeof runResult>;

/**
 * Opens the place; nothing is deployed in it yet. Functions read one page a run, so that there is a backlog to look at, and
 * their schedule is so slow that no run comes in between.
 */
export async function openPlace(): Promise<Place> {
  const python = findMinistack(join(__dirname, '..', '..', '.local'));
  const home = mkdtempSync(join(tmpdir(), 'duo-terminal-'));
  const path = { PATH: process.env.PATH ?? '' };
  const project = copyProject(home, path, new AbortController().signal);
  project.write(`settings/${stage}.yml`, 'schedule: rate(8 hours)\nalarmEmail: ops@example.com\n');
  const shell = {
    ...path,
    HOME: home,
    LANG: 'C.UTF-8',
    npm_config_update_notifier: 'false',
    pnpm_config_verify_deps_before_run: 'false', // the copy has the dependencies of the original
  };
  const simulator = await startSimulator(project.folder, shell);
  const forFunctions = { DUO_API_URL: simulator.url, MAX_PAGES: '1' };
  const local = await startLocalAws(python, home, forFunctions).catch(async (error: unknown) => {
    await simulator.stop();
    throw error;
  });
  const aws = connect(local);
  const buckets = connectBuckets(local.environment);
  const bucket = async () => (await aws.exports()).get(`duo-storage-${stage}-BucketName`) ?? '';
  const collect = async () => {
    const { failed, result, log } = await aws.invoke(`duo-telephony-${stage}-collect`);
    if (failed) throw new Error(`the run failed: ${JSON.stringify(result)}\n${log}`);
    return runResult.parse(result);
  };
  return {
    aws,
    buckets,
    trouble: connectTrouble(local.environment),
    folder: project.folder,
    env: { ...local.environment, ...simulatorEnvironment(simulator.url), ...shell },
    published: () => simulator.published('telephony'),
    async deploy(service) {
      await project.run(['sls', 'deploy', '--stage', stage], {
        folder: join('services', service),
        // It asks every 0.3 s whether a stack is ready, instead of every 5 s.
        env: { ...local.environment, SLS_AWS_MONITORING_FREQUENCY: '300' },
      });
    },
    bucket,
    collect,
    async catchUp() {
      for (let runs = 0; runs < 30; runs++) if ((await collect()).outcome === 'caught-up') return;
      throw new Error('30 runs have not caught up');
    },
    async close() {
      await Promise.all([local.stop(), simulator.stop()]).finally(() =>
        rmSync(home, { recursive: true, force: true }),
      );
    },
  };
}
