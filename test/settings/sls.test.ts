import { spawn } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { close, listen } from 'duo-simulator';

const root = join(__dirname, '../..');
/** What `npx pnpm sls` runs, and the framework by itself. */
const sls = join(root, 'node_modules/.bin/sls');
const serverless = join(root, 'node_modules/.bin/serverless');

/** The log types that `sls deploy` at the root deploys, in their order. */
const deployedLogs = [
  ...readFileSync(join(root, 'serverless-compose.yml'), 'utf8').matchAll(/^ {2}([\w-]+):$/gm),
]
  .map(([, name = '']) => name)
  .filter((name) => existsSync(join(root, 'services', name, 'src/log-type.ts')));
const others = deployedLogs.filter((name) => name !== 'telephony');

const settings = mkdtempSync(join(tmpdir(), 'duo-settings-'));
writeFileSync(join(settings, 'bad.yml'), 'schedule: rate(1 minute)');
writeFileSync(join(settings, 'prod.yml'), 'alarmEmail: security@example.com');
/** A checkout whose framework is made up. */
const checkout = mkdtempSync(join(tmpdir(), 'duo-checkout-'));
afterAll(() => {
  for (const folder of [settings, checkout]) rmSync(folder, { recursive: true });
});

/** Runs a program in a folder of the project to its end; resolves to its exit code and to what it has said. */
async function run(
  program: string,
  args: string,
  { cwd = root, env = {}, input = '' }: { cwd?: string; env?: Record<string, string>; input?: string } = {},
) {
  const child = spawn(program, args.split(' '), {
    cwd,
    env: { ...process.env, SETTINGS_FOLDER: settings, ...env },
  });
  const said = { out: '', err: '' };
  child.stdout.on('data', (chunk) => {
    said.out += chunk;
  });
  child.stderr.on('data', (chunk) => {
    said.err += chunk;
  });
  child.stdin.end(input);
  const exitCode = await new Promise((done) => child.on('close', done));
  return { exitCode, ...said };
}

describe('what cannot be is the last thing that is said, before AWS is asked for anything:', () => {
  const badFile = `${join(settings, 'bad.yml')}: schedule: must be from rate(5 minutes), because a run may take 280 seconds, to rate(8 hours)\n`;
  const badName =
    'no bucket can be named after the stage "Prod": it must be up to 28 of a-z, 0-9 and "-", begin with a letter, and not be "default"\n';
  const deployed =
    'only the stage "local" runs on this machine, and this is "dev": npx pnpm sls invoke local --stage local --function collect\n';
  const noService = expect.stringMatching(
    /^there is no service "telefony" in serverless-compose\.yml: did you mean telephony\? There are storage, accounts, .*\.\n$/,
  );
  const thisMachine = 'the stage "local" is this machine: deploy another stage, like --stage dev\n';

  test.each([
    ['deploy --stage bad', '.', badFile],
    ['deploy --stage=Prod', '.', badName],
    ['package -s Prod', 'services/storage', badName],
    ['remove --verbose --stage bad', 'services/telephony', badFile],
    ['deploy --stage local', 'services/storage', thisMachine],
    ['telephony:deploy --stage local', '.', thisMachine],
    ['telefony:deploy --stage prod', '.', noService],
    ['deploy --service telefony --stage prod', '.', noService],
    ['--stage bad deploy', 'services/telephony', badFile],
    ['invoke local --function collect', 'services/telephony', deployed],
  ])('sls %s in %s', async (command, folder, err) => {
    const { requests, ...result } = await withAws((env) =>
      run(sls, command, { cwd: join(root, folder), env }),
    );
    expect({ requests, ...result }).toEqual({ requests: 0, exitCode: 1, out: '', err });
  });

  test('by the framework itself as well, which is started by others too', async () => {
    const { requests, exitCode, out, err } = await withAws((env) =>
      run(serverless, 'deploy --stage bad', { cwd: join(root, 'services/storage'), env }),
    );
    expect([requests, exitCode, out + err]).toEqual([0, 1, expect.stringContaining(badFile.trim())]);
  });
});

/** Counts what AWS is asked for; it answers nothing. */
async function withAws<Result>(act: (env: Record<string, string>) => Promise<Result>) {
  let requests = 0;
  const aws = createServer((_, response) => {
    requests += 1;
    response.writeHead(500).end();
  });
  const AWS_ENDPOINT_URL = await listen(aws);
  const made = { AWS_ACCESS_KEY_ID: 'made-up', AWS_SECRET_ACCESS_KEY: 'made-up', AWS_ENDPOINT_URL };
  const result = await act(made);
  await close(aws);
  return { requests, ...result };
}

test('sls package says in one line, once, what it goes by', async () => {
  const { exitCode, err } = await run(sls, 'storage:package --stage prdo');
  const line = `Settings: only settings/default.yml. There is no ${join(settings, 'prdo.yml')}: did you mean ${join(settings, 'prod.yml')}? Files: bad, prod. Alarms go to nobody.\n`;
  expect([exitCode, err.split(line)]).toEqual([0, ['', expect.stringContaining('Packaging')]]);
  expect(err).not.toContain('alarms: ');
});

describe('with a framework that is made up, since none deploys without AWS,', () => {
  mkdirSync(join(checkout, 'node_modules/serverless/bin'), { recursive: true });
  symlinkSync(join(root, 'settings'), join(checkout, 'settings'));
  writeFileSync(join(checkout, 'serverless-compose.yml'), 'services: { telephony: {} }');
  mkdirSync(join(checkout, 'services'));
  // It leaves what @osls/compose 1.9.2 leaves, and ends with 0 after a Ctrl-C, as that does.
  writeFileSync(
    join(checkout, 'node_modules/serverless/bin/serverless.js'),
    `const { mkdirSync, writeFileSync } = require('node:fs');
    mkdirSync('.serverless', { recursive: true });
    const outputs = { BucketName: 'example-logs' };
    writeFileSync('.serverless/state.prod.json', JSON.stringify({ components: { storage: { outputs } } }));
    process.stdin.on('data', (chunk) => console.log(process.argv.slice(2).join(' '), String(chunk)));
    if (process.env.SETTINGS_FOLDER !== ${JSON.stringify(settings)}) console.log('other settings');
    process.stdin.on('end', () => {
      if (process.env.INTERRUPTED === undefined) process.exit(Number(process.env.CODE ?? 0));
      setInterval(() => {}, 1000);
      process.on('SIGINT', () => process.exit(0));
      process.kill(process.pid, 'SIGINT');
    });`,
  );
  const line = `Settings: ${join(settings, 'prod.yml')} over settings/default.yml. Alarms go to security@example.com.\n`;
  const deployed = (...lines: string[]) => `${line}\n${lines.join('\n')}\n`;
  const deploy = (env: Record<string, string> = {}, command = 'deploy --stage prod', folder = '.') =>
    run(sls, command, { cwd: join(checkout, folder), env, input: 'typed' });

  test('a folder of settings is the same for each service, wherever that is packaged', async () => {
    const out = 'package --stage prod typed\n';
    const env = { SETTINGS_FOLDER: relative(checkout, settings) };
    expect(await deploy(env, 'package --stage prod')).toEqual({ exitCode: 0, out, err: line });
  });

  test('a deployment of all ends with the bucket, how often what runs, who is told, and what to do next', async () => {
    writeFileSync(
      join(settings, 'prod.yml'),
      'alarmEmail: security@example.com\nlogTypes: { telephony: { schedule: rate(1 hour), reconcile: false } }',
    );
    expect(await deploy()).toEqual({
      exitCode: 0,
      out: 'deploy --stage prod typed\n',
      err: deployed(
        'Deployed to prod.',
        'Bucket: example-logs',
        `Collected every 5 minutes: ${others.join(', ')}`,
        'Collected every hour: telephony',
        'After each day ends, it is counted against Duo:',
        `  ${others.join(', ')}`,
        'Alarms go to security@example.com.',
        'AWS sends a link to it once, which must be opened first.',
        'Next: npx pnpm duo doctor --stage prod',
      ),
    });
  });

  test('it says that nobody is told, and where to change that', async () => {
    writeFileSync(join(settings, 'nobody.yml'), 'reconcile: false');
    const { err } = await deploy({}, 'deploy --stage nobody');
    // The framework has not said which bucket it is.
    expect(err).toContain(`\nDeployed to nobody.\nCollected every 5 minutes: ${deployedLogs.join(', ')}\n`);
    expect(err).toContain(
      `\nDays are not counted against Duo after they end.\nNobody is told of alarms. Set alarmEmail in ${join(settings, 'nobody.yml')} and deploy again.\n`,
    );
  });

  test.each([
    ['a deployment that fails', { CODE: '3' }, 3],
    ['one that is interrupted', { INTERRUPTED: 'yes' }, 0],
  ])('after %s nothing more is said, and the exit code is its own', async (_what, env, exitCode) => {
    expect(await deploy(env)).toEqual({ exitCode, out: 'deploy --stage prod typed\n', err: line });
  });

  test.each([
    ['telephony:deploy --stage prod', '.'],
    ['deploy --stage prod --service=telephony', '.'],
    ['deploy --stage prod', 'services'],
    ['package --stage prod', '.'],
  ])('sls %s in %s is not a deployment of all', async (command, folder) => {
    expect(await deploy({}, command, folder)).toEqual({ exitCode: 0, out: `${command} typed\n`, err: line });
  });

  test.each([
    'invoke local -f collect --stage local -d {}',
    'invoke --function collect --stage Prod',
    'package --stage local',
    'remove --stage prod',
    'deploy --stage prod --help',
    'deploy list --stage prod',
  ])('sls %s is left to the framework', async (command) => {
    expect(await deploy({}, command)).toEqual({ exitCode: 0, out: `${command} typed\n`, err: '' });
  });
});
