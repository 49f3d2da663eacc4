import { once } from 'node:events';
import { connect } from 'node:net';
import { afterEach, expect, test } from '@jest/globals';
import { type LogType, sign, signatureDate } from 'duo-core';
import {
  type AnsweredRequest,
  createSimulator,
  noon,
  type Simulator,
  type SimulatorOptions,
  simulatorCredentials,
} from '../src';
import { ask } from './ask';
import { door, doorLog } from './door-log';
import { gate, gateLog } from './gate-log';

const running: Simulator[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((simulator) => simulator.close()));
});

async function start(options: Partial<SimulatorOptions> = {}) {
  const simulator = createSimulator({ logs: [{ logType: doorLog }], now: () => noon, ...options });
  running.push(simulator);
  const [{ logType } = { logType: doorLog }] = options.logs ?? [];
  return { simulator, url: await simulator.listen(), log: simulator.log(logType.name) };
}

const minute = 60_000;

test('a page arrives in Duo’s envelope, every byte of its records as it was added', async () => {
  const { url, log } = await start();
  const odd = String.raw`{"door_id": "a",  "n":12345678901234567890,"x": 1.0, "s":"\ud800 ü \u00fc", "n":1e2 ,`;
  const records = [
    `${odd} "opened":${noon - 5 * minute} }`,
    `{\t"door_id":"b","opened":${noon - 4 * minute}}`,
  ];
  log.addAll(records);
  const answer = await ask(url);
  expect(answer.status).toBe(200);
  expect(answer.headers.get('content-type')).toBe('application/json');
  expect(answer.headers.get('date')).toBe('Sun, 01 Mar 2026 12:00:00 GMT');
  const metadata = `"metadata":{"next_offset":"${noon - 4 * minute},b","total_objects":2}`;
  expect(await answer.text()).toBe(`{"stat":"OK","response":{"doors":[${records.join(',')}],${metadata}}}`);
});

test('a log without a property for its records is answered with their array alone', async () => {
  const { url, simulator, log } = await start({ logs: [{ logType: gateLog }] });
  const records = [gate('a', noon / 1000 - 600), gate('b', noon / 1000 - 599)];
  log.addAll(records);
  const answer = await ask(url, { path: gateLog.path, params: { mintime: String(noon / 1000 - 600) } });
  expect(await answer.text()).toBe(`{"stat":"OK","response":[${records.join(',')}]}`);
  expect(simulator.requests).toMatchObject([{ log: 'gate', status: 200, records: 2 }]);
});

test('a log is served in its own paging style and form', async () => {
  const logType: LogType = { ...doorLog, paging: { style: 'offset', limit: 5 } };
  const { url, log } = await start({ logs: [{ logType, order: 'descending', ending: 'cursor' }] });
  const records = [door('a', noon - 5 * minute), door('b', noon - 4 * minute)];
  log.addAll(records);
  const answer = await ask(url, { params: { limit: '1', offset: '1' } });
  expect(await answer.text()).toBe(
    `{"stat":"OK","response":{"doors":[${records[0]}],"metadata":{"next_offset":2}}}`,
  );
});

test('parameters that are encoded or ordered otherwise than signed are judged as if they were not', async () => {
  const { url } = await start();
  const params = { mintime: `${noon - 1}`, maxtime: `${noon}`, sort: 'ts:asc', next_offset: `${noon},a b` };
  const { path } = doorLog;
  const host = simulatorCredentials.apiHost;
  const { headers } = sign({ method: 'GET', host, path, params }, simulatorCredentials, signatureDate(noon));
  const query = `sort=ts:asc&next_offset=${noon},a+b&%6Dintime=${noon - 1}&maxtime=${noon}`;
  expect((await fetch(`${url}${path}?${query}`, { headers })).status).toBe(200);
  expect((await fetch(`${url}${path}?${query}&more=1`, { headers })).status).toBe(401);
});

test('the limit of the log type is enforced', async () => {
  const { url } = await start();
  expect((await ask(url, { params: { limit: '5' } })).status).toBe(200);
  const answer = await ask(url, { params: { limit: '6' } });
  expect(answer.status).toBe(400);
  expect(await answer.json()).toEqual({
    code: 40002,
    message: 'Invalid request parameters',
    message_detail: 'limit',
    stat: 'FAIL',
  });
});

test.each([
  ['a wrong secret', { keys: { ikey: 'DISIMULATOR000000000', skey: 'wrong' } }, 401, 40103],
  ['another integration', { keys: { ikey: 'DIOTHER', skey: 'wrong' } }, 401, 40102],
  ['an old date', { date: 'Sun, 01 Mar 2026 11:54:59 GMT' }, 401, 40105],
  ['an unreadable date', { date: '2026-03-01T12:00:00Z' }, 401, 40105],
  ['an unknown path', { path: '/admin/v2/logs/window' }, 404, 40401],
])('%s', async (_, question, status, code) => {
  const { url } = await start();
  const answer = await ask(url, question);
  expect(answer.status).toBe(status);
  expect(await answer.json()).toMatchObject({ code, stat: 'FAIL' });
});

test('an unsigned request is refused, and one that is no GET finds nothing', async () => {
  const { url } = await start();
  expect((await fetch(`${url}${doorLog.path}`)).status).toBe(401);
  expect((await fetch(`${url}${doorLog.path}`, { method: 'POST' })).status).toBe(404);
});

test('the control path gives every record published by now, in order and unsigned', async () => {
  const { url, log } = await start();
  log.addAll([door('late', noon - minute), door('b', noon - 3 * minute), door('a', noon - 4 * minute)]);
  const answer = await fetch(`${url}/simulator/door.ndjson`);
  expect(answer.headers.get('content-type')).toBe('application/x-ndjson');
  expect(await answer.text()).toBe(`${door('a', noon - 4 * minute)}\n${door('b', noon - 3 * minute)}\n`);
  expect((await fetch(`${url}/simulator/window.ndjson`)).status).toBe(404);
  expect((await fetch(`${url}/simulator/door.ndjson`, { method: 'POST' })).status).toBe(404);
});

test('requests say what was asked and answered, without headers, and leave the control path out', async () => {
  const told: AnsweredRequest[] = [];
  const { simulator, url, log } = await start({ onRequest: (request) => told.push(request) });
  log.add(door('a', noon - 5 * minute));
  simulator.fail('throttle');
  await ask(url);
  await ask(url, { params: { limit: '2' } });
  await fetch(`${url}/simulator/door.ndjson`);
  await fetch(`${url}/admin?a=1&a=2`);
  const params = { mintime: String(noon - 60 * minute), maxtime: String(noon), sort: 'ts:asc' };
  const asked = { at: noon, method: 'GET', path: doorLog.path, log: 'door', account: null };
  expect(simulator.requests).toEqual([
    { ...asked, params, status: 429, code: 42901, records: 0, fault: 'throttle' },
    { ...asked, params: { ...params, limit: '2' }, status: 200, code: null, records: 1, fault: null },
    {
      ...asked,
      path: '/admin',
      params: { a: ['1', '2'] },
      log: null,
      status: 404,
      code: 40401,
      records: 0,
      fault: null,
    },
  ]);
  expect(told).toEqual(simulator.requests);
});

test('a log that is not there is an error that names those that are', async () => {
  const { simulator } = await start();
  expect(() => simulator.log('window')).toThrow('the simulator has no log "window"; it has: door');
});

test('a taken port is an error', async () => {
  const { url } = await start();
  const other = createSimulator({ logs: [] });
  await expect(other.listen(Number(new URL(url).port))).rejects.toMatchObject({ code: 'EADDRINUSE' });
  await other.close();
});

test('close cuts idle connections, hung requests and half of a request', async () => {
  const { simulator, url } = await start();
  simulator.fail('hang');
  const hung = expect(ask(url)).rejects.toThrow();
  const port = Number(new URL(url).port);
  const sockets = [connect(port, '127.0.0.1'), connect(port, '127.0.0.1')];
  const closed = sockets.map(
    (socket) => new Promise((resolve) => socket.on('error', () => {}).on('close', resolve)),
  );
  await Promise.all(sockets.map((socket) => once(socket, 'connect')));
  sockets[0]?.write('GET /admin HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\nabc');
  while (simulator.requests.length === 0) await new Promise(setImmediate);
  await simulator.close();
  await Promise.all([hung, ...closed]);
  await simulator.close();
});
