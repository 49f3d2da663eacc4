import dns from 'node:dns';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { createServer as createTcpServer } from 'node:net';
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { type FakeClock, fakeClock, listen, noon } from 'duo-simulator';
import { createDuoClient, type DuoClient, type DuoClientOptions } from '../src/duo/duo-client';
import { canonicalQuery } from '../src/duo/signature';
import * as errors from '../src/errors';
import { selfSigned } from './support/self-signed';

const phone = '+15555550100';
const secret = 'made-up-secret-that-no-message-may-show';
const now = noon;
const date = new Date(now).toUTCString();

let server: Server;
let apiUrl: string;
let answer: (request: IncomingMessage, response: ServerResponse) => void;

beforeEach(async () => {
  server = createServer((request, response) => answer(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  apiUrl = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

const json =
  (status: number, body: unknown, headers = {}) =>
  (_request: IncomingMessage, response: ServerResponse) =>
    void response
      .writeHead(status, { 'Content-Type': 'application/json', Date: date, ...headers })
      .end(JSON.stringify(body));

function clientWith(changes: Partial<DuoClientOptions>, clock: FakeClock): DuoClient {
  return createDuoClient({
    credentials: {
      source: 'the test',
      get: async () => ({
        ikey: 'DIXXXXXXXXXXXXXXXXXX',
        skey: secret,
        apiHost: 'api-00000000.duosecurity.com',
      }),
      renew() {},
    },
    clock,
    apiUrl,
    ...changes,
  });
}

function ask(client: DuoClient, clock: FakeClock) {
  return client.get(
    { path: '/admin/v2/logs/x', records: 'items' },
    { sort: 'ts:asc', next_offset: '1,a' },
    clock.now() + 10_000,
  );
}

function get(changes: Partial<DuoClientOptions> = {}, clock = fakeClock(now)) {
  return ask(clientWith(changes, clock), clock);
}

/** The error of a request, after checking that it gives nothing away. */
async function failure(
  changes?: Partial<DuoClientOptions>,
  clock?: ReturnType<typeof fakeClock>,
): Promise<Error> {
  try {
    (await get(changes, clock)).read(() => {});
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    expect(`${error.message} ${String(error.cause)}`).not.toMatch(
      /made-up-secret|5555550100|Basic \w|DIXXXX|next_offset/,
    );
    return error;
  }
  throw new Error('the request did not fail');
}

describe('a request', () => {
  test("gives what response holds, its records' texts as they were sent, and Duo's own time", async () => {
    const text = `{"stat":"OK", "response":{"items":[{"n":1.0}]}}`;
    answer = (_request, response) => void response.setHeader('Date', date).end(text);
    const { date: sent, likely, read } = await get();
    const response = { items: [] };
    expect({ sent, likely }).toEqual({ sent: now, likely: response });
    expect(read((value, record) => [value, record])).toEqual({
      records: [[{ n: 1 }, '{"n":1.0}']],
      response,
    });
  });

  test('sends the query and the date as they were signed', async () => {
    let asked: IncomingMessage | undefined;
    answer = (request, response) => {
      asked = request;
      json(200, { stat: 'OK', response: [] })(request, response);
    };
    await get();
    expect(asked?.url).toBe(`/admin/v2/logs/x?${canonicalQuery({ sort: 'ts:asc', next_offset: '1,a' })}`);
    expect(asked?.headers).toMatchObject({
      date,
      authorization: expect.stringMatching(/^Basic /),
      accept: 'application/json',
    });
  });

  test('is dated and signed anew for every attempt', async () => {
    const dates: unknown[] = [];
    answer = (request, response) => {
      dates.push(request.headers.date);
      json(200, { stat: 'OK', response: [] })(request, response);
    };
    const clock = fakeClock(now);
    await get({}, clock);
    clock.advance(60_000);
    await get({}, clock);
    expect(dates).toEqual(['Sun, 01 Mar 2026 12:00:00 GMT', 'Sun, 01 Mar 2026 12:01:00 GMT']);
  });

  test('goes to the API host over https when there is no other URL', async () => {
    const asked: string[] = [];
    const lookup = (host: string, _options: unknown, done: (error: Error) => void) => {
      asked.push(host);
      done(Object.assign(new Error('getaddrinfo'), { code: 'ENOTFOUND' }));
    };
    const resolver = jest.spyOn(dns, 'lookup').mockImplementation(lookup as typeof dns.lookup);
    const error = await failure({ apiUrl: undefined });
    resolver.mockRestore();
    expect(asked).toEqual(['api-00000000.duosecurity.com']);
    expect(error.message).toBe(
      'GET https://api-00000000.duosecurity.com/admin/v2/logs/x: ENOTFOUND getaddrinfo',
    );
  });

  test('says nothing to a server that has no certificate', async () => {
    let heard = Buffer.alloc(0);
    const listener = createTcpServer((socket) => {
      socket.on('error', () => {});
      socket.once('data', (bytes) => {
        heard = bytes;
        socket.destroy();
      });
    });
    const url = await listen(listener);
    const error = await failure({ apiUrl: url.replace('http:', 'https:') });
    await new Promise((resolve) => listener.close(resolve));
    expect(error).toBeInstanceOf(errors.UnavailableError);
    // The first byte of TLS (RFC 8446, 5.1: handshake).
    expect(heard[0]).toBe(22);
    expect(heard.toString('latin1')).not.toMatch(/Basic|GET|next_offset/);
  });

  test('tells of each answer, also of one that is a failure', async () => {
    const told: unknown[] = [];
    answer = json(403, { stat: 'FAIL', code: 40301 });
    await failure({ onAnswer: ({ status, headers }) => told.push([status, headers.date]) });
    expect(told).toEqual([[403, date]]);
  });
});

describe('an answer that is a failure', () => {
  test.each([
    [
      400,
      { code: 40002, message: 'Invalid request parameters', message_detail: 'limit' },
      errors.BadRequestError,
      '400 40002 Invalid request parameters (limit)',
    ],
    [
      400,
      {
        code: 40002,
        message: 'Cross-deployment Admin API usage through Accounts API is currently not available',
      },
      errors.RefusedError,
      'Give this account an Admin API application of its own: npx pnpm duo accounts add <account> --stage <stage>',
    ],
    [
      401,
      { code: 40103, message: 'Invalid signature in request credentials' },
      errors.UnauthorizedError,
      '401 40103 Invalid signature',
    ],
    [403, { code: 40301, message: 'Access forbidden' }, errors.RefusedError, 'grant "Grant read log"'],
    [
      404,
      { code: 40401, message: 'Resource not found' },
      errors.RefusedError,
      'Duo does not serve this log, or no longer does',
    ],
    [410, {}, errors.RefusedError, '410 (no explanation): Duo does not serve this log, or no longer does'],
    [418, { code: 'a string', message: 7 }, errors.RefusedError, '418 (no explanation)'],
    [
      429,
      { code: 42901, message: 'Too Many Requests' },
      errors.ThrottledError,
      '429 42901 Too Many Requests',
    ],
    [
      500,
      { code: 50001, message: 'Unknown internal server error' },
      errors.UnavailableError,
      '500 50001 Unknown internal',
    ],
  ])('%d says what Duo said and what to do', async (status, body, kind, message) => {
    answer = json(status, { stat: 'FAIL', ...body });
    const error = await failure();
    expect(error).toBeInstanceOf(kind);
    expect(error.message).toContain(message);
    expect(error.message).toContain(`GET ${apiUrl}/admin/v2/logs/x: `);
  });

  test.each([
    [{ code: 40103 }, 40103],
    [{ code: '40103' }, 40103],
    [{ code: 'a string' }, undefined],
    [{}, undefined],
  ])('401 with %j has the code %p', async (body, code) => {
    answer = json(401, { stat: 'FAIL', ...body });
    expect(await failure()).toMatchObject({ name: 'UnauthorizedError', code });
  });

  test.each([
    [{ code: 42901, message: 'Too Many Requests' }, errors.ThrottledError, ': 429 42901 Too Many Requests'],
    [{ code: '42901' }, errors.ThrottledError, ': 429 42901'],
    [
      { code: 50001, message: 'Unknown internal server error' },
      errors.UnavailableError,
      ': 500 50001 Unknown',
    ],
  ])('200 with a failure that passes is that failure: %j', async (body, kind, message) => {
    answer = json(200, { stat: 'FAIL', ...body });
    const error = await failure();
    expect(error).toBeInstanceOf(kind);
    expect(error.message).toContain(message);
  });

  test.each([
    ['7', 7_000],
    ['0', 0],
    ['86400', 86_400_000],
    ['Sun, 01 Mar 2026 12:00:30 GMT', 30_000],
    ['Sun, 01 Mar 2026 11:59:00 GMT', 0],
    ['Mon, 01 Mar 2026 12:00:30 GMT', undefined],
    ['2026-03-01T12:00:30Z', undefined],
    ['try 5', undefined],
    ['-5', undefined],
    ['1.5', undefined],
    ['5, 7', undefined],
    ['', undefined],
  ])('429 with the Retry-After %j asks to wait %p ms', async (retryAfter, wait) => {
    answer = json(429, { stat: 'FAIL', code: 42901 }, { 'Retry-After': retryAfter });
    const clock = fakeClock(now + 20_000);
    expect(await failure({}, clock)).toMatchObject({ name: 'ThrottledError', retryAfter: wait });
  });

  test('429 without a Retry-After, or with a date and none to compare it with, asks for no time', async () => {
    answer = json(429, { stat: 'FAIL', code: 42901 });
    expect(await failure()).toMatchObject({ name: 'ThrottledError', retryAfter: undefined });
    answer = (request, response) => {
      response.sendDate = false;
      response.writeHead(429, { 'Retry-After': 'Sun, 01 Mar 2026 12:00:30 GMT' }).end();
      request.resume();
    };
    expect(await failure()).toMatchObject({ name: 'ThrottledError', retryAfter: undefined });
  });

  test('a throttle with the status 200 asks for a time as one with 429 does', async () => {
    answer = json(200, { stat: 'FAIL', code: 42901 }, { 'Retry-After': '7' });
    expect(await failure()).toMatchObject({ name: 'ThrottledError', retryAfter: 7_000 });
  });

  test('429 says how long before the request its client had made another one, whatever came of that', async () => {
    const clock = fakeClock(now);
    const client = clientWith({}, clock);
    const throttled = { name: 'ThrottledError' };
    answer = json(429, { stat: 'FAIL', code: 42901 });
    await expect(ask(client, clock)).rejects.toMatchObject({
      ...throttled,
      sinceLast: Number.POSITIVE_INFINITY,
    });
    clock.advance(12_000);
    await expect(ask(client, clock)).rejects.toMatchObject({ ...throttled, sinceLast: 12_000 });
    answer = (_request, response) => void response.destroy();
    clock.advance(90_000);
    await expect(ask(client, clock)).rejects.toThrow(errors.UnavailableError);
    answer = json(429, { stat: 'FAIL', code: 42901 });
    clock.advance(1_000);
    await expect(ask(client, clock)).rejects.toMatchObject({ ...throttled, sinceLast: 1_000 });
  });

  test('408 is tried again later', async () => {
    answer = (_request, response) => void response.writeHead(408).end();
    expect(await failure()).toBeInstanceOf(errors.UnavailableError);
  });

  test.each([
    [403, '<html>Blocked by example.com</html>'],
    [403, '{"error":"blocked"}'],
    [404, 'not found'],
  ])("%d that is not Duo's own is told apart: %s", async (status, body) => {
    answer = (_request, response) => void response.writeHead(status).end(body);
    const error = await failure();
    expect(error).toBeInstanceOf(errors.RefusedError);
    expect(error.message).toContain(
      "this answer is not Duo's own; find out which proxy or firewall is in between",
    );
    expect(error.message).not.toContain('Admin Panel');
  });

  test('502 with HTML is told by its status', async () => {
    answer = (_request, response) => void response.writeHead(502).end('<html>Bad Gateway</html>');
    const error = await failure();
    expect(error).toBeInstanceOf(errors.UnavailableError);
    expect(error.message).toContain('502 (no explanation)');
  });

  test('what something in between says is cut short and repeats no key, signature or phone number', async () => {
    answer = (request, response) =>
      json(400, {
        message: `bad ${request.headers.authorization} of DIXXXXXXXXXXXXXXXXXX for ${phone}`,
        message_detail: 'x '.repeat(999),
      })(request, response);
    const error = await failure();
    expect(error.message).toContain('400 bad Basic … of … for … ');
    expect(error.message.length).toBeLessThan(300);
  });

  test('a page of HTML that is larger than an answer may be is still told by its status', async () => {
    answer = (_request, response) => void response.writeHead(502).end('x'.repeat(1_000));
    const error = await failure({ maxResponseBytes: 10 });
    expect(error).toBeInstanceOf(errors.UnavailableError);
  });

  test('a redirect is not followed, since the signature would go with it', async () => {
    let requests = 0;
    answer = (_request, response) => {
      requests++;
      response.writeHead(302, { Location: `${apiUrl}/elsewhere` }).end();
    };
    const error = await failure();
    expect(error).toBeInstanceOf(errors.RefusedError);
    expect(error.message).toContain('the collector never follows a redirect');
    expect(requests).toBe(1);
  });

  test.each([
    ['stat FAIL with 200', { stat: 'FAIL', code: 40001, message: 'Missing required request parameters' }],
    ['no response', { stat: 'OK' }],
    ['no object', []],
  ])('%s is not taken for a success', async (_what, body) => {
    answer = json(200, body);
    expect(await failure()).toBeInstanceOf(errors.UnexpectedResponseError);
  });

  test('an answer without a date cannot be checked against this clock', async () => {
    answer = (_request, response) => {
      response.sendDate = false;
      response.end('{"stat":"OK","response":[]}');
    };
    expect((await failure()).message).toContain('no readable Date header');
  });
});

describe('an answer with a byte that is no UTF-8', () => {
  const bytes = (text: string) => Buffer.from(text, 'latin1');
  const envelope = (items: string) => `{"stat":"OK","response":{"items":[${items}]}}`;

  test.each([
    [
      'in a record',
      envelope('{"n":1}, {"name":"M\xfcller"}'),
      '0xFC at offset 53 of the answer, in its record 2,',
    ],
    [
      'that begins a character',
      envelope('{"name":"a\xc3"}'),
      '0xC3 at offset 44 of the answer, in its record 1,',
    ],
    [
      'behind characters that are',
      `\xef\xbb\xbf${envelope('{"a":"\xef\xbf\xbd\xff"}')}`,
      '0xFF at offset 46',
    ],
    [
      'outside of the records',
      '{"stat":"OK","note":"\xe9","response":{"items":[]}}',
      '0xE9 at offset 21 of the answer, outside of its records,',
    ],
    ['of a failure', '{"stat":"FAIL","code":50001,"message":"\xe9"}', '0xE9 at offset 39'],
  ])('says where it is, and is not tried again: %s', async (_what, text, where) => {
    answer = (_request, response) => void response.end(bytes(text));
    const error = await failure();
    expect(error).toBeInstanceOf(errors.UnexpectedResponseError);
    expect(error.message).toContain(`the byte ${where}`);
    expect(error.message).toContain('is not UTF-8');
  });

  test('is read where a byte order mark stands before it, and nothing else is wrong', async () => {
    answer = (_request, response) =>
      void response.setHeader('Date', date).end(`\ufeff${envelope('{"n":1}')}`);
    expect((await get()).read((_value, text) => text).records).toEqual(['{"n":1}']);
  });
});

describe('an answer that cannot be read', () => {
  test.each([
    ['HTML', '<html>a login page</html>'],
    ['cut off', `{"stat":"OK","response":{"items":[{"phone":"${phone}"`],
    ["not UTF-8, and not Duo's either", Buffer.from([0x22, 0xff, 0x22])],
    ['empty', ''],
  ])('because it is %s is tried again later, and nothing of it is quoted', async (_what, body) => {
    answer = (_request, response) => void response.end(body);
    const error = await failure();
    expect(error).toBeInstanceOf(errors.UnavailableError);
    expect(error.message).toContain('is not JSON; is a proxy in between?');
  });

  test.each([
    [
      'broken off',
      (response: ServerResponse) =>
        void response.writeHead(200, { 'Content-Length': 100 }).write('{"stat"', () => response.destroy()),
    ],
    ['refused', (response: ServerResponse) => void response.destroy()],
  ])('because the connection was %s is tried again later', async (_what, breakOff) => {
    answer = (_request, response) => breakOff(response);
    const error = await failure();
    expect(error).toBeInstanceOf(errors.UnavailableError);
    expect(error.message).toMatch(
      /ECONNRESET (aborted|socket hang up); the simulator closed the connection$/,
    );
  });

  test('because nobody here trusts the other side is not tried again, and says how to trust it', async () => {
    const company = createTlsServer(selfSigned, (_request, response) => void response.end());
    const apiUrl = (await listen(company)).replace('http:', 'https:');
    const error = await failure({ apiUrl });
    company.close();
    expect(error).toBeInstanceOf(errors.RefusedError);
    expect(error.message).toBe(
      `GET ${apiUrl}/admin/v2/logs/x: DEPTH_ZERO_SELF_SIGNED_CERT self-signed certificate: this machine does not trust the authority that issued that certificate. If a proxy in between has its own certificate, as in many companies, set NODE_EXTRA_CA_CERTS to the file with the certificate of its authority (docs/networks.md)`,
    );
  });

  test('because nobody listens says so, and how to start the simulator', async () => {
    await new Promise((resolve) => server.close(resolve));
    expect((await failure()).message).toMatch(
      /: connect ECONNREFUSED .*; is the simulator running \(npx pnpm simulate\)\?$/,
    );
  });

  test('because it is larger than allowed is an error of its own, also when it is compressed', async () => {
    const { gzipSync } = await import('node:zlib');
    const large = JSON.stringify({ stat: 'OK', response: ' '.repeat(100_000) });
    answer = (_request, response) =>
      void response.writeHead(200, { 'Content-Encoding': 'gzip' }).end(gzipSync(large));
    const error = await failure({ maxResponseBytes: 99_999 });
    expect(error).toBeInstanceOf(errors.ResponseTooLargeError);
    expect(error.message).toContain('the answer is larger than 99999 bytes');
  });

  test.each([
    ['nothing', () => {}],
    ['only a part', (response: ServerResponse) => void response.writeHead(200).write('{')],
  ])('because %s of it arrives in time is given up', async (_what, stall) => {
    const clock = fakeClock(now);
    answer = (_request, response) => {
      stall(response);
      setImmediate(() => clock.advance(10_000));
    };
    const error = await failure({}, clock);
    expect(error).toBeInstanceOf(errors.UnavailableError);
    expect(error.message).toContain('no complete answer within 10 s');
  });
});
