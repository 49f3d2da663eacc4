import { expect, test } from '@jest/globals';
import { printable } from '../src/printable';

test.each([
  ['a title of the window', '\u001b]0;x\u0007', '\\u001b]0;x\\u0007'],
  ['an order in one character of C1', '\u009b2J', '\\u009b2J'],
  ['what turns the direction of writing', 'a\u202eb\u2066c\u200f\u061c', 'a\\u202eb\\u2066c\\u200f\\u061c'],
  ['what goes back in a line, or deletes', 'a\rb\bc\u007f\0', 'a\\u000db\\u0008c\\u007f\\u0000'],
])('%s is printed as what it is', (_what, text, printed) => {
  expect(printable(text)).toBe(printed);
});

test('exactly control and bidi characters are printed otherwise, but for the line break and the tab', () => {
  const codes = Array.from({ length: 0x10000 }, (_, code) => code);
  const changed = codes.filter((code) => printable(String.fromCharCode(code)) !== String.fromCharCode(code));
  const range = (from: number, to: number) => codes.slice(from, to + 1);
  expect(changed).toEqual([
    ...range(0x00, 0x08),
    ...range(0x0b, 0x1f),
    ...range(0x7f, 0x9f),
    0x61c,
    0x200e,
    0x200f,
    ...range(0x202a, 0x202e),
    ...range(0x2066, 0x2069),
  ]);
  expect(printable('📞 é 電話\t\n')).toBe('📞 é 電話\t\n');
});

test('JSON stays JSON, and says the same', () => {
  const value = { name: '\u001b]0;x\u0007 \u009b2J \u202e', 'a\u0085': ['\u007f', '\r\n\t'] };
  const printed = printable(JSON.stringify(value));
  expect(printed).toMatch(/^[\u0020-\u007e]+$/);
  expect(JSON.parse(printed)).toEqual(value);
});
