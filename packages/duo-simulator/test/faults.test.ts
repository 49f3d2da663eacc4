import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { createSimulator, type Fault, noon, type Simulator } from '../src';
import { ask } from './ask';
import { door, doorLog } from './door-log';

let simulator: Simulator;
let url: string;
beforeEach(async () => {
  simulator = createSimulator({ logs: [{ logType: doorLog }], now: () => noon });
  simulator.log('door').add(door('a', noon - 300_000));
  url = await simulator.listen();
});
afterEach(() => simulator.close());

const html = expect.stringMatching(/^<html>/);

test.each<[Fault, number, string, unknown]>([
  ['throttle', 429, 'application/json', '{"code":42901,"message":"Too Many Requests","stat":"FAIL"}'],
  [
    'error',
    500,
    'application/json',
    '{"code":50001,"message":"Unknown internal server error","stat":"FAIL"}',
  ],
  ['bad-gateway', 502, 'text/html', html],
  ['not-json', 200, 'text/html', html],
  [{ status: 418, body: 'odd' }, 418, 'application/json', 'odd'],
  [{ status: 200, body: { stat: 'OK' } }, 200, 'application/json', '{"stat":"OK"}'],
])('%j is answered once, and then all is well', async (fault, status, contentType, body) => {
  simulator.fail(fault);
  const answer = await ask(url);
  expect(answer.status).toBe(status);
  expect(answer.headers.get('content-type')).toBe(contentType);
  expect(answer.headers.get('date')).toBe('Sun, 01 Mar 2026 12:00:00 GMT');
  expect(answer.headers.get('retry-after')).toBeNull();
  expect(await answer.text()).toEqual(body);
  expect((await ask(url)).status).toBe(200);
});

test.each(['5', '0', 'Sun, 01 Mar 2026 12:00:30 GMT', 'soon'])(
  'a 429 has the Retry-After that it is told to have, as it is: %s',
  async (retryAfter) => {
    simulator.fail({ retryAfter });
    const answer = await ask(url);
    expect(answer.status).toBe(429);
    expect(answer.headers.get('retry-after')).toBe(retryAfter);
    expect(await answer.json()).toEqual({ code: 42901, message: 'Too Many Requests', stat: 'FAIL' });
    expect(simulator.requests).toMatchObject([{ status: 429, code: 42901, fault: { retryAfter } }]);
  },
);

test('the headers of an answer spelled out win', async () => {
  const headers = { Location: 'https://example.com/', Date: 'Sun, 01 Mar 2026 11:00:00 GMT' };
  simulator.fail({ status: 200, body: '', headers });
  const answer = await ask(url);
  expect(answer.headers.get('location')).toBe('https://example.com/');
  expect(answer.headers.get('date')).toBe('Sun, 01 Mar 2026 11:00:00 GMT');
});

test('reset gives no answer at all', async () => {
  simulator.fail('reset');
  await expect(ask(url)).rejects.toMatchObject({ cause: { code: 'ECONNRESET' } });
  expect(simulator.requests).toMatchObject([{ status: null, fault: 'reset' }]);
  expect((await ask(url)).status).toBe(200);
});

test('truncate gives the headers and half of the body of the right answer', async () => {
  const whole = await (await ask(url)).text();
  simulator.fail('truncate');
  const answer = await ask(url);
  expect(answer.status).toBe(200);
  expect(answer.headers.get('content-length')).toBe(String(whole.length));
  let received = '';
  const read = async () => {
    for await (const chunk of answer.body ?? []) received += Buffer.from(chunk).toString();
  };
  await expect(read()).rejects.toThrow();
  expect(received).toBe(whole.slice(0, Math.floor(whole.length / 2)));
  expect(await (await ask(url)).text()).toBe(whole);
});

test('hang gives nothing until the client gives up', async () => {
  simulator.fail('hang');
  const client = new AbortController();
  const hung = fetch(`${url}${doorLog.path}`, { signal: client.signal });
  while (simulator.requests.length === 0) await new Promise(setImmediate);
  client.abort();
  await expect(hung).rejects.toThrow('aborted');
  expect((await ask(url)).status).toBe(200);
});

test('faults take their turns: each lets `after` requests pass and spoils `times`', async () => {
  simulator.fail('throttle', { after: 2, times: 2 });
  simulator.fail('error', { after: 1 });
  const statuses: number[] = [];
  for (let n = 0; n < 7; n += 1) statuses.push((await ask(url)).status);
  expect(statuses).toEqual([200, 200, 429, 429, 200, 500, 200]);
});

test('only requests to a log use a fault up, signed or not', async () => {
  simulator.fail('error');
  expect((await fetch(`${url}/admin/v2/logs/window`)).status).toBe(404);
  expect((await fetch(`${url}/simulator/door.ndjson`)).status).toBe(200);
  expect((await fetch(`${url}${doorLog.path}`)).status).toBe(500);
});
