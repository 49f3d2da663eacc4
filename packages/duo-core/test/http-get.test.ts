import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTcpServer, type Socket } from 'node:net';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { listen } from 'duo-simulator';
import { describeHttpFailure, httpRequest } from '../src/duo/http-get';

let server: Server;
let url: string;
let connections: number;
let others: (() => void)[];
let answer: (request: IncomingMessage, response: ServerResponse) => void;

beforeEach(async () => {
  connections = 0;
  others = [];
  server = createServer((request, response) => answer(request, response)).on('connection', () => {
    connections += 1;
  });
  url = await listen(server);
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
  for (const close of others) close();
});

/** A server that does with a connection what HTTP has no words for. */
async function bare(serve: (socket: Socket) => void): Promise<string> {
  const other = createTcpServer((socket) => {
    others.push(() => socket.destroy());
    serve(socket.on('error', () => {}));
  });
  others.push(() => other.close());
  return listen(other);
}

const get = (to = url, most = 1_000) =>
  httpRequest(to, { headers: {}, most, signal: new AbortController().signal });
const failure = async (asked = get()) =>
  describeHttpFailure(
    await asked.then(
      () => 'it did not fail',
      (error: unknown) => error,
    ),
  );
const answers =
  (body: Buffer | string, headers: Record<string, string> = {}, status = 200) =>
  (_request: IncomingMessage, response: ServerResponse) =>
    void response.writeHead(status, headers).end(body);

test('a server that asks for another protocol is a failure, and nobody waits for ever', async () => {
  const to = await bare((socket) => {
    socket.once('data', () =>
      socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n'),
    );
  });
  expect(await failure(get(to))).toBe('the connection was closed without an answer');
});

describe('an answer', () => {
  test('is its status, its headers and its bytes', async () => {
    answer = answers('{"n":1.0}', { 'Retry-After': '7' }, 429);
    const { status, headers, body } = await get();
    expect([status, headers['retry-after'], String(body)]).toEqual([429, '7', '{"n":1.0}']);
  });

  test.each([204, 304])('that has no body has an empty one: %d', async (code) => {
    answer = answers('', {}, code);
    const { status, body } = await get();
    expect([status, body?.length]).toEqual([code, 0]);
  });

  test.each([
    ['gzip', gzipSync],
    ['X-GZIP', gzipSync],
    ['deflate', deflateSync],
  ])('that is compressed (%s) is decompressed', async (encoding, compress) => {
    answer = answers(compress('{"text":"ü"}'), { 'Content-Encoding': encoding });
    expect(String((await get()).body)).toBe('{"text":"ü"}');
  });

  test('is asked for with gzip or as it is, and is what it is in another compression', async () => {
    let accepted: unknown;
    const compressed = brotliCompressSync('{}');
    answer = (request, response) => {
      accepted = request.headers['accept-encoding'];
      answers(compressed, { 'Content-Encoding': 'br' })(request, response);
    };
    expect((await get()).body).toEqual(compressed);
    expect(accepted).toBe('gzip');
  });

  test('that says it is compressed and has no body is no error', async () => {
    answer = answers('', { 'Content-Encoding': 'gzip' }, 502);
    const { status, body } = await get();
    expect([status, body?.length]).toEqual([502, 0]);
  });

  test.each([
    ['as it is', 'x'.repeat(11), {}],
    ['decompressed', gzipSync('x'.repeat(11)), { 'Content-Encoding': 'gzip' }],
  ])('that is larger than allowed, %s, has a status alone', async (_what, body, headers) => {
    answer = answers(body, headers);
    expect(await get(url, 30)).toMatchObject({ status: 200, body: Buffer.from('x'.repeat(11)) });
    expect(await get(url, 10)).toMatchObject({ status: 200, body: null });
  });

  test('comes from a loopback address of IPv6 as well', async () => {
    const six = createServer(answers('six'));
    await new Promise<void>((resolve) => six.listen(0, '::1', resolve));
    const address = six.address();
    const { body } = await get(`http://[::1]:${typeof address === 'object' ? address?.port : ''}/`);
    six.closeAllConnections();
    six.close();
    expect(String(body)).toBe('six');
  });
});

describe('no whole answer', () => {
  test.each([
    ['is shorter than it says', 'ECONNRESET aborted', '{}', { 'Content-Length': '100' }],
    ['ends before its last chunk', 'ECONNRESET aborted', '{}', {}],
  ])('is one that %s', async (_what, said, body, headers) => {
    answer = (_request, response) =>
      void response.writeHead(200, headers).write(body, () => response.socket?.destroy());
    expect(await failure()).toBe(said);
  });

  test.each([
    [
      'is cut off',
      gzipSync('{"a":"long enough to be cut"}').subarray(0, -12),
      'Z_BUF_ERROR unexpected end of file',
    ],
    ['is none', Buffer.from('{}'), 'Z_DATA_ERROR incorrect header check'],
    [
      'is followed by something else',
      Buffer.concat([gzipSync('{}'), Buffer.from('garbage')]),
      'Z_DATA_ERROR incorrect header check',
    ],
  ])('is one whose compression %s', async (_what, body, said) => {
    answer = answers(body, { 'Content-Encoding': 'gzip' });
    expect(await failure()).toBe(said);
  });

  test.each([
    ['is not HTTP', 'SSH-2.0-OpenSSH\r\n'],
    ['has more bytes than it says', 'HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}garbage'],
  ])('is one that %s', async (_what, sent) => {
    expect(await failure(get(await bare((socket) => socket.end(sent))))).toMatch(
      /^HPE_\w+ Parse Error: Expected HTTP/,
    );
  });

  test('comes where nothing is known of what went wrong', () => {
    expect(describeHttpFailure({ code: 'ETIMEDOUT', message: '' })).toBe('ETIMEDOUT');
    expect(describeHttpFailure({ message: '' })).toBe('the request failed');
    expect(describeHttpFailure(undefined)).toBe('the request failed');
  });
});

describe('a connection', () => {
  test('is used again for the next request', async () => {
    answer = answers('{}');
    await get();
    await get();
    expect(connections).toBe(1);
  });

  test.each([
    ['another answer', 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nstale'],
    ['a part of one', 'HTTP/1.1 200 OK\r\n'],
  ])('on which %s follows an answer never takes that for the next one', async (_what, more) => {
    let asked = 0;
    const to = await bare((socket) =>
      socket.on('data', () => {
        asked += 1;
        socket.write(`HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n${asked}${more}`);
      }),
    );
    expect(String((await get(to)).body)).toBe('1');
    expect(String((await get(to)).body)).toBe('2');
  });

  test('that the server has closed meanwhile is replaced, or the next request fails as one that is broken off', async () => {
    answer = answers('{}');
    await get();
    server.closeAllConnections();
    const said = await get().then(
      ({ status }) => String(status),
      (error: unknown) => describeHttpFailure(error),
    );
    expect(['200', 'ECONNRESET socket hang up', 'read ECONNRESET']).toContain(said);
    expect((await get()).status).toBe(200);
  });
});
