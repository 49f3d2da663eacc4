import { expect, test } from '@jest/globals';
import { maskPhones } from '../src/operator/mask-phones';

test.each([
  ['"phone":"+15555550100"', '"phone":"+*********00"'],
  ['"phone":"+1 555 555-0100"', '"phone":"+* *** ***-**00"'],
  ['"name":"My phone (555-555-0142)"', '"name":"My phone (***-***-**42)"'],
  ['"name":"(555) 555-0142"', '"name":"(***) ***-**42"'],
  [JSON.stringify('Call\n+15555550100\n'), JSON.stringify('Call\n+*********00\n')],
  [JSON.stringify(JSON.stringify('\t555-555-0142')), JSON.stringify(JSON.stringify('\t***-***-**42'))],
  ['"Call\\u000a+15555550100"', '"Call\\u000a+*********00"'],
])('of %s only the last two digits are shown', (text, masked) => {
  expect(maskPhones(text)).toBe(masked);
});

test.each([
  '"ts":"2026-03-01T12:00:00.000000+00:00"',
  '"isotimestamp":"2026-03-01T12:00:00.000+0000"',
  '"timestamp":1772366400',
  '"ip":"192.168.225.254"',
  '"txid":"555555-0142-4555-8555-555555550142"',
  '"key":"a+15555550100b=="',
])('%s is no phone number', (text) => {
  expect(maskPhones(text)).toBe(text);
});
