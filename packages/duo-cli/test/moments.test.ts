import { expect, test } from '@jest/globals';
import { fakeClock } from 'duo-simulator';
import { momentReader } from '../src/operator/arguments';

const read = momentReader(fakeClock(Date.parse('2026-03-01T12:30:00Z')));

test.each([
  ['2026-02-20', '2026-02-20T00:00:00Z', true],
  ['today', '2026-03-01T00:00:00Z', true],
  ['yesterday', '2026-02-28T00:00:00Z', true],
  ['0d', '2026-03-01T00:00:00Z', true],
  ['2d', '2026-02-27T00:00:00Z', true],
  ['2026-02-20T09:30:00Z', '2026-02-20T09:30:00Z', false],
  ['2026-02-20T09:30:00+02:00', '2026-02-20T07:30:00Z', false],
  ['2h', '2026-03-01T10:30:00Z', false],
])('%s is understood as %s', (text, at, isDay) => {
  expect(read(text)).toEqual({ at: Date.parse(at), isDay });
});

test.each([
  '',
  'd',
  '2',
  '2d ',
  '2d5h',
  '-2d',
  '2.5h',
  '1000000d',
  '20260220',
  '2026-02-20T09:30',
  'Yesterday',
])('"%s" is not understood', (text) => {
  expect(() => read(text)).toThrow(
    'Write a day (2026-11-01, from midnight UTC; yesterday; 2d for two days ago)',
  );
});
