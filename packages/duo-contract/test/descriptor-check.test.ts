import { describe, expect, test } from '@jest/globals';
import { defineLogType, fields, type LogType } from 'duo-core';
import { sampleProblems } from 'duo-simulator';
import { answerProblems } from '../src/answer-check';

/* A descriptor that is wrong is found by what Duo's own page shows, one field at a time, and by its name. */

const doors = defineLogType({
  name: 'door',
  path: '/admin/v2/logs/door',
  paging: { style: 'cursor', limit: 5 },
  records: 'items',
  time: { field: 'ts', unit: 'iso' },
  id: 'door_id',
  schema: fields({}),
});
const door = (id: string, ts: string) => ({ door_id: id, ts, room_key: 'K1', opened: true });
const first = door('a', '2026-01-15T08:00:00.000001+00:00');
const last = door('b', '2026-01-15T08:00:01.234567+00:00');
const answer = (
  next: unknown = `${Date.parse('2026-01-15T08:00:01.234Z')},b`,
  items: unknown = [first, last],
) => ({
  stat: 'OK',
  response: { items, metadata: { next_offset: next, total_objects: 2 } },
});

test('a descriptor that is right has no problems', () => {
  for (const next of [undefined, null, [String(Date.parse('2026-01-15T08:00:01.234Z')), 'b']])
    expect(answerProblems(answer(next), doors)).toEqual([]);
  expect(
    sampleProblems(
      [first, last].map((one) => JSON.stringify(one)),
      doors,
    ),
  ).toEqual([]);
});

test.each<[string, Partial<LogType>, string]>([
  ['records', { records: 'itmes' }, '"response.itmes" is no array of records; "response.items" is'],
  [
    'time',
    { time: { field: 'when', unit: 'iso' } },
    'record 1 has no "when", which should be its time; its times are "ts" (iso)',
  ],
  [
    'time',
    { time: { field: 'opened', unit: 'iso' } },
    'record 1: its "opened" is not a time (iso); its times are "ts" (iso)',
  ],
  ['unit', { time: { field: 'ts', unit: 'ms' } }, 'record 1: its time "ts" is in "iso", not in "ms"'],
  ['id', { id: 'nope' }, 'record 1 has no "nope", which should be its id; it has "door_id" and "room_key"'],
  ['id', { id: 'opened' }, 'record 1: its id "opened" is not a text'],
  [
    'id',
    { id: 'room_key' },
    'record 2 has the same "room_key" as record 1: that field does not make a record unique',
  ],
  ['style', { paging: { style: 'offset', limit: 10 } }, 'the style "offset" is of another log'],
])('a wrong %s is named (%j)', (_what, wrong, sentence) => {
  expect(answerProblems(answer(), { ...doors, ...wrong }).join('\n')).toContain(sentence);
});

test.each([
  [
    'another field that is a time as well',
    [
      { ...first, seen: 1768464000 },
      { ...last, seen: 1768464001 },
    ],
    { time: { field: 'seen', unit: 's' } },
    'time "seen" (s) is 1768464001000 ms',
  ],
  [
    'another field that is unique as well',
    [
      { ...first, txid: '1' },
      { ...last, txid: '2' },
    ],
    { id: 'txid' },
    'the last record\'s id "txid" is 2',
  ],
] as const)('the cursor tells from %s', (_what, items, wrong, sentence) => {
  expect(answerProblems(answer(undefined, items), { ...doors, ...wrong }).join('\n')).toContain(sentence);
});

test.each([
  ['no envelope', { items: [] }, 'it is not {"stat":"OK","response":…}'],
  ['no records', answer(null, []), 'it has no records'],
  [
    'an array alone',
    { stat: 'OK', response: [first] },
    '"response" is the array of records: the style "cursor" and records "items" are of another log',
  ],
  ['no metadata', { stat: 'OK', response: { items: [first] } }, '"response.metadata" is missing'],
  ['a cursor of another type', answer({ ms: 1 }), 'response.metadata.next_offset'],
])('an answer with %s is named', (_what, wrong, sentence) => {
  expect(answerProblems(wrong, doors).join('\n')).toContain(sentence);
});

describe('a log in seconds', () => {
  const gates = defineLogType({
    name: 'gate',
    path: '/admin/v1/logs/gate',
    paging: { style: 'time', limit: 3 },
    time: { field: 'timestamp', unit: 's' },
    schema: fields({}),
  });
  const record = { timestamp: 1768464000, gate: 'north' };

  test.each([
    [{ ...record }, { field: 'timestamp', unit: 'ms' }, 'its time "timestamp" is in "s", not in "ms"'],
    [
      { timestamp: 1768464000123 },
      { field: 'timestamp', unit: 's' },
      'its time "timestamp" is in "ms", not in "s"',
    ],
    [
      { timestamp: 0 },
      { field: 'timestamp', unit: 's' },
      'its "timestamp" is not a time (s); none of its fields is a time',
    ],
  ] as const)('%j as %j', (sample, time, sentence) => {
    expect(sampleProblems([JSON.stringify(sample)], { ...gates, time })).toEqual([`line 1: ${sentence}`]);
    expect(answerProblems({ stat: 'OK', response: [sample] }, { ...gates, time })).toEqual([
      `record 1: ${sentence}`,
    ]);
  });

  test('is an answer without a property for its records', () => {
    expect(answerProblems({ stat: 'OK', response: { items: [record] } }, gates)).toEqual([
      '"response" is no array of records, which the style "time" expects; "response.items" is',
    ]);
  });
});

test.each([
  ['no JSON', '{'],
  ['no object', '7'],
])('a sample that is %s is named', (_what, line) => {
  expect(sampleProblems([JSON.stringify(first), line], doors)).toEqual(['line 2 is not an object']);
});
