import { expect, test } from '@jest/globals';
import { wrap, wrapLines } from '../src/operator/wrap';

test('words fill lines, and a longer one has a line for itself', () => {
  expect(wrap('one two three https://example.com/a/long/path four', 10)).toEqual([
    'one two',
    'three',
    'https://example.com/a/long/path',
    'four',
  ]);
});

test.each([
  ['Deploy it: npx pnpm sls deploy --stage prod. Then', 'npx pnpm sls deploy --stage prod.'],
  ['Deploy it (npx pnpm sls deploy --stage prod), or not', '(npx pnpm sls deploy --stage prod),'],
  ['Read it: aws logs tail /aws/lambda/a --since 2h', 'aws logs tail /aws/lambda/a --since 2h'],
  ['Call it: duo-logs status --store s3://a-bucket/a.b; or', 'duo-logs status --store s3://a-bucket/a.b;'],
  ['Finish it first: --from 2026-11-01 --to 2026-11-02. Or', '--from 2026-11-01 --to 2026-11-02.'],
])('a command is not broken: %s', (text, command) => {
  expect(wrap(text, 20)).toContain(command);
  expect(wrap(text, 20).join(' ')).toBe(text);
});

test('an indent stays, and so do columns and colours', () => {
  expect(wrapLines('    one  two three four', 14)).toBe('    one  two\n    three four');
  const red = '\u001b[31mone two\u001b[39m three';
  expect(wrapLines(red, 13)).toBe(red);
  expect(wrapLines(red, 7)).toBe('\u001b[31mone two\u001b[39m\nthree');
});

test('JSON is for a program, and is not wrapped', () => {
  for (const json of ['{"a": "one two three four"}', '[1, 2, 3, 4, 5, 6]', '  "a": "one two three four",'])
    expect(wrapLines(json, 10)).toBe(json);
});

test('lines stay lines, those that fit are as they were, and without a width all are', () => {
  const text = '  as it  was\nand one that is longer than that\n';
  expect(wrapLines(text, 20)).toBe('  as it  was\nand one that is\nlonger than that\n');
  expect(wrapLines(text, undefined)).toBe(text);
});
