import https from 'node:https';
import { connect } from 'node:net';
import { join } from 'node:path';
import { Client, SIGNATURE_VERSION_2, SIGNATURE_VERSION_5 } from '@duosecurity/duo_api';
import { afterEach, expect, test } from '@jest/globals';
import type { LogType, Paging } from 'duo-core';
import * as z from 'zod/mini';
import { createSimulator, findLogs, generate, simulatorCredentials } from '../src';

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

/** Asks a log with these parameters and resolves to the `response`. */
type Ask = (params: Record<string, string>) => Promise<unknown>;

const success = z.object({ stat: z.literal('OK'), response: z.unknown() });

function asker(client: Client, { path }: LogType): Ask {
  return (params) =>
    new Promise((resolve, reject) => {
      client.jsonApiCall('GET', path, params, (answer) => {
        const result = success.safeParse(answer);
        if (result.success) resolve(result.data.response);
        else reject(new Error(`no page: ${JSON.stringify(answer)}`));
      });
    });
}

/** What a client of each style asks for, from the first page to the end. Times are milliseconds. */
const readers: Record<Paging['style'], (ask: Ask, logType: LogType, span: Span) => Promise<unknown[]>> = {
  cursor: (ask, { records, paging }, span) =>
    follow(
      (cursor) =>
        ask({ ...window(span, paging.limit), sort: 'ts:asc', ...(cursor && { next_offset: cursor }) }),
      records,
    ),
  offset: (ask, { records, paging }, span) =>
    follow((cursor) => ask({ ...window(span, paging.limit), ...(cursor && { offset: cursor }) }), records),
  time: readSeconds,
};

type Span = { readonly from: number; readonly to: number };

const window = ({ from, to }: Span, limit: number) => ({
  mintime: String(from),
  maxtime: String(to),
  limit: String(limit),
});

const nextOffset = z.nullish(z.union([z.string(), z.array(z.string()), z.int()]));

/** Follows `next_offset` to the page that has none. */
async function follow(ask: (cursor: string) => Promise<unknown>, records = ''): Promise<unknown[]> {
  const page = z.looseObject({ metadata: z.object({ next_offset: nextOffset }) });
  const all: unknown[] = [];
  let cursor = '';
  do {
    const answer = page.parse(await ask(cursor));
    all.push(...z.array(z.unknown()).parse(answer[records]));
    cursor = [answer.metadata.next_offset ?? ''].flat().join(',');
  } while (cursor !== '');
  return all;
}

/** Reads the last second of each page again, until nothing new comes. Equal records are told apart by their number. */
async function readSeconds(ask: Ask, { time }: LogType, { from }: Span): Promise<unknown[]> {
  const page = z.array(z.looseObject({ [time.field]: z.int() }));
  const all: z.infer<typeof page> = [];
  const seen = new Set<string>();
  for (let mintime = Math.floor(from / 1000); ; ) {
    const records = page.parse(await ask({ mintime: String(mintime) }));
    const copies = new Map<string, number>();
    const fresh = records.filter((record) => {
      const text = JSON.stringify(record);
      const copy = (copies.get(text) ?? 0) + 1;
      copies.set(text, copy);
      const isFresh = !seen.has(`${copy} ${text}`);
      seen.add(`${copy} ${text}`);
      return isFresh;
    });
    if (fresh.length === 0) return all;
    all.push(...fresh);
    mintime = Number(fresh.at(-1)?.[time.field]);
  }
}

test.each([
  ['version 5', SIGNATURE_VERSION_5],
  ['version 2', SIGNATURE_VERSION_2],
])(
  'Duo’s own client, signing with %s, reads every record of every log once',
  async (_, version) => {
    const found = await findLogs(join(__dirname, '../../../services'));
    // The client signs with the machine's time, so the simulator has to go by it, too.
    const span = { from: Date.now() - 7_200_000, to: Date.now() - 600_000 };
    const simulator = createSimulator({ logs: found });
    for (const { logType, samples } of found) {
      simulator.log(logType.name).addAll(generate({ logType, samples, count: 2500, seed: 3, ...span }));
    }
    leadTo(await simulator.listen());
    const { ikey, skey, apiHost } = simulatorCredentials;
    const client = new Client(ikey, skey, apiHost, version);

    for (const { logType } of found) {
      const { name, paging } = logType;
      const received = await readers[paging.style](asker(client, logType), logType, span);
      const published = simulator
        .log(name)
        .published()
        .map((text): unknown => JSON.parse(text));
      expect({ name, received }).toEqual({ name, received: published });
      expect(received).toHaveLength(2500);
    }
    await simulator.close();
    expect(found.length).toBeGreaterThan(0);
    expect(simulator.requests.every(({ status }) => status === 200)).toBe(true);
  },
  60_000,
);
