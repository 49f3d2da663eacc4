import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { exactJson } from '../src/exact-json';

describe('a number', () => {
  test.each([
    ['9007199254740991', 9_007_199_254_740_991],
    ['-9007199254740991', -9_007_199_254_740_991],
    ['9007199254740993', '9007199254740993'],
    ['18446744073709551616', '18446744073709551616'],
    ['-123456789012345678901234567890', '-123456789012345678901234567890'],
    ['0.1', 0.1],
    ['1.50', 1.5],
    ['0.1234567890123456789', '0.1234567890123456789'],
    ['1e3', 1000],
    ['1e400', '1e400'],
    ['-1E-400', '-1E-400'],
    ['0e5', 0],
    ['0.000000000000000000001', 1e-21],
  ])('%s is %j', (text, expected) => {
    for (const json of [text, `[${text}]`, `{"a": ${text}}`, `{"a":[1,${text},"x"]}`]) {
      const read = exactJson(json);
      expect(JSON.stringify(read?.value)).toBe(
        json.replaceAll(' ', '').replace(text, () => JSON.stringify(expected)),
      );
      expect(read?.isInexact).toBe(typeof expected === 'string');
      expect(read?.plain).toEqual(JSON.parse(json));
    }
  });

  test('in a text stays there, whatever is before it', () => {
    const json = JSON.stringify({ 'a"': ': 18446744073709551616', 'b\\': '[18446744073709551616]' });
    expect(exactJson(json)).toEqual({ value: JSON.parse(json), plain: JSON.parse(json), isInexact: false });
  });
});

test('what has no such number is what JSON.parse says', () => {
  fc.assert(
    fc.property(fc.json({ maxDepth: 8, noUnicodeString: false }), (json) => {
      const read = exactJson(json);
      expect(read?.plain).toEqual(JSON.parse(json));
      if (read?.isInexact === false) expect(read.value).toEqual(JSON.parse(json));
    }),
  );
});

test.each([
  ['no JSON', '{"a": 1'],
  ['nothing', ''],
  ['a number alone that is none', '01'],
  ['lists in lists without an end', `${'['.repeat(101)}${']'.repeat(101)}`],
  ['objects in objects', `${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`],
])('%s is undefined', (_, json) => {
  expect(exactJson(json)).toBeUndefined();
});

test.each([
  ['lists as deep as there may be', `${'['.repeat(100)}${']'.repeat(100)}`],
  ['brackets in a text', JSON.stringify({ a: '[{'.repeat(500) })],
  ['many lists beside each other', JSON.stringify(Array(500).fill([]))],
])('%s are read', (_, json) => {
  expect(exactJson(json)?.value).toEqual(JSON.parse(json));
});
