import { expect, test } from '@jest/globals';
import type { LogType } from 'duo-core';
import * as z from 'zod/mini';
import { generate, noon } from '../src';
import { createLog } from '../src/records/log';
import { doorLog } from './door-log';
import { gate, gateLog } from './gate-log';

const iso: LogType = { ...doorLog, time: { field: 'opened', unit: 'iso' } };
const samples = [
  '{"door_id": "x", "floors": [1, {"a": null}], "opened": "-", "who": "a@example.com"}',
  '{"opened": "-", "door_id": "y", "text": "a, b: c"}',
];
const options = { logType: iso, samples, count: 1000, from: noon - 3_600_000, to: noon, seed: 1 };

function keys(logType: LogType, records: readonly string[]) {
  const log = createLog(logType, () => noon + 121_000);
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

test('bursts are of one and the same time, to the microsecond, and evenly spread over the span', () => {
  const records = generate({ ...options, count: 10, burst: 3, from: noon - 4000 });
  const times = records.map((record) => String(JSON.parse(record).opened));
  expect(times.map((time) => times.indexOf(time))).toEqual([0, 0, 0, 3, 3, 3, 6, 6, 6, 9]);
  const spread = [-3500, -2500, -1500, -500].map((before) => noon + before);
  expect([...new Set(times)].map((time) => Date.parse(time))).toEqual(spread);
  expect(keys(iso, records)).toHaveLength(10);
});

test('of a log without ids only the time changes, so that equal records happen', () => {
  const some = [gate('a@example.com', 1), gate('b@example.com', 1)];
  const records = generate({ ...options, logType: gateLog, samples: some, count: 8, burst: 4 });
  const [early, late] = [noon / 1000 - 2700, noon / 1000 - 900];
  expect(records).toEqual(
    [early, early, late, late].flatMap((time) => [gate('a@example.com', time), gate('b@example.com', time)]),
  );
});

test('members that say the sample’s time again change along, each in its own form', () => {
  const sample = {
    opened: 1626781291,
    text: '2021-07-20T11:41:31+00:00',
    zone: '2021-07-20T13:41:31.50+02:00',
    fine: '2021-07-20T11:41:31.123456789Z',
    ms: 1626781291999,
    later: '2021-07-20T11:41:32+00:00',
    unzoned: '2021-07-20T11:41:31',
    prose: 'since 2021-07-20T11:41:31Z',
    count: 1626,
    nested: { opened: 1626781291 },
    nothing: null,
  };
  const [record = ''] = generate({
    ...options,
    logType: gateLog,
    samples: [JSON.stringify(sample)],
    count: 1,
    burst: 2,
    from: noon,
    to: noon + 247,
  });
  expect(JSON.parse(record)).toEqual({
    ...sample,
    opened: noon / 1000,
    text: '2026-03-01T12:00:00+00:00',
    zone: '2026-03-01T14:00:00.12+02:00',
    fine: expect.stringMatching(/^2026-03-01T12:00:00\.123\d{3}000Z$/),
    ms: noon + 123,
  });
  expect(Object.keys(JSON.parse(record))).toEqual(Object.keys(sample));
});

test('a text beside a time in milliseconds or in ISO 8601 changes along as well', () => {
  const text = '2021-07-20T11:41:31.000001+00:00';
  const beside = (logType: LogType, opened: string | number): unknown => {
    const samples = [JSON.stringify({ opened, text, seconds: 1626781291 })];
    return JSON.parse(generate({ ...options, logType, samples, count: 1 })[0] ?? '');
  };
  const check = (record: unknown, time: (text: string) => string | number) => {
    const { text } = z.object({ text: z.string() }).parse(record);
    expect(record).toMatchObject({ opened: time(text), seconds: Math.floor(Date.parse(text) / 1000) });
    expect(text).toMatch(/^2026-03-01T11:/);
  };
  check(beside(iso, text), (text) => text);
  check(beside(doorLog, 1626781291000), (text) => Date.parse(text));
});

test('without samples there is nothing to copy', () => {
  expect(() => generate({ ...options, samples: [] })).toThrow('there are no samples of the door log');
});
