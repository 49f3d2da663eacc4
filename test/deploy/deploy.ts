import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createSimulator, type FoundLog, findLogs, simulatorCredentials } from 'duo-simulator';
import * as z from 'zod/mini';
import { accounts, showAccounts } from './accounts';
import { type Aws, connect } from './aws';
import { assertSame, changedResources, type Deployed, identity, lookAt } from './deployed';
import { showLake, turnFirst } from './lake';
import {
  lookbackHours,
  publishLate,
  reconcileUntilDone,
  showDeletedRecords,
  showLateRecords,
} from './late-records';
import { findMinistack, type LocalAws, NoLocalAws, startLocalAws } from './local-aws';
import { showNetwork } from './network';
import { type Metric, metricsOf, problemsNotActedOn } from './not-acted-on';
import { copyProject } from './project';
import { showReader } from './reader';
import { step } from './step';
import { prefixOf, publish, readBack, stackOf, stage, type World } from './world';

const root = join(__dirname, '..', '..');
const minute = 60_000;
const hour = 60 * minute;
const recordsPerLog = 3_000;
const recordsForTheSchedule = 40;

/** A run opens a window a minute after the last one; `ministack.py` makes five minutes of a schedule 25 seconds. */
const schedulePatience = 2 * minute;

// Node.js 20 is fine for development; the deployed runtime is newer.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';

async function main(): Promise<void> {
  const interrupted = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.on(name, () => interrupted.abort(new Error('interrupted')));

  const python = await step('a local AWS', async () => {
    const found = findMinistack(join(root, '.local'));
    return [found, `ministack ${found.ministack}`];
  });
  const folder = mkdtempSync(join(tmpdir(), 'duo-deploy-'));
  const services = deployedServices();
  const logs = (await findLogs(join(root, 'services'))).filter(({ logType }) =>
    services.includes(logType.name),
  );
  const simulator = createSimulator({
    logs: logs.map(({ logType }) => ({ logType })),
    accounts,
    now: Date.now,
  });
  let local: LocalAws | undefined;
  try {
    const apiUrl = await simulator.listen();
    local = await startLocalAws(python, folder, { DUO_API_URL: apiUrl });
    // It asks every 0.3 s whether a stack is ready, instead of every 5 s.
    const environment = { ...local.environment, SLS_AWS_MONITORING_FREQUENCY: '300' };
    const aws = connect(local);
    const policy = readFileSync(join(root, 'docs', 'deployer-policy.json'), 'utf8');
    const deployer = await aws.createUser('deployer', await aws.createPolicy('deployer', policy));
    await tell({
      aws,
      project: copyProject(folder, { ...environment, ...deployer.environment }, interrupted.signal),
      deployer: deployer.arn,
      administrator: local.environment,
      simulator,
      apiUrl,
      logs,
      services,
      signal: interrupted.signal,
    });
  } catch (error) {
    const complaints = local?.complaints() ?? '';
    if (complaints !== '') process.stderr.write(`\nministack complained:\n${complaints}\n\n`);
    throw error;
  } finally {
    await local?.stop();
    await simulator.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** All that is shown, in its order. */
async function tell(world: World): Promise<void> {
  const { aws, project, deployer, administrator, apiUrl, logs, services } = world;
  publish(world, recordsPerLog, Date.now() - 20 * hour, Date.now() - 3 * minute);

  await step(`duo credentials put --stage ${stage} --file -`, async () => {
    const printed = await project.run(
      ['tsx', 'packages/duo-cli/src/main.ts', 'credentials', 'put', '--stage', stage, '--file', '-'],
      {
        input: JSON.stringify(simulatorCredentials),
        env: { ...administrator, DUO_API_URL: apiUrl },
      },
    );
    return [undefined, printed.trim().replaceAll('\n', ' ')];
  });

  let ofAll = `lookbackHours: ${lookbackHours}\n`;
  const settings = (more: string) => project.write(`settings/${stage}.yml`, `${ofAll}${more}`);
  // Else a day might be reconciled before its late records are there, and is not looked at again then.
  settings('reconcile: false\n');
  await step(`sls deploy --stage ${stage}, with reconcile: false`, async () => {
    await project.run(['sls', 'deploy', '--stage', stage]);
    const { resources } = await lookAt(world);
    return [undefined, `${services.length} stacks with ${resources.length} resources`];
  });
  const functionOf = ({ logType }: FoundLog) => `${stackOf(logType.name)}-collect`;
  const bucket = (await aws.exports()).get(`duo-storage-${stage}-BucketName`) ?? '';

  await step('whoever deploys, with the bucket', async () => {
    const told = await aws.tryAs(deployer, bucket, [
      { what: 'list', key: 'logs/' },
      { what: 'get', key: 'logs/x' },
      { what: 'put', key: 'state/x' },
      { what: 'delete', key: 'receipts/x' },
    ]);
    const expected = 'list logs/: allowed,get logs/x: AccessDenied,put state/x: AccessDenied';
    if (told.join() !== `${expected},delete receipts/x: AccessDenied`)
      throw new Error(`may do otherwise:\n${told.join('\n')}`);
    return [
      undefined,
      'is refused what lies in it; what CloudFormation does for them, ministack does not judge',
    ];
  });

  const emitted = await step('each deployed function, until it has caught up', async () => {
    const metrics = await Promise.all(logs.map((log) => collect(aws, functionOf(log))));
    return [new Set(metrics.flat()), logs.map(({ logType }) => logType.name).join(', ')];
  });
  await readBack(world, bucket);

  publishLate(world);
  ofAll += 'lake: true\n';
  settings('');
  const deployed = await step(`sls deploy --stage ${stage}, with lake: true`, async () => {
    assertTold(await project.run(['sls', 'deploy', '--stage', stage]), bucket);
    const state = await lookAt(world);
    const lake = (await aws.resources(stackOf('lake'))).length;
    return [
      state,
      `${services.length} stacks with ${state.resources.length} resources, and the lake's with ${lake}`,
    ];
  });
  const lakeMetrics = await turnFirst(world);
  // While their schedules run those, there is time for another stage.
  await Promise.all([showLateRecords(world, bucket), showAccounts(world)]);
  for (const metric of await reconcileUntilDone(world)) emitted.add(metric);
  await readBack(world, bucket);

  const [first, second] = logs;
  if (first === undefined || second === undefined) throw new Error('there are fewer than two log types');

  await step("another log's function, under the role of this one", async () => {
    await aws.disguise('disguised', functionOf(second), functionOf(first));
    const { failed, result } = await aws.invoke('disguised');
    await aws.deleteFunction('disguised');
    const { errorMessage } = z.object({ errorMessage: z._default(z.string(), '') }).parse(result);
    if (!failed || !/AccessDenied|403/.test(errorMessage))
      throw new Error(`a role may read another log's checkpoint: ${JSON.stringify(result)}`);
    return [undefined, 'AWS refuses it'];
  });

  await step('what ministack takes and does not act on, in the templates', async () => {
    const problems = [...deployed.templates].flatMap(([stack, text]) =>
      problemsNotActedOn(stack, text, emitted),
    );
    if (problems.length > 0) throw new Error(problems.join('\n'));
    return [undefined, "retries, dead letters and roles of schedules, lifecycle, alarms' metrics"];
  });

  await step(`sls deploy --stage ${stage}, again`, async () => {
    await project.run(['sls', 'deploy', '--stage', stage]);
    assertSame(deployed, await lookAt(world));
    return [undefined, 'no resource changed'];
  });

  await step(`sls deploy --stage ${stage} in each service's own folder`, async () => {
    for (const service of [...services, 'accounts', 'lake']) {
      await project.run(['sls', 'deploy', '--stage', stage], { folder: join('services', service) });
    }
    assertSame(deployed, await lookAt(world));
    return [undefined, 'no resource changed'];
  });

  await step(`sls deploy --stage ${stage} with another schedule of ${first.logType.name}`, async () => {
    settings(`logTypes:\n  ${first.logType.name}:\n    schedule: rate(6 minutes)\n`);
    await project.run(['sls', 'deploy', '--stage', stage]);
    const state = await lookAt(world);
    const changed = changedResources(deployed, state);
    if (!changed.includes(`${stackOf(first.logType.name)} Schedule`))
      throw new Error(`the schedule has not changed, but ${changed.join(', ') || 'nothing'}`);
    const identities = (of: Deployed) => of.resources.map(identity).sort().join('\n');
    if (identities(state) !== identities(deployed)) throw new Error('the change replaced resources');
    return [undefined, `changed in place: ${changed.join(', ')}`];
  });

  await showNetwork(world, second, settings);

  await step('the schedules run the functions', async () => {
    // As late as a record may be: the windows that are read next reach back to it.
    publish(world, recordsForTheSchedule, Date.now() - 2.5 * minute, Date.now() - 2.1 * minute);
    const before = await Promise.all(logs.map((log) => aws.records(bucket, prefixOf(log))));
    const expected = Math.max(...before.map(({ length }) => length)) + recordsForTheSchedule;
    const giveUp = Date.now() + schedulePatience;
    for (let waiting = logs; waiting.length > 0; ) {
      await sleep(1_000, undefined, { signal: world.signal });
      const counts = await Promise.all(waiting.map((log) => aws.records(bucket, prefixOf(log))));
      waiting = waiting.filter((_, n) => (counts[n]?.length ?? 0) < expected);
      const names = waiting.map(({ logType }) => logType.name).join(', ');
      if (names !== '' && Date.now() > giveUp)
        throw new Error(`no schedule has brought what is new in ${names}`);
    }
    return [undefined, `${recordsForTheSchedule} newer records of each log are in the bucket`];
  });
  await readBack(world, bucket);

  await showLake(world, bucket, lakeMetrics);

  await showReader(world, first, bucket, settings);

  await showDeletedRecords(world, first, bucket);
  await readBack(world, bucket);

  await step(`sls remove --stage ${stage}`, async () => {
    await project.run(['sls', 'remove', '--stage', stage]);
    const left = await aws.stacks();
    if (left.length > 0) throw new Error(`these stacks are still there: ${left.join(', ')}`);
    const objects = await aws.keys(bucket, '');
    if (!(await aws.bucketPolicy(bucket)).includes('"aws:SecureTransport"'))
      throw new Error('the bucket that is left takes requests without TLS');
    return [undefined, `no stack is left; the bucket is, with its policy and ${objects.length} objects`];
  });
  await readBack(world, bucket);
}

/** Throws unless a deployment of all has said, once, what it went by and what is there now. */
function assertTold(printed: string, bucket: string): void {
  for (const told of [
    `Settings: settings/${stage}.yml over settings/default.yml. Alarms go to nobody.\n`,
    `Deployed to ${stage}.\nBucket: ${bucket}\nCollected every 5 minutes: `,
    'Turned into OCSF events every hour, below lake/.\n',
    `Next: npx pnpm duo doctor --stage ${stage}\n`,
  ])
    if (printed.split(told).length !== 2) throw new Error(`it does not say once "${told}":\n${printed}`);
}

/** The services that `sls deploy` at the root deploys to a stage that has one account and no lake. */
function deployedServices(): string[] {
  const compose = readFileSync(join(root, 'serverless-compose.yml'), 'utf8');
  return (
    [...compose.matchAll(/^ {2}([\w-]+):$/gm)]
      .map(([, name]) => name ?? '')
      // Their stacks are there only where the settings say so.
      .filter((name) => !['accounts', 'lake'].includes(name))
  );
}

/** Invokes a function until it has caught up; the metrics that it wrote, which ministack may show a run later. */
async function collect(aws: Aws, name: string): Promise<Metric[]> {
  const metrics: Metric[] = [];
  for (let runs = 0; runs < 10; runs += 1) {
    const { failed, result, log } = await aws.invoke(name);
    if (failed) throw new Error(`${name} failed: ${JSON.stringify(result)}\n${log}`);
    metrics.push(...metricsOf(log));
    const { outcome } = z.object({ outcome: z.string() }).parse(result);
    if (outcome === 'caught-up' && metrics.length > 0) return metrics;
  }
  throw new Error(`${name} has not caught up and written its metrics in 10 runs`);
}

main().catch((error: unknown) => {
  const message = error instanceof Error ? error.message : String(error);
  if (!(error instanceof NoLocalAws)) {
    process.stderr.write(`${message}\n`);
    process.exitCode = 1;
    return;
  }
  process.stderr.write(`DEPLOY TEST NOT RUN: ${message}\n`);
  if (process.env.ALLOW_NO_DEPLOY_TEST !== '1') process.exitCode = 1;
});
