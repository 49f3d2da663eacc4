import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GetParametersCommand, PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { mockClient } from 'aws-sdk-client-mock';
import { createSimulator, findLogs, type Simulator, simulatorCredentials } from 'duo-simulator';
import { answers, duo, noon } from './support/operator';

const ssm = mockClient(SSMClient);
const { ikey, skey, apiHost } = simulatorCredentials;
const otherSecret = 'another-made-up-secret-of-forty-letters.';
let simulator: Simulator;
let env: NodeJS.ProcessEnv;
/** The path of the log that is asked when none is named. */
let firstCursorLog: string | undefined;
const folder = mkdtempSync(join(tmpdir(), 'duo-cli-'));

beforeAll(async () => {
  const logs = await findLogs(join(__dirname, '../../../services'));
  firstCursorLog = logs.find(({ logType }) => logType.paging.style === 'cursor')?.logType.path;
  simulator = createSimulator({ logs, now: () => noon });
  env = { DUO_API_URL: await simulator.listen() };
});
afterAll(async () => {
  await simulator.close();
  rmSync(folder, { recursive: true });
});
beforeEach(() => {
  ssm.reset();
  ssm.on(PutParameterCommand).resolves({});
});

const written = () => ssm.commandCalls(PutParameterCommand).map(({ args }) => args[0].input);
const json = (changes: object = {}) => JSON.stringify({ ikey, skey, apiHost, ...changes });
const put = (standardInput: string, flags = '', more: NodeJS.ProcessEnv = {}) =>
  duo(`credentials put --stage prod --file -${flags}`, { standardInput, env: { ...env, ...more } });

describe('credentials put', () => {
  test('tries what is piped in and writes three SecureStrings over the old ones, the secret key last', async () => {
    const before = simulator.requests.length;
    expect(await put(json())).toEqual({
      exitCode: 0,
      out: `Duo accepts them: it answered GET ${firstCursorLog}.\nStored /duo/prod/api-host, /duo/prod/ikey, /duo/prod/skey in eu-west-1.\n`,
      err: '',
    });
    const secure = { Type: 'SecureString', Overwrite: true };
    expect(written()).toEqual([
      { Name: '/duo/prod/api-host', Value: apiHost, ...secure },
      { Name: '/duo/prod/ikey', Value: ikey, ...secure },
      { Name: '/duo/prod/skey', Value: skey, ...secure },
    ]);
    const asked = simulator.requests.slice(before).map(({ params }) => params);
    const end = noon - 120_000;
    const window = { mintime: `${end - 3_600_000}`, maxtime: `${end}`, limit: '1', sort: 'ts:asc' };
    expect(asked).toEqual([window]);
  });

  test('asks for them in a terminal', async () => {
    const ask = answers({ 'Integration key': ikey, 'Secret key': skey, 'API host': apiHost });
    const { exitCode } = await duo('credentials put --stage prod', { env, ask });
    expect([exitCode, written().length]).toEqual([0, 3]);
    const mistyped = answers({ 'Integration key': 'DIXXX' });
    expect(await duo('credentials put --stage prod', { env, ask: mistyped })).toMatchObject({
      exitCode: 1,
      err: 'asked again: the integration key must be 20 characters and begin with DI; this one has 5\n',
    });
  });

  test('without a terminal says how else to give them', async () => {
    expect(await duo('credentials put --stage prod', { env })).toMatchObject({
      exitCode: 2,
      err: 'There is no terminal to ask in: give the credentials with --file, or --file - for a pipe.\n',
    });
  });

  test('reads a file of variables, among others and quoted', async () => {
    const file = join(folder, 'duo.env');
    writeFileSync(
      file,
      `# Duo\nexport DUO_IKEY=${ikey}\r\nDUO_SKEY="${skey}"\nOTHER=1\nDUO_API_HOST=${apiHost}\n`,
    );
    expect(await duo(`credentials put --stage prod --file ${file}`, { env })).toMatchObject({ exitCode: 0 });
    expect(written().at(-1)?.Value).toBe(skey);
  });

  test.each(['utf8', 'utf16le'] as const)('reads a file as Notepad saves it (%s)', async (encoding) => {
    const file = join(folder, `${encoding}.json`);
    writeFileSync(file, `\uFEFF${json({})}\r\n`, encoding);
    expect(await duo(`credentials put --stage prod --file ${file}`, { env })).toMatchObject({ exitCode: 0 });
    expect(written().at(-1)?.Value).toBe(skey);
  });

  test.each([
    [
      'the integration key is too short',
      json({ ikey: 'DIXXX' }),
      'must be 20 characters and begin with DI; this one has 5',
    ],
    [
      'the secret key is too short',
      json({ skey: 'short' }),
      'the secret key must be 40 characters; this one has 5',
    ],
    ['the secret key has a space', json({ skey: `${otherSecret} ` }), 'the secret key is malformed'],
    [
      'the API host is not one of Duo',
      json({ apiHost: 'api-x.example.com' }),
      'the API host is not a Duo API host',
    ],
    ['the API host is a URL', json({ apiHost: `https://${apiHost}` }), 'without https:// and without a path'],
    ['one is missing', json({ skey: undefined }), 'it must be {"ikey":"…","skey":"…","apiHost":"…"}'],
    ['it is no JSON', `{"skey":"${otherSecret}"`, 'it must be {"ikey":"…","skey":"…","apiHost":"…"}'],
    ['it is empty', '', 'it must be {"ikey":"…","skey":"…","apiHost":"…"}'],
  ])('writes nothing and repeats nothing if %s', async (_, input, said) => {
    const result = await put(input);
    expect(result).toMatchObject({ exitCode: 2, out: '', err: expect.stringContaining(said) });
    expect(result.err).not.toContain(otherSecret);
    expect(written()).toEqual([]);
  });

  test.each([
    [
      'an unknown integration key',
      { ikey: 'DIXXXXXXXXXXXXXXXXXX' },
      'Duo does not know this integration key at api-simulator.duosecurity.com.',
    ],
    [
      'the wrong secret key',
      { skey: otherSecret },
      'The secret key does not belong to this integration key.',
    ],
  ])('writes nothing if Duo refuses %s, and says which it is', async (_, changes, said) => {
    const result = await put(json(changes));
    expect(result).toMatchObject({ exitCode: 1, out: '', err: expect.stringContaining(said) });
    expect(result.err).not.toContain(otherSecret);
    expect(written()).toEqual([]);
  });

  test('says that this clock is wrong if Duo may mean that', async () => {
    const typed = { standardInput: json(), env, now: noon + 3_600_000 };
    const { err } = await duo('credentials put --stage prod --file -', typed);
    expect(err).toContain(
      "Set this machine's clock (by NTP): it says 2026-03-01T13:00:00.000Z, which is not",
    );
  });

  test.each([
    [
      { status: 403, body: { stat: 'FAIL', code: 40301, message: 'Access forbidden' } },
      'grant "Grant read log"',
    ],
    ['throttle', 'Duo asks to wait: try again in two minutes.'],
    ['reset', 'read ECONNRESET; the simulator closed the connection. Try again.\n'],
  ] as const)('writes nothing after %j and says what to do', async (fault, said) => {
    simulator.fail(fault);
    expect(await put(json())).toMatchObject({ exitCode: 1, err: expect.stringContaining(said) });
    expect(written()).toEqual([]);
  });

  test('asks no other address than Duo or this machine', async () => {
    const { exitCode, err } = await put(json(), '', { DUO_API_URL: 'http://api.example.com' });
    expect([exitCode, err]).toEqual([
      2,
      'DUO_API_URL must be unset, or http:// on a loopback address for the simulator.\n',
    ]);
  });

  test('asks the log that is named, or none', async () => {
    expect((await put(json(), ' --log trust-monitor')).out).toContain('GET /admin/v1/trust_monitor/events');
    const before = simulator.requests.length;
    expect(await put(json({ skey: otherSecret }), ' --no-check')).toMatchObject({ exitCode: 0 });
    expect(simulator.requests.length).toBe(before);
    expect(await put(json(), ' --log gate')).toMatchObject({
      exitCode: 2,
      err: expect.stringMatching(/^There is no log type "gate"; there are .*activity, /),
    });
  });

  test("encrypts with the key that the stage's settings name", async () => {
    const key = 'arn:aws:kms:eu-west-1:123456789012:key/00000000-0000-4000-8000-000000000000';
    writeFileSync(join(folder, 'prod.yml'), `credentialsKmsKeyArn: ${key}\n`);
    process.env.SETTINGS_FOLDER = folder;
    const { exitCode } = await put(json());
    process.env.SETTINGS_FOLDER = '';
    expect([exitCode, ...written().map(({ KeyId }) => KeyId)]).toEqual([0, key, key, key]);
  });

  test('encrypts with the key that is named', async () => {
    const { exitCode } = await duo('credentials put --stage prod --kms-key alias/duo --file -', {
      standardInput: json(),
      env,
    });
    expect([exitCode, ...written().map(({ KeyId }) => KeyId)]).toEqual([0, ...Array(3).fill('alias/duo')]);
  });

  test('shows no key that SSM repeats, and says which permission is missing', async () => {
    const refusal = new Error(`Value '${skey}' of ${ikey} is refused`);
    ssm.on(PutParameterCommand, { Name: '/duo/prod/skey' }).rejects(refusal);
    const { exitCode, err } = await put(json());
    expect(exitCode).toBe(1);
    expect(err).toMatch(
      /^\/duo\/prod\/skey cannot be written: Error Value '…' of … is refused\. It needs ssm:PutParameter/,
    );
    expect(err).toContain('until all three are written, runs may fail');
  });

  test.each(['pro_d', '../prod', 'prod/x', '-x', 'Prod', ''])('refuses the stage "%s"', async (stage) => {
    const result = await duo(`credentials put --stage ${stage} --file -`, { env });
    expect(result).toMatchObject({
      exitCode: 2,
      err: expect.stringContaining('small letters, digits and hyphens'),
    });
  });
});

describe('credentials check', () => {
  const parameter = (name: string, Value: string, Type = 'SecureString') => ({
    Name: `/duo/prod/${name}`,
    Value,
    Type,
  });
  const stored = (...Parameters: object[]) => ssm.on(GetParametersCommand).resolves({ Parameters });
  const check = () => duo('credentials check --stage prod', { env });

  test('reads what is stored and tries it', async () => {
    stored(parameter('ikey', ikey), parameter('skey', skey), parameter('api-host', apiHost));
    expect(await check()).toEqual({
      exitCode: 0,
      out: `/duo/prod in eu-west-1 is complete, for ${apiHost}.\nDuo accepts it: it answered GET ${firstCursorLog}.\n`,
      err: '',
    });
    expect(written()).toEqual([]);
    const { out } = await duo('credentials check --stage prod --json', { env });
    expect(JSON.parse(out)).toEqual({
      stage: 'prod',
      region: 'eu-west-1',
      apiHost,
      answered: firstCursorLog,
    });
  });

  test('names what is missing or has another type', async () => {
    stored(parameter('ikey', ikey), parameter('skey', otherSecret, 'String'));
    const { exitCode, err } = await check();
    expect(exitCode).toBe(1);
    expect(err).toContain(
      'In eu-west-1: /duo/prod/api-host is missing; /duo/prod/skey is a String, not a SecureString (',
    );
    expect(err).not.toContain(otherSecret);
  });

  test('names what is malformed', async () => {
    stored(parameter('ikey', ikey), parameter('skey', skey), parameter('api-host', 'example.com'));
    expect((await check()).err).toContain('/duo/prod/api-host is not a Duo API host');
  });

  test.each([
    [
      [parameter('ikey', ikey)],
      null,
      'In eu-west-1: /duo/prod/api-host is missing; /duo/prod/skey is missing. ',
    ],
    [
      [parameter('ikey', ikey), parameter('skey', otherSecret), parameter('api-host', apiHost)],
      apiHost,
      'The secret key does not belong to this integration key.',
    ],
  ])('prints JSON of a problem as well (%#)', async (parameters, host, said) => {
    stored(...parameters);
    const { exitCode, out, err } = await duo('credentials check --stage prod --json', { env });
    const problem = expect.stringContaining(said);
    expect([exitCode, err]).toEqual([1, problem]);
    expect(JSON.parse(out)).toEqual({
      stage: 'prod',
      region: 'eu-west-1',
      apiHost: host,
      answered: null,
      problem,
    });
  });

  test.each([
    [
      'AWS lets nobody in',
      () => ssm.on(GetParametersCommand).rejects(new Error('not authorized')),
      {},
      null,
      'It needs ssm:GetParameters',
    ],
    [
      'Duo is not there',
      () => {},
      { DUO_API_URL: 'http://127.0.0.1:9' },
      apiHost,
      'is the simulator running',
    ],
    [
      'Duo breaks the connection off',
      () => simulator.fail('reset'),
      {},
      apiHost,
      'closed the connection. Try again.',
    ],
    ['Duo asks to wait', () => simulator.fail('throttle'), {}, apiHost, 'try again in two minutes'],
    [
      'the simulator is elsewhere',
      () => {},
      { DUO_API_URL: 'http://a.example.com' },
      apiHost,
      'DUO_API_URL must',
    ],
  ])('prints JSON where %s', async (_, happens, more, host, said) => {
    stored(parameter('ikey', ikey), parameter('skey', skey), parameter('api-host', apiHost));
    happens();
    const { exitCode, out, err } = await duo('credentials check --stage prod --json', {
      env: { ...env, ...more },
    });
    expect(exitCode).toBeGreaterThan(0);
    expect(err).toContain(said);
    expect(JSON.parse(out)).toEqual({
      stage: 'prod',
      region: 'eu-west-1',
      apiHost: host,
      answered: null,
      problem: expect.stringContaining(said),
    });
  });

  test('says what Duo refuses', async () => {
    stored(parameter('ikey', ikey), parameter('skey', otherSecret), parameter('api-host', apiHost));
    expect(await check()).toMatchObject({
      exitCode: 1,
      err: expect.stringContaining('The secret key does not belong'),
    });
  });

  test('says which permission is missing', async () => {
    ssm.on(GetParametersCommand).rejects(new Error('not authorized'));
    expect(await check()).toMatchObject({
      exitCode: 1,
      err: expect.stringContaining('It needs ssm:GetParameters'),
    });
  });
});
