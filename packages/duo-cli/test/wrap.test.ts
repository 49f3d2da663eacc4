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

test('lines stay lines, those that fit are as they were, and without a width all are', () => {
  const text = '  as it  was\nand one that is longer than that\n';
  expect(wrapLines(text, 20)).toBe('  as it  was\nand one that is\nlonger than that\n');
  expect(wrapLines(text, undefined)).toBe(text);
});
