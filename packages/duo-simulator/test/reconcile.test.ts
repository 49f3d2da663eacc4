import { gzipSync } from 'node:zlib';
import { expect, test } from '@jest/globals';
import { reconcile, recordsIn } from '../src/reconcile';

test.each([
  { published: ['a', 'b'], delivered: ['b', 'a'], lost: 0, doubled: 0 },
  { published: ['a', 'b'], delivered: ['b'], lost: 1, doubled: 0 },
  { published: ['a', 'b'], delivered: ['a', 'b', 'b'], lost: 0, doubled: 1 },
  { published: ['a', 'a'], delivered: ['a', 'a'], lost: 0, doubled: 0 },
  { published: ['a', 'a'], delivered: ['a', 'c'], lost: 1, doubled: 1 },
])(
  'of $published published and $delivered delivered, $lost are lost and $doubled doubled',
  ({ published, delivered, lost, doubled }) => {
    expect(reconcile(published, delivered)).toEqual({
      published: published.length,
      delivered: delivered.length,
      lost,
      doubled,
    });
  },
);

const stored = gzipSync('{"a":1}\n{"b":2}\n');
const flipped = Buffer.from(stored).fill(0, stored.length - 8, stored.length - 4);

test('the records in an object are its lines', () => {
  expect(recordsIn(stored)).toEqual(['{"a":1}', '{"b":2}']);
});

test.each([
  ['nothing', Buffer.alloc(0), 'it is empty'],
  ['a gzip of nothing', gzipSync(''), 'it is empty: there is no record in its gzip'],
  ['its first byte', stored.subarray(0, 1), 'it is cut off: its gzip has no end'],
  ['its first half', stored.subarray(0, stored.length / 2), 'it is cut off: its gzip has no end'],
  ['all but its last byte', stored.subarray(0, -1), 'it is cut off: its gzip has no end'],
  ['a gzip of a half', gzipSync('{"a":1}\n{"b"'), 'it is cut off: its last record has no end'],
  ['other bytes in it', flipped, 'it is damaged: its gzip cannot be read'],
  ['the text itself', Buffer.from('{"a":1}\n'), 'it is no gzip'],
])('an object of which there is %s is an error, never a shorter list', (_what, object, said) => {
  expect(() => recordsIn(object)).toThrow(new Error(said));
});
