import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, delimiter, dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import {
  createSimulator,
  findLogs,
  generate,
  type Simulator,
  simulatorCredentials,
  simulatorEnvironment,
} from 'duo-simulator';
import { z } from 'zod';
import { version } from '../package.json';
import { duckDbFolder, openDuckDb } from '../src/commands/query/duckdb';
import { startAws } from './support/aws';
import { holdToSchema } from './support/json-schema';
import { runProcess } from './support/run-process';
import { openShell } from './support/shell';

const root = join(__dirname, '../../..');
/** Nothing of the checkout is in it, or above it. */
const elsewhere = realpathSync(mkdtempSync(join(tmpdir(), 'duo-logs-')));
let simulator: Simulator;
let env: NodeJS.ProcessEnv;

beforeAll(async () => {
  const quietly = { cwd: root, stdio: 'pipe' } as const;
  execFileSync('npx', ['pnpm', '--filter', 'duo-logs', 'pack', '--pack-destination', elsewhere], quietly);
  const tarball = join(elsewhere, `duo-logs-${version}.tgz`);
  execFileSync('npm', ['install', '--global', '--offline', '--prefix', elsewhere, tarball], quietly);

  const logs = await findLogs(join(root, 'services'));
  simulator = createSimulator({ logs });
  env = simulatorEnvironment(await simulator.listen());
  const to = Date.now() - 600_000;
  for (const { logType, samples } of logs) {
    const span = { count: 20, from: to - 3_600_000, to, seed: 1 };
    simulator.log(logType.name).addAll(generate({ logType, samples, ...span }));
  }
}, 120_000);
afterAll(async () => {
  await simulator.close();
  rmSync(elsewhere, { recursive: true });
});

/** Runs what was installed, on a machine that has Node.js and nothing else. */
async function duoLogs(command: string | readonly string[], { input = '', ...more }: NodeJS.ProcessEnv = {}) {
  const machine = { PATH: dirname(process.execPath), ...env, ...more };
  const args = typeof command === 'string' ? command.split(' ') : command;
  const told = await runProcess(join(elsewhere, 'bin/duo-logs'), args, {
    cwd: elsewhere,
    env: machine,
    input,
  });
  holdToSchema(args, told.exitCode, told.out);
  return told;
}

test('it says its own name in what it tells to paste', async () => {
  const { exitCode, out } = await duoLogs('--help');
  expect([exitCode, out]).toEqual([0, expect.stringMatching(/^Usage: duo-logs /)]);
  expect(out).toContain('\n  duo-logs doctor --stage prod\n');
  for (const command of ['backfill', 'checkpoint set', 'verify']) {
    expect((await duoLogs(`${command} --help`)).out).not.toContain('pnpm duo');
  }
  expect(await duoLogs('--version')).toMatchObject({ exitCode: 0, out: expect.stringContaining(version) });
});

test('it collects, shows how far that is, and reads and maps what is stored', async () => {
  expect(await duoLogs('collect telephony --to ./logs')).toMatchObject({
    exitCode: 0,
    out: expect.stringMatching(/^20 new records in 1 object below file:/),
  });
  const store = `--store file://${elsewhere}/logs`;
  expect(await duoLogs(`status ${store}`)).toMatchObject({
    exitCode: 0,
    out: expect.stringMatching(/^telephony .* 20 +none +0 +0 {2}caught up$/m),
  });
  const from = new Date(Date.now() - 7_200_000).toISOString();
  const verified = await duoLogs(`verify telephony ${store} --from ${from} --json`);
  // Two hours are two days where the first of them was yesterday's.
  const days = z
    .object({ days: z.array(z.object({ shown: z.number(), stored: z.number(), repaired: z.number() })) })
    .parse(JSON.parse(verified.out)).days;
  const sum = (count: 'shown' | 'stored' | 'repaired') => days.reduce((all, day) => all + day[count], 0);
  expect([verified.exitCode, sum('shown'), sum('stored'), sum('repaired')]).toEqual([0, 20, 20, 0]);
  const [object = ''] = readdirSync(join(elsewhere, 'logs'), { recursive: true, encoding: 'utf8' }).filter(
    (name) => name.endsWith('.gz'),
  );
  const { exitCode, out } = await duoLogs(`udm telephony logs/${object}`);
  expect([exitCode, out.match(/"logType":"DUO_TELEPHONY"/g)?.length]).toEqual([0, 20]);
  const ocsf = await duoLogs(`ocsf telephony logs/${object}`);
  expect([ocsf.exitCode, ocsf.err, ocsf.out.match(/"class_name":"Base Event"/g)?.length]).toEqual([
    0,
    '',
    20,
  ]);
  expect(await duoLogs('status telefony')).toMatchObject({
    exitCode: 2,
    err: expect.stringMatching(/Did you mean telephony\? There are .*activity, .*administrator, /),
  });
});

test("it has its DuckDB in the user's cache, and runs SQL over what is stored", async () => {
  const folder = duckDbFolder({});
  (await openDuckDb(folder, process.env, () => {})).close();
  const cache = join(elsewhere, 'cache');
  mkdirSync(join(cache, 'duo-logs'), { recursive: true });
  symlinkSync(folder, join(cache, 'duo-logs', basename(folder)));
  await duoLogs('collect telephony --to ./queried');
  const query = ['query', 'select count(*) as n from telephony', '--store', './queried', '--json'];
  expect(await duoLogs(query, { XDG_CACHE_HOME: cache })).toMatchObject({ exitCode: 0, out: '{"n":20}\n' });
  const nodeAlone = join(elsewhere, 'node-alone');
  mkdirSync(nodeAlone);
  symlinkSync(process.execPath, join(nodeAlone, 'node'));
  expect(await duoLogs(query, { XDG_CACHE_HOME: join(elsewhere, 'none'), PATH: nodeAlone })).toMatchObject({
    exitCode: 1,
    out: '',
    err: expect.stringMatching(/there is no npm in PATH\. .* run duo-logs query "select 1" --store /),
  });
}, 300_000);

test('it says what it does not know without the settings of the checkout', async () => {
  const aws = await startAws();
  const feed = await duoLogs('feed telephony --bucket my-logs');
  expect(feed).toMatchObject({
    exitCode: 0,
    out: expect.stringContaining('Fill in <role ARN>, <subject id>'),
  });
  const put = await duoLogs('credentials put --stage prod --file -', {
    ...aws.env,
    input: JSON.stringify(simulatorCredentials),
  });
  aws.close();
  expect(put).toMatchObject({ exitCode: 0, out: expect.stringContaining('run\nthis again with --kms-key.') });
  expect(aws.parameters).toHaveLength(3);
  expect(await duoLogs('settings check --stage prod')).toEqual({
    exitCode: 2,
    out: '',
    err: 'The settings are in the checkout that the stage is deployed from: use npx pnpm duo settings there.\n',
  });
});

// Where there is no such shell, it cannot be asked; bash is wherever this is tested.
const shells = (['bash', 'zsh', 'fish'] as const).filter(
  (shell) =>
    shell === 'bash' || (process.env.PATH ?? '').split(delimiter).some((one) => existsSync(join(one, shell))),
);

test.each(shells)(
  'Tab completes its commands, options, log types, stages and files in a real %s',
  async (shell) => {
    const folder = join(elsewhere, `called in ${shell}`);
    mkdirSync(join(folder, 'settings'), { recursive: true });
    writeFileSync(join(folder, 'settings/default.yml'), '');
    writeFileSync(join(folder, 'settings/production.yml'), '');
    mkdirSync(join(folder, 'copies'));
    writeFileSync(join(folder, 'copies/records.ndjson'), '');
    const path = [join(elsewhere, 'bin'), dirname(process.execPath), process.env.PATH].join(delimiter);
    const { press, see, close } = await openShell(shell, `duo-logs completion ${shell}`, {
      cwd: folder,
      env: { PATH: path, HOME: folder },
    });
    try {
      for (const [typed, completed] of [
        ['duo-logs che', 'ckpoint '],
        ['duo-logs checkpoint se', 't '],
        ['duo-logs verify tele', 'phony '],
        ['duo-logs backfill telephony --agai', 'n '],
        ['duo-logs status --prof', 'ile '],
        ['duo-logs doctor --stage ', 'production '],
        ['duo-logs udm telephony cop', 'ies/'],
        ['duo-logs udm telephony copies/', 'records.ndjson '],
      ] as const) {
        press(typed);
        await see(typed);
        press('\t');
        await see(`${typed}${completed}`);
        // Takes the line away.
        press('\u0015');
      }
    } finally {
      await close();
    }
  },
  120_000,
);

test('it brings no source, no machine path and no other package', () => {
  const installed = join(elsewhere, 'lib/node_modules/duo-logs');
  const files = readdirSync(installed, { recursive: true, encoding: 'utf8' });
  expect(files.toSorted()).toEqual([
    'LICENSE',
    'dist',
    'dist/THIRD-PARTY-LICENCES.txt',
    'dist/duo-logs.js',
    'package.json',
  ]);
  const licences = readFileSync(join(installed, 'dist/THIRD-PARTY-LICENCES.txt'), 'utf8');
  expect(licences).toMatch(/^zod \d.* \(MIT\)$/m);
  expect(licences).toMatch(/^Copyright \(c\) .*Colin McDonnell/m);
  const bundle = readFileSync(join(installed, 'dist/duo-logs.js'), 'utf8');
  expect(bundle).not.toContain(realpathSync(root));
  expect(bundle).not.toContain(simulatorCredentials.skey);
});
