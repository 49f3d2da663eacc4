import { createHash } from 'node:crypto';
import { gunzipSync, gzipSync } from 'node:zlib';
import { expect, test } from '@jest/globals';
import { beginDraft } from '../src/delivery/batch/draft';
import { largestAnswer, mostHeld, mostText } from '../src/limits';
import { dayFolder, objectKey, readObjectName, recordsIn } from '../src/store/object';
import { noon } from './support/world';

const record = (text: string) => ({ text, time: noon, fits: true, name: null });

test('an object can be proven by its name: the hash is that of its lines, however they came', async () => {
  const draft = beginDraft({ logType: 'visits' }, { from: noon - 1000, to: noon, pages: 7 });
  draft.add([record('{"a":"é"}')], null);
  draft.add([record('{}'), record('{"b":1}')], noon);
  const { key, body } = await draft.finish();
  const lines = Buffer.from('{"a":"é"}\n{}\n{"b":1}\n');
  const digest = createHash('sha256').update(lines).digest('hex').slice(0, 32);
  expect(key).toBe(`logs/visits/2026/03/01/${noon - 1000}-${noon}-000007-${digest}.ndjson.gz`);
  expect(recordsIn(Buffer.from(body, 'base64'))).toEqual(['{"a":"é"}', '{}', '{"b":1}']);
  expect(draft.size).toBe(lines.length);
});

test.each([
  ['that of the first record that tells one', [null, noon - 86_400_000, noon], '2026/02/28'],
  ["that of the window's end where none does", [null, null], '2026/03/01'],
])('the folder of an object is %s', async (_, days, folder) => {
  const draft = beginDraft({ logType: 'visits' }, { from: noon - 1000, to: noon, pages: 0 });
  for (const day of days) draft.add([record('{}')], day);
  expect((await draft.finish()).key).toContain(`/${folder}/`);
});

test('a name says the window, the page and the hash, however many pages there are', () => {
  const digest = '0123456789abcdef'.repeat(2);
  for (const pages of [0, 999_999, 1_000_000]) {
    const key = objectKey({ logType: 'visits' }, noon, { from: 1, to: 2, pages, digest });
    expect(readObjectName(key)).toEqual({ from: 1, to: 2, pages, digest });
  }
});

test.each([
  'logs/visits/2026/03/01/telephony_20260301_120000.json',
  'logs/visits/2026/03/01/1-2-000000.ndjson.gz',
  'logs/visits/2026/03/01/1-2-0-00000000000000000000000000000000.ndjson.gz',
  'state/visits.json',
])('%s is no name of the collector', (key) => {
  expect(readObjectName(key)).toBeNull();
});

test('the folders of days sort as the days do', () => {
  const days = Array.from({ length: 800 }, (_, n) => dayFolder({ logType: 'visits' }, n * 86_400_000));
  expect(days).toEqual([...days].sort());
  expect(dayFolder({ logType: 'visits' }, noon)).toBe('logs/visits/2026/03/01');
});

const stored = gzipSync('{"a":1}\n{"b":2}\n');
const flipped = Buffer.from(stored).fill(0, stored.length - 8, stored.length - 4);

test('the records in an object are its lines', () => {
  expect(recordsIn(stored)).toEqual(['{"a":1}', '{"b":2}']);
});

test.each([
  ['nothing', Buffer.alloc(0), 'it is empty'],
  ['a gzip of nothing', gzipSync(''), 'it is empty: its gzip holds no record'],
  ['its first byte', stored.subarray(0, 1), 'it is cut off: its gzip has no end'],
  ['its first half', stored.subarray(0, stored.length / 2), 'it is cut off: its gzip has no end'],
  ['all but its last byte', stored.subarray(0, -1), 'it is cut off: its gzip has no end'],
  ['a gzip of a half', gzipSync('{"a":1}\n{"b"'), 'it is cut off: its last record has no end'],
  ['other bytes in it', flipped, 'it is damaged: its gzip cannot be read'],
  ['the text itself', Buffer.from('{"a":1}\n'), 'it is not gzip'],
])('an object of which there is %s is an error, never a shorter list', (_what, object, said) => {
  expect(() => recordsIn(object)).toThrow(new Error(said));
});

test('the most that a collector can store together is read', async () => {
  const draft = beginDraft({ logType: 'visits' }, { from: noon - 1000, to: noon, pages: 0 });
  // Just too little to be stored before a page comes, and then what only two of the largest answers show.
  for (const most of [mostHeld - 1, largestAnswer, largestAnswer])
    draft.add([record(`"${'x'.repeat(most - 3)}"`)], noon);
  const { body } = await draft.finish();
  expect(draft.size).toBe(mostText - 1);
  expect(recordsIn(Buffer.from(body, 'base64')).map(({ length }) => length + 1)).toEqual([
    mostHeld - 1,
    largestAnswer,
    largestAnswer,
  ]);
});

test.each([
  ['in one', gzipSync(Buffer.alloc(mostText + 1, '\n'))],
  ['in several, one after the other', Buffer.concat(Array(9).fill(gzipSync(Buffer.alloc(mostText / 8))))],
])('a gzip of more text than that, %s, is refused before there is room made for it', (_how, bomb) => {
  expect(bomb.length).toBeLessThan(mostText / 500);
  expect(gunzipSync(bomb).length).toBeGreaterThan(mostText);
  expect(() => recordsIn(bomb)).toThrow(
    new Error('no collector wrote this object: its gzip holds more than 37554432 bytes'),
  );
});
