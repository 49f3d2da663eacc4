import { expect, test } from '@jest/globals';
import type { LogType } from 'duo-core';
import { generate } from '../src';
import { createLog } from '../src/log';
import { doorLog, noon } from './door-log';

const iso: LogType = { ...doorLog, time: { field: 'opened', unit: 'iso' } };
const samples = [
  '{"door_id": "x", "floors": [1, {"a": null}], "opened": "-", "who": "a@example.com"}',
  '{"opened": "-", "door_id": "y", "text": "a, b: c"}',
];
const options = { logType: iso, samples, count: 1000, from: noon - 3_600_000, to: noon, seed: 1 };

function keys(logType: LogType, records: readonly string[]) {
  const log = createLog(logType, () => noon + 120_000);
  log.addAll(records);
  return log.visible();
}

test('the same options make the same records; another seed makes others', () => {
  expect(generate(options)).toEqual(generate(options));
  expect(generate({ ...options, seed: 2 })[0]).not.toEqual(generate(options)[0]);
});

test('records are copies of the samples, in turn, with an id and a time of their own', () => {
  const uuid = '[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}';
  const time = String.raw`2026-03-01T11:\d\d:\d\d\.\d{6}\+00:00`;
  const [one, two, three] = generate(options);
  const rest = String.raw`"floors": \[1, \{"a": null\}\], "opened": "${time}", "who": "a@example\.com"`;
  expect(one).toMatch(new RegExp(`^\\{"door_id": "${uuid}", ${rest}\\}$`));
  expect(two).toMatch(new RegExp(`^\\{"opened": "${time}", "door_id": "${uuid}", "text": "a, b: c"\\}$`));
  expect(three).toMatch(/"floors"/);
});

test('ids are unique, across calls with different numbers too', () => {
  const more = generate({ ...options, startIndex: 1000 });
  const ids = keys(iso, [...generate(options), ...more]).map((one) => one.id);
  expect(new Set(ids).size).toBe(2000);
});

test('times lie in the span, oldest first, spread over all of it, with ties in a millisecond and in a second', () => {
  const log = createLog(iso, () => noon + 120_000);
  const times = generate(options).map((record) => {
    log.add(record);
    return Date.parse(JSON.parse(record).opened);
  });
  expect(times).toEqual(times.toSorted((a, b) => a - b));
  expect(times[0]).toBeGreaterThanOrEqual(options.from);
  expect(times.at(-1)).toBeLessThanOrEqual(options.to);
  expect(new Set(times.map((time) => Math.floor(time / 600_000))).size).toBe(6);
  const ties = (span: number) => times.filter((time, n) => sameSpan(time, times[n - 1], span)).length;
  expect(ties(1)).toBeGreaterThan(50);
  expect(ties(1000)).toBeGreaterThan(ties(1) + 50);
});

const sameSpan = (a: number, b: number | undefined, span: number) =>
  b !== undefined && Math.floor(a / span) === Math.floor(b / span);

test.each([
  ['s', 10],
  ['ms', 13],
] as const)('a log in %s gets its times as numbers of %i digits', (unit, digits) => {
  const logType: LogType = { ...doorLog, time: { field: 'opened', unit } };
  const records = generate({ ...options, logType });
  expect(records[0]).toMatch(new RegExp(`"opened": \\d{${digits}}[,}]`));
  expect(keys(logType, records)).toHaveLength(1000);
});

test('without samples there is nothing to copy', () => {
  expect(() => generate({ ...options, samples: [] })).toThrow('there are no samples of the door log');
});
