import https from 'node:https';
import { connect } from 'node:net';
import { join } from 'node:path';
import { Client, SIGNATURE_VERSION_2, SIGNATURE_VERSION_5 } from '@duosecurity/duo_api';
import { afterEach, expect, test } from '@jest/globals';
import * as z from 'zod/mini';
import { createSimulator, findLogs, generate, type PageForm, simulatorCredentials } from '../src';

const usualAgent = https.globalAgent;
afterEach(() => {
  https.globalAgent = usualAgent;
});

/**
 * Duo's client speaks only https, to the API host, with Duo's CAs pinned. It leaves the connection to Node's global
 * https agent, so that is where it is led to the simulator: to the loopback, without TLS. All else is the client's
 * own: its requests, its Host header and its signatures, which the simulator verifies.
 */
function leadTo(url: string) {
  const port = Number(new URL(url).port);
  https.globalAgent = Object.assign(new https.Agent(), {
    createConnection: () => connect(port, '127.0.0.1'),
  });
}

const page = z.object({
  stat: z.literal('OK'),
  response: z.object({
    items: z.array(z.unknown()),
    metadata: z.object({ next_offset: z.nullish(z.union([z.string(), z.array(z.string())])) }),
  }),
});

type Answer = z.infer<typeof page>['response'];

function askFor(client: Client, path: string, params: Record<string, string>): Promise<Answer> {
  return new Promise((resolve, reject) => {
    client.jsonApiCall('GET', path, params, (answer) => {
      const result = page.safeParse(answer);
      if (result.success) resolve(result.data.response);
      else reject(new Error(`no page: ${JSON.stringify(answer)}`));
    });
  });
}

function nextCursor({ metadata: { next_offset } }: Answer): string | null {
  return next_offset === undefined || next_offset === null ? null : [next_offset].flat().join(',');
}

test.each<[string, number, PageForm]>([
  ['version 5', SIGNATURE_VERSION_5, {}],
  ['version 2', SIGNATURE_VERSION_2, { cursorForm: 'array', ending: 'null' }],
])('Duo’s own client, signing with %s, reads every telephony record', async (_, version, form) => {
  const found = await findLogs(join(__dirname, '../../../services'));
  const telephony = found.find(({ logType }) => logType.name === 'telephony');
  if (telephony === undefined) throw new Error('there is no telephony service');
  const { logType, samples } = telephony;
  // The client signs with the machine's time, so the simulator has to go by it, too.
  const [from, to] = [Date.now() - 7_200_000, Date.now() - 600_000];
  const simulator = createSimulator({ logs: [{ logType, ...form }] });
  const records = generate({ logType, samples, count: 2500, seed: 3, from, to });
  simulator.log('telephony').addAll(records);
  leadTo(await simulator.listen());
  const { ikey, skey, apiHost } = simulatorCredentials;
  const client = new Client(ikey, skey, apiHost, version);

  const received: unknown[] = [];
  const params = { mintime: String(from), maxtime: String(to), limit: '1000', sort: 'ts:asc' };
  let cursor: string | null = '';
  while (cursor !== null) {
    const answer = await askFor(
      client,
      logType.path,
      cursor === '' ? params : { ...params, next_offset: cursor },
    );
    received.push(...answer.items);
    cursor = nextCursor(answer);
  }
  await simulator.close();

  expect(received).toEqual(
    simulator
      .log('telephony')
      .published()
      .map((text) => JSON.parse(text)),
  );
  expect(received).toHaveLength(2500);
  expect(simulator.requests.every(({ status }) => status === 200)).toBe(true);
});
