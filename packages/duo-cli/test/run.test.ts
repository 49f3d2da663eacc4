import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { version } from '../package.json';
import { saidByAws } from '../src/stage/aws';
import { duo } from './support/operator';

const nowhere = 'status --store file:///tmp/there-is-no-such-directory';

test.each([
  ['status telefony', 'There is no log type "telefony". Did you mean telephony? There are '],
  ['status auth', 'Did you mean authentication?'],
  ['status gate', 'There is no log type "gate"; there are '],
])('pnpm duo %s says what may have been meant', async (command, said) => {
  const { exitCode, err } = await duo(`${command} --store file:///tmp/anything`);
  expect([exitCode, err]).toEqual([2, expect.stringContaining(said)]);
});

test.each([
  ['statsu', '(Did you mean status?)'],
  ['status --sotre file:///tmp/x', '(Did you mean --store?)'],
  ['status', 'Give either --stage (what is deployed) or --store (where the logs are)'],
  [
    'status --stage prod --store file:///tmp/x',
    'Give either --stage (what is deployed) or --store (where the logs are)',
  ],
  [
    'status --store logs',
    '--store must be s3://bucket, s3://bucket/prefix, or a directory: ./logs, /srv/logs.',
  ],
  ['doctor --stage Prod', 'small letters, digits and hyphens'],
])('pnpm duo %s is wrong usage, said in a sentence', async (command, said) => {
  const { exitCode, out, err } = await duo(command);
  expect([exitCode, out, err]).toEqual([2, '', expect.stringContaining(said)]);
  expect(err).not.toMatch(/^ +at /m);
});

test('--store takes the path of a directory as well as its URL', async () => {
  const store = mkdtempSync(join(tmpdir(), 'duo-store-'));
  const byUrl = await duo(`status --store ${pathToFileURL(store)} --json`);
  const byPath = await duo(`status --store ${relative(process.cwd(), store)}/ --json`);
  expect(byPath).toEqual(byUrl);
  expect(byUrl.err).toContain(String(pathToFileURL(store)));
  rmSync(store, { recursive: true });
});

test.each([
  'status --stage prod --store file:///tmp/x',
  'status telefony --store file:///tmp/anything',
  'verify telephony --store file:///tmp/anything --from someday',
])('what is wrong with %s fits the terminal, and is one line in a pipe', async (command) => {
  const { err: piped } = await duo(command);
  const { err } = await duo(command, { columns: 50 });
  expect(Math.max(...piped.split('\n').map((line) => line.length))).toBeGreaterThan(50);
  expect(Math.max(...err.split('\n').map((line) => line.length))).toBeLessThanOrEqual(50);
  expect(err.replace(/\s+/g, ' ')).toBe(piped.replace(/\s+/g, ' '));
});

test('an error shows where it comes from with --debug only, wherever that stands', async () => {
  expect((await duo(nowhere)).err).not.toMatch(/^ +at /m);
  expect((await duo(`--debug ${nowhere}`)).err).toMatch(/^ +at /m);
  expect((await duo(`${nowhere} --debug`)).err).toMatch(/^Error: Nothing was collected .*\n +at /);
});

test('where AWS does not answer, no permission is blamed', () => {
  const said =
    /ECONNREFUSED .*\. AWS has not answered: does this machine reach it \(behind a proxy: docs\/networks\.md\), and is the region right\?$/;
  // As Node.js says it: the SDK would wrap it here, since the errors of jest are others than Node's.
  const unanswered = Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:9'), { code: 'ECONNREFUSED' });
  expect(saidByAws(unanswered, 'ssm:GetParameters')).toMatch(said);
  const refused = Object.assign(new Error('no'), { name: 'AccessDeniedException' });
  expect(saidByAws(refused, 'ssm:GetParameters')).toBe(
    'AccessDeniedException no. It needs ssm:GetParameters.',
  );
});

test('without AWS credentials it is said how to get some', async () => {
  process.env.AWS_EC2_METADATA_DISABLED = 'true';
  const { exitCode, err } = await duo('status --stage prod --profile nobody');
  expect([exitCode, err]).toEqual([
    1,
    expect.stringMatching(
      /no AWS credentials\. Log in \(aws sso login\) .*"nobody" has no credentials that work: aws sso login --profile nobody, or /,
    ),
  ]);
  expect(await duo('doctor --stage prod')).toMatchObject({
    exitCode: 1,
    err: expect.stringMatching(/Log in \(aws sso login\).*or export AWS_ACCESS_KEY_ID.*with --profile\.\n$/),
  });
});

test('no command goes on where certificates are not checked, and help is there all the same', async () => {
  const env = { NODE_TLS_REJECT_UNAUTHORIZED: '0' };
  for (const command of [
    'status --store file:///tmp/x',
    'credentials check --stage prod',
    'checkpoint show x',
  ]) {
    expect(await duo(command, { env })).toEqual({
      exitCode: 2,
      out: '',
      err: expect.stringMatching(
        /^NODE_TLS_REJECT_UNAUTHORIZED must not be 0: .* set NODE_EXTRA_CA_CERTS to .* \(docs\/networks\.md\)\.\n$/,
      ),
    });
  }
  expect(await duo('status --help', { env })).toMatchObject({ exitCode: 0, err: '' });
});

test('help of a command that does not exist says so', async () => {
  expect(await duo('help doktor')).toEqual({
    exitCode: 2,
    out: '',
    err: expect.stringMatching(/unknown command 'doktor'\n\(Did you mean doctor\?\)/),
  });
  expect(await duo('help doctor')).toMatchObject({ exitCode: 0, err: '' });
});

test('--version says which version this is, wherever it stands', async () => {
  for (const command of ['--version', 'status --version']) {
    expect(await duo(command)).toEqual({
      exitCode: 0,
      out: `${version}, Node.js ${process.versions.node}\n`,
      err: '',
    });
  }
});

test.each([
  '',
  'status',
  'doctor',
  'credentials',
  'credentials put',
  'credentials check',
  'checkpoint',
  'checkpoint show',
  'checkpoint set',
  'checkpoint reset',
  'checkpoint import',
  'backfill',
  'verify',
  'receipts',
  'tail',
  'collect',
  'feed',
  'udm',
  'ocsf',
])('pnpm duo %s --help has examples and fits 80 columns', async (command) => {
  const { exitCode, out } = await duo(`${command} --help`.trim());
  expect([exitCode, out]).toEqual([0, expect.stringContaining('  npx pnpm duo ')]);
  expect(out).toContain('--region <region>');
  expect(out).not.toContain('/tmp');
  expect(out.split('\n').filter((line) => line.length > 80)).toEqual([]);
});

test.each(['', 'credentials', 'checkpoint'])(
  'pnpm duo %s --help says what each command does',
  async (command) => {
    const { out } = await duo(`${command} --help`.trim());
    const [, commands = ''] = /\nCommands:\n((?: {2}.*\n)+)/.exec(out) ?? [];
    const descriptions = [...commands.matchAll(/^ {2}\S.*? {2,}(\S)/gm)].map(([, first]) => first);
    expect(descriptions.length).toBeGreaterThan(2);
    expect(descriptions.join('')).toMatch(/^[A-Z]+$/);
  },
);

describe('where the region is left to its default, and', () => {
  const folder = mkdtempSync(join(tmpdir(), 'duo-profile-'));
  const file = join(folder, 'config');
  const { AWS_CONFIG_FILE: before } = process.env;
  beforeAll(() => {
    writeFileSync(file, '[profile there]\nregion = eu-north-1\n\n[profile here]\nregion = us-east-1\n');
    process.env.AWS_CONFIG_FILE = file;
  });
  afterAll(() => {
    if (before === undefined) delete process.env.AWS_CONFIG_FILE;
    else process.env.AWS_CONFIG_FILE = before;
    rmSync(folder, { recursive: true });
  });
  const told = (env: NodeJS.ProcessEnv) =>
    duo('credentials put --stage prod --file /nowhere', { env: { AWS_REGION: '', ...env } });

  test.each([
    [{ AWS_DEFAULT_REGION: 'eu-west-1' }, 'AWS_DEFAULT_REGION says eu-west-1', 'eu-west-1'],
    [{ AWS_PROFILE: 'there' }, 'The profile is of eu-north-1', 'eu-north-1'],
  ])('%j says another, that is said before anything else', async (env, said, region) => {
    expect((await told(env)).err).toBe(
      `This command looks in us-east-1, the default region of the services. ${said}: if the stage is there, add --region ${region}.\n/nowhere cannot be read.\n`,
    );
  });

  test.each([
    { AWS_DEFAULT_REGION: 'us-east-1' },
    { AWS_PROFILE: 'here' },
    { AWS_PROFILE: 'nobody' },
    { AWS_DEFAULT_REGION: 'eu-west-1', AWS_REGION: 'eu-north-1' },
  ])('%j says no other, nothing is said', async (env) => {
    expect((await told(env)).err).toBe('/nowhere cannot be read.\n');
  });
});
