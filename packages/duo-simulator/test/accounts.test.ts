import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  createDuoClient,
  listChildren,
  type SignableRequest,
  sign,
  signatureDate,
  systemClock,
} from 'duo-core';
import * as z from 'zod/mini';
import { pythonEnvironment } from '../../../tools/python';
import {
  type AccountSetup,
  accountListPath,
  createSimulator,
  findLogs,
  generate,
  simulatorCredentials,
} from '../src';

const hour = 3_600_000;
const own = { ikey: 'DIACMEACMEACMEACMEAC', skey: 'made-up-secret-of-acme-of-no-value-at-all' };
const accounts: readonly AccountSetup[] = [
  { name: 'acme', apiHost: 'api-acme.duosecurity.com', keys: own },
  { name: 'north', apiHost: 'api-north.duosecurity.com', accountId: 'DANORTHNORTHNORTH000' },
  {
    name: 'far',
    apiHost: 'api-far.duosecurity.com',
    accountId: 'DAFARFARFARFARFAR000',
    refuses: 'cross-deployment',
  },
  {
    name: 'part',
    apiHost: 'api-part.duosecurity.com',
    accountId: 'DAPARTPARTPARTPART00',
    refuses: ['telephony'],
  },
];

const now = Date.now();
let simulator: ReturnType<typeof createSimulator>;
let url: string;
let logs: Awaited<ReturnType<typeof findLogs>>;

beforeAll(async () => {
  logs = await findLogs();
  simulator = createSimulator({ logs, accounts });
  url = await simulator.listen();
  for (const { logType, samples } of logs)
    for (const [n, account] of [undefined, ...accounts.map(({ name }) => name)].entries()) {
      const span = { from: now - 2 * hour, to: now - hour };
      simulator
        .log(logType.name, account)
        .addAll(generate({ logType, samples, count: 5 + n, seed: n, ...span }));
    }
});

afterAll(() => simulator.close());

const telephony = '/admin/v2/logs/telephony';
const window = { mintime: String(now - 3 * hour), maxtime: String(now), sort: 'ts:asc' };
const page = z.object({ response: z.object({ items: z.array(z.unknown()) }) });

interface Asking {
  readonly method?: string;
  readonly path?: string;
  readonly params?: SignableRequest['params'];
  readonly keys?: typeof own;
  readonly host?: string;
  /** @default the simulator of all tests */
  readonly base?: string;
}

async function ask({ method = 'GET', path = telephony, params = window, ...by }: Asking) {
  const { keys = simulatorCredentials, host = simulatorCredentials.apiHost, base = url } = by;
  const { query, headers } = sign({ method, host, path, params }, keys, signatureDate(Date.now()));
  const answer = await fetch(`${base}${path}?${query}`, { method, headers });
  return { status: answer.status, body: await answer.json() };
}

describe('an account', () => {
  test('of its own keys shows its own records, and so does the simulator’s', async () => {
    const acme = await ask({ keys: own, host: 'api-acme.duosecurity.com' });
    expect(page.parse(acme.body).response.items).toHaveLength(6);
    expect(page.parse((await ask({})).body).response.items).toHaveLength(5);
    expect(simulator.requests.slice(-2).map(({ account }) => account)).toEqual(['acme', null]);
  });

  test('that is a child shows its records to the parent’s keys, at its own host', async () => {
    const params = { ...window, account_id: 'DANORTHNORTHNORTH000' };
    const north = await ask({ params, host: 'api-north.duosecurity.com' });
    expect(page.parse(north.body).response.items).toHaveLength(7);
    // At the parent's host, the signature is another one.
    expect(await ask({ params })).toMatchObject({ status: 401, body: { code: 40103 } });
  });

  test('that is no child is refused, and so is a child to other keys', async () => {
    const unknown = { params: { ...window, account_id: 'DANOBODYNOBODYNOBODY' } };
    expect(await ask(unknown)).toMatchObject({ status: 400, body: { message_detail: 'account_id' } });
    const others = { params: { ...window, account_id: 'DANORTHNORTHNORTH000' }, keys: own };
    expect(await ask({ ...others, host: 'api-north.duosecurity.com' })).toMatchObject({ status: 401 });
  });

  test('on another deployment refuses everything, and another one a log', async () => {
    const far = {
      params: { ...window, account_id: 'DAFARFARFARFARFAR000' },
      host: 'api-far.duosecurity.com',
    };
    expect(await ask(far)).toMatchObject({
      status: 400,
      body: { message_detail: expect.stringMatching(/^Cross-deployment Admin API usage/) },
    });
    const part = {
      params: { ...window, account_id: 'DAPARTPARTPARTPART00' },
      host: 'api-part.duosecurity.com',
    };
    expect(await ask(part)).toMatchObject({ status: 400, body: { message_detail: 'account_id' } });
    expect((await ask({ ...part, path: '/admin/v2/logs/activity' })).status).toBe(200);
  });

  test('has what it has published at a path of its own', async () => {
    const lines = async (path: string) =>
      (await (await fetch(`${url}/simulator/${path}.ndjson`)).text()).split('\n').length - 1;
    expect([await lines('telephony'), await lines('north/telephony')]).toEqual([5, 7]);
    expect((await fetch(`${url}/simulator/nobody/telephony.ndjson`)).status).toBe(404);
    expect(() => simulator.log('telephony', 'nobody')).toThrow('it has: acme, north, far, part');
  });

  test('without children has an empty list of them', async () => {
    const list = { method: 'POST', path: accountListPath, params: {}, keys: own };
    expect((await ask({ ...list, host: 'api-acme.duosecurity.com' })).body).toEqual({
      stat: 'OK',
      response: [],
    });
  });
});

test('one that throttles is asked too often all the time, and no other one is', async () => {
  const hosts = { busy: 'api-busy.duosecurity.com', calm: 'api-calm.duosecurity.com' };
  const two = createSimulator({
    logs,
    accounts: [
      { name: 'busy', apiHost: hosts.busy, keys: own, throttles: true },
      { name: 'calm', apiHost: hosts.calm, accountId: 'DACALMCALMCALMCALM00' },
    ],
  });
  const base = await two.listen();
  const child = { ...window, account_id: 'DACALMCALMCALMCALM00' };
  const statuses = [
    await ask({ base, keys: own, host: hosts.busy }),
    await ask({ base, keys: own, host: hosts.busy }),
    await ask({ base, params: child, host: hosts.calm }),
    await ask({ base }),
  ].map(({ status }) => status);
  await two.close();
  expect(statuses).toEqual([429, 429, 200, 200]);
});

test('the collector’s own client lists the children as well', async () => {
  const credentials = { source: 'the test', get: async () => simulatorCredentials, renew() {} };
  const duo = createDuoClient({ credentials, clock: systemClock, apiUrl: url });
  expect(await listChildren(duo, Date.now() + 10_000)).toEqual([
    { accountId: 'DANORTHNORTHNORTH000', apiHost: 'api-north.duosecurity.com', name: 'north' },
    { accountId: 'DAFARFARFARFARFAR000', apiHost: 'api-far.duosecurity.com', name: 'far' },
    { accountId: 'DAPARTPARTPARTPART00', apiHost: 'api-part.duosecurity.com', name: 'part' },
  ]);
});

test('Duo’s own Python client lists the children, and reads every log of each that is not refused', async () => {
  const python = pythonEnvironment(join(__dirname, '../../../.local'), 'duo_client==5.7.0');
  const asked = logs.map(({ logType: { name, path, paging } }) => [name, path, paging.style]);
  const { ikey, skey, apiHost } = simulatorCredentials;
  const { stdout } = await promisify(execFile)(python, [
    join(__dirname, 'read_child.py'),
    ...[url, ikey, skey, apiHost, window.mintime, window.maxtime, JSON.stringify(asked)],
  ]);
  const { children, read } = z
    .object({ children: z.unknown(), read: z.record(z.string(), z.record(z.string(), z.unknown())) })
    .parse(JSON.parse(stdout));
  expect(children).toEqual([
    { account_id: 'DANORTHNORTHNORTH000', api_hostname: 'api-north.duosecurity.com', name: 'north' },
    { account_id: 'DAFARFARFARFARFAR000', api_hostname: 'api-far.duosecurity.com', name: 'far' },
    { account_id: 'DAPARTPARTPARTPART00', api_hostname: 'api-part.duosecurity.com', name: 'part' },
  ]);
  for (const { logType } of logs) {
    const { north, far, part } = {
      north: read.DANORTHNORTHNORTH000?.[logType.name],
      far: read.DAFARFARFARFARFAR000?.[logType.name],
      part: read.DAPARTPARTPARTPART00?.[logType.name],
    };
    const texts = simulator.log(logType.name, 'north').published();
    const records = z.looseObject({}).safeParse(north).data?.[logType.records ?? ''] ?? north;
    expect(records).toEqual(texts.map((text) => JSON.parse(text)));
    expect(far).toMatch(/Cross-deployment/);
    expect(part).toEqual(
      logType.name === 'telephony' ? expect.stringMatching(/account_id/) : expect.anything(),
    );
  }
});
