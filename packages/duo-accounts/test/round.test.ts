import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InvokeCommand, LambdaClient, ResourceNotFoundException } from '@aws-sdk/client-lambda';
import { GetParametersByPathCommand, GetParametersCommand, SSMClient } from '@aws-sdk/client-ssm';
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { mockClient } from 'aws-sdk-client-mock';
import { createDirectoryStore, firstCheckpoint, type Store, saveCheckpoint } from 'duo-core';
import { type AccountSetup, createSimulator, fakeClock, noon, simulatorCredentials } from 'duo-simulator';
import { createStarter, isTurn } from '../src';

const minute = 60_000;
const hour = 60 * minute;
const ssm = mockClient(SSMClient);
const lambda = mockClient(LambdaClient);
let root: string;
let store: Store;
let metrics: Record<string, unknown>[];
let lines: Record<string, unknown>[];

beforeEach(() => {
  // Powertools then prints with the console that a test can listen to.
  Object.assign(process.env, { POWERTOOLS_DEV: 'true', POWERTOOLS_METRICS_DISABLED: 'false' });
  ssm.reset();
  lambda.reset();
  root = mkdtempSync(join(tmpdir(), 'duo-accounts-'));
  store = createDirectoryStore(root);
  metrics = [];
  lines = [];
  for (const method of ['log', 'info', 'warn', 'error'] as const)
    jest.spyOn(console, method).mockImplementation((text: unknown) => {
      const line = JSON.parse(String(text));
      if ('_aws' in line) metrics.push(line);
      else lines.push(line);
    });
});

afterEach(() => {
  jest.restoreAllMocks();
  rmSync(root, { recursive: true });
});

const names = Array.from({ length: 40 }, (_, n) => `account-${n}`);
const env = {
  STORE_URL: 's3://example',
  DUO_CREDENTIALS: 'ssm:/duo/prod',
  STAGE: 'prod',
  LOG_TYPES: 'telephony,activity',
};
const context = { getRemainingTimeInMillis: () => 55_000 };

/** Accounts as SSM lists them, ten parameters a page. */
function listed(accounts: readonly string[], since = noon - 24 * hour) {
  const parameters = accounts.flatMap((name) =>
    ['api-host', 'ikey', 'skey'].map((part) => ({
      Name: `/duo/prod/accounts/${name}/${part}`,
      LastModifiedDate: new Date(since),
    })),
  );
  ssm.on(GetParametersByPathCommand).callsFake(async ({ NextToken = '0' }) => {
    const from = Number(NextToken);
    const next = from + 10 < parameters.length ? { NextToken: String(from + 10) } : {};
    return { Parameters: parameters.slice(from, from + 10), ...next };
  });
}

function round(at = noon) {
  const clock = fakeClock(at);
  return createStarter({ env, clock, store })({ at: new Date(at).toISOString() }, context);
}

const invoked = () =>
  lambda.commandCalls(InvokeCommand).map(({ args: [{ input }] }) => ({
    name: input.FunctionName,
    type: input.InvocationType,
    event: JSON.parse(String(input.Payload)),
  }));

async function saved(account: string, watermark: number, logType = 'telephony') {
  const clock = fakeClock(noon);
  const checkpoint = { ...firstCheckpoint({ logType, account }, watermark, noon), by: 'run/1' };
  await saveCheckpoint(store, checkpoint, null, { clock, random: () => 0 });
}

describe('within five minutes, each account', () => {
  test('is started once in each log, and within fifteen it is reconciled once', async () => {
    listed(names);
    lambda.on(InvokeCommand).resolves({ StatusCode: 202 });
    for (let n = 0; n < 15; n++) await round(noon + n * minute);
    const counts = new Map<string, number>();
    for (const { name, event } of invoked()) {
      const key = `${name} ${event.account}`;
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
    const expected = names.flatMap((account) =>
      ['telephony', 'activity'].flatMap((logType): [string, number][] => [
        [`duo-${logType}-prod-collect ${account}`, 3],
        [`duo-${logType}-prod-reconcile ${account}`, 1],
      ]),
    );
    expect(new Map([...counts].sort())).toEqual(new Map(expected.sort()));
    expect(new Set(invoked().map(({ type }) => type))).toEqual(new Set(['Event']));
  });

  test('has its turn in a minute that its name says, as evenly as many are', () => {
    const many = Array.from({ length: 500 }, (_, n) => `customer-${n}`);
    const shares = [0, 1, 2, 3, 4].map(
      (n) => many.filter((name) => isTurn(name, noon + n * minute, 5)).length,
    );
    expect(shares.reduce((sum, one) => sum + one)).toBe(500);
    for (const share of shares) expect(Math.abs(share - 100)).toBeLessThan(30);
    expect(many.every((name) => isTurn(name, noon, 5) === isTurn(name, noon + 59_999, 5))).toBe(true);
  });
});

test('the minute is the one that the schedule has meant', async () => {
  listed(names);
  lambda.on(InvokeCommand).resolves({ StatusCode: 202 });
  await createStarter({ env, clock: fakeClock(noon + 61_000), store })(
    { at: new Date(noon).toISOString() },
    context,
  );
  const turn = names.filter((name) => isTurn(name, noon, 5));
  expect(new Set(invoked().map(({ event }) => event.account))).toEqual(
    new Set([...turn, ...names.filter((name) => isTurn(name, noon, 15))]),
  );
});

test('a log type that is not deployed is left out, and asked for no more in the round', async () => {
  listed(names);
  lambda.on(InvokeCommand).callsFake(async ({ FunctionName }) => {
    if (!FunctionName.startsWith('duo-activity')) return { StatusCode: 202 };
    throw new ResourceNotFoundException({ message: 'Function not found', $metadata: {} });
  });
  const { failures } = await round();
  expect(failures).toBe(0);
  expect(metrics.map(({ log_type }) => log_type)).toEqual([undefined, 'telephony']);
});

test('what Lambda does not take stops nobody else, and fails the round at its end', async () => {
  listed(names);
  const [first = ''] = names.filter((name) => isTurn(name, noon, 5));
  lambda.on(InvokeCommand).callsFake(async ({ Payload }) => {
    if (!String(Payload).includes(`"${first}"`)) return { StatusCode: 202 };
    throw Object.assign(new Error('Rate exceeded'), { name: 'TooManyRequestsException' });
  });
  await expect(round()).rejects.toThrow(
    /functions were not started: duo-\w+-prod-collect was not started for account-/,
  );
  const turn = names.filter((name) => isTurn(name, noon, 5));
  expect(new Set(invoked().map(({ event }) => event.account)).size).toBeGreaterThanOrEqual(turn.length);
});

describe('how the accounts stand', () => {
  const [one = '', two = '', three = ''] = names.filter((name) => isTurn(name, noon, 5));
  const few = [one, two, three];

  beforeEach(() => {
    lambda.on(InvokeCommand).resolves({ StatusCode: 202 });
  });

  test('is published of all and of each log, without an account as a dimension', async () => {
    listed(few);
    const now = Date.now();
    for (const logType of ['telephony', 'activity']) {
      await saved(one, now - 2 * minute, logType);
      await saved(two, now - 90 * minute, logType);
    }
    await saved(three, now - 3 * hour);
    await createStarter({ env, clock: fakeClock(now), store })({ at: new Date(noon).toISOString() }, context);
    const figures = metrics.map(({ log_type, WorstBehindSeconds, AccountsBehind, AccountsFailing }) => [
      log_type,
      Math.round(Number(WorstBehindSeconds) / 60),
      AccountsBehind,
      AccountsFailing,
    ]);
    expect(figures).toEqual([
      [undefined, 180, 3, 1],
      ['telephony', 180, 2, 0],
      ['activity', 90, 1, 1],
    ]);
    expect(JSON.stringify(metrics)).not.toContain(two);
    const told = lines.map(({ message }) => message);
    expect(told).toContain(`telephony of ${three} is 180 minutes behind`);
    expect(told).toContain(`activity of ${three}: no run has saved anything yet`);
  });

  test('is not failing of one that was added just now', async () => {
    listed([one], Date.now() - minute);
    await createStarter({ env, clock: fakeClock(Date.now()), store })(
      { at: new Date(noon).toISOString() },
      context,
    );
    expect(metrics[0]).toMatchObject({ AccountsFailing: 0 });
  });

  test('is failing where nothing was saved for twenty minutes, and where a checkpoint cannot be read', async () => {
    listed([one, two]);
    await saved(one, Date.now() - minute);
    await store.put(`state/telephony/accounts/${two}.json`, Buffer.from('{'), 'absent');
    const clock = fakeClock(Date.now() + 21 * minute);
    await createStarter({ env, clock, store })({ at: new Date(noon).toISOString() }, context);
    expect(metrics[1]).toMatchObject({ log_type: 'telephony', AccountsFailing: 2 });
    expect(lines.map(({ message }) => message)).toContainEqual(
      expect.stringMatching(`telephony of ${one}: nothing was saved for 2[12] minutes`),
    );
    expect(lines.map(({ message }) => message)).toContainEqual(expect.stringMatching('not JSON, or cut off'));
  });
});

describe('the children of the parent account', () => {
  const accounts: AccountSetup[] = [
    { name: 'north', apiHost: 'api-north.duosecurity.com', accountId: 'DANORTHNORTHNORTH000' },
    { name: 'Other "Co"', apiHost: 'api-other.duosecurity.com', accountId: 'DAOTHEROTHEROTHER000' },
  ];
  const { ikey, skey, apiHost } = simulatorCredentials;
  let simulator: ReturnType<typeof createSimulator>;
  let clock: ReturnType<typeof fakeClock>;
  let starter: ReturnType<typeof createStarter>;

  beforeEach(async () => {
    clock = fakeClock(noon);
    simulator = createSimulator({ logs: [], accounts, now: clock.now });
    const apiUrl = await simulator.listen();
    lambda.on(InvokeCommand).resolves({ StatusCode: 202 });
    const ids = { north: 'DANORTHNORTHNORTH000', gone: 'DAGONEGONEGONEGONE00' };
    ssm.on(GetParametersByPathCommand).resolves({
      Parameters: Object.entries(ids).map(([name, Value]) => ({
        Name: `/duo/prod/accounts/${name}/account-id`,
        Value,
        LastModifiedDate: new Date(noon),
      })),
    });
    ssm.on(GetParametersCommand).resolves({
      Parameters: Object.entries({ ikey, skey, 'api-host': apiHost }).map(([part, Value]) => ({
        Name: `/duo/prod/parent/${part}`,
        Value,
      })),
    });
    starter = createStarter({ env: { ...env, DUO_API_URL: apiUrl }, clock, store });
  });
  afterEach(() => simulator.close());

  test('are compared with the accounts once an hour, and what differs is told', async () => {
    for (let n = 0; n < 3; n++) await starter({}, context);
    expect(simulator.requests).toHaveLength(1);
    expect(lines).toContainEqual(
      expect.objectContaining({
        message: "of the parent account's children, 1 is not collected",
        children: ['DAOTHEROTHEROTHER000 Other "Co"'],
      }),
    );
    expect(lines.map(({ message }) => message)).toContain(
      'gone is no child of the parent account any more: there is no DAGONEGONEGONEGONE00',
    );
    clock.advance(hour);
    await starter({}, context);
    expect(simulator.requests).toHaveLength(2);
  });

  test('that cannot be had stop nothing, and the parameter is named', async () => {
    ssm.on(GetParametersCommand).resolves({ Parameters: [] });
    expect(await starter({}, context)).toMatchObject({ failures: 0 });
    expect(lines.map(({ message }) => message)).toContainEqual(
      expect.stringMatching(/children are not known: missing SSM parameters \/duo\/prod\/parent\/ikey/),
    );
  });
});

describe('bad input', () => {
  test('that no account can be called so names the parameter', async () => {
    ssm.on(GetParametersByPathCommand).resolves({ Parameters: [{ Name: '/duo/prod/accounts/Big Co/ikey' }] });
    await expect(round()).rejects.toThrow(
      '/duo/prod/accounts/Big Co/ikey: no account can be called "Big Co"',
    );
  });

  test('that SSM refuses names the permission', async () => {
    ssm
      .on(GetParametersByPathCommand)
      .rejects(Object.assign(new Error('no'), { name: 'AccessDeniedException' }));
    await expect(round()).rejects.toThrow('grant ssm:GetParametersByPath on /duo/prod/accounts/');
  });

  test('that the environment lacks is named', async () => {
    const starter = createStarter({ env: { ...env, LOG_TYPES: '' }, clock: fakeClock(noon), store });
    await expect(starter({}, context)).rejects.toThrow('STAGE and LOG_TYPES must be set');
  });
});
