import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import * as z from 'zod/mini';
import { openPage } from '../src/duo/open-page';
import { storiesToTell } from './support/stories-to-tell';

/** JSON with any white space between its tokens, which `JSON.stringify` alone would never make. */
const space = fc.stringMatching(/^[ \t\r\n]{0,3}$/);
/** Records as a log has them, which begin alike; as may what they hold. */
const alike = fc
  .array(fc.record({ key: fc.jsonValue({ maxDepth: 2 }), items: fc.jsonValue({ maxDepth: 3 }) }), {
    maxLength: 8,
  })
  .chain((records) =>
    fc.constantFrom(
      records,
      records.map((record) => ({ key: [record, record] })),
      [...records, null],
    ),
  );
const anything = fc.array(fc.jsonValue({ maxDepth: 4 }), { maxLength: 8 });
const pages = fc
  .tuple(
    fc.oneof(alike, anything),
    fc.array(space, { minLength: 16, maxLength: 16 }),
    fc.oneof(fc.jsonValue(), alike, fc.tuple(fc.constantFrom({ code: 7 }, 7), fc.constant({ key: 1 }))),
  )
  .map(([items, gaps, other]) => {
    let n = 0;
    const gap = () => gaps[n++ % gaps.length] ?? '';
    const list = items.map((item) => gap() + JSON.stringify(item, null, gap()) + gap()).join(',');
    const otherText = JSON.stringify(other);
    return `${gap()}{"a":${otherText},${gap()}"response"${gap()}:${gap()}{"items":${gap()}[${gap()}${list}]${gap()},"b":${otherText}},"c":${otherText}}${gap()}`;
  });

const envelope = z.looseObject({ response: z.looseObject({ items: z.array(z.unknown()) }) });

const open = (json: string, path: readonly string[]) => openPage(Buffer.from(json), path);
const texts = (json: string, path: readonly string[] = ['items']) =>
  open(json, path).read((_, text) => text).records;

/** What a JSON parser reads, put together from the parts. */
function parseParts(json: string): unknown {
  const { records, around } = open(json, ['response', 'items']).read((item, text) => {
    expect(item).toEqual(JSON.parse(text));
    return item;
  });
  const cut = envelope.safeParse(around);
  if (!cut.success) return around;
  expect(cut.data.response.items).toEqual([]);
  return { ...cut.data, response: { ...cut.data.response, items: records } };
}

describe('a page', () => {
  test('is cut into parts that hold what a JSON parser reads', () => {
    fc.assert(
      fc.property(pages, (json) => {
        expect(parseParts(json)).toEqual(JSON.parse(json));
      }),
      { numRuns: storiesToTell(3000) },
    );
  });

  test('gives the text of each record and nothing around it', () => {
    const named = fc.json().map((json) => `{"n":${json}}`);
    fc.assert(
      fc.property(
        fc.oneof(fc.array(fc.json(), { maxLength: 8 }), fc.array(named, { maxLength: 8 })),
        space,
        (records, gap) => {
          const json = `{"items":[${records.map((text) => gap + text + gap).join(',')}]}`;
          expect(texts(json)).toEqual(records.map((text) => text.replace(/[\r\n]/g, ' ')));
        },
      ),
      { numRuns: storiesToTell(2000) },
    );
  });

  test('is refused, however it was damaged, when a JSON parser refuses it, and means the same when it does not', () => {
    const damage = fc.record({
      at: fc.nat(),
      removed: fc.nat({ max: 3 }),
      added: fc.stringMatching(/^[\][{}",:\\ 0]{0,3}$/),
    });
    fc.assert(
      fc.property(pages, damage, (json, { at, removed, added }) => {
        const place = at % (json.length + 1);
        const damaged = json.slice(0, place) + added + json.slice(place + removed);
        expect(outcome(() => parseParts(damaged))).toEqual(outcome(() => JSON.parse(damaged)));
      }),
      { numRuns: storiesToTell(6000) },
    );
  });

  test('is cut between its records, not inside of one that holds others like it', () => {
    const record = '{"id":1,"parts":[{"id":2},{"id":3}],"name":"{\\"id\\":4}, {","last":{"id":5}}';
    expect(texts(`{"items":[${record}, ${record}]}`)).toEqual([record, record]);
    const outer = '{"id":[0,{"id":2}]}';
    expect(texts(`{"items":[${outer}, ${outer}]}`)).toEqual([outer, outer]);
  });

  test('is cut at the end of its array, although another one with objects that begin alike follows', () => {
    const json = '{"items":[{"id":1}],"next":7,"others":[{"code":7},{"id":2},{"id":3}]}';
    const { likely, read } = open(json, ['items']);
    expect(likely).toEqual({ items: [] });
    expect(read((_, text) => text)).toEqual({
      records: ['{"id":1}'],
      around: { ...JSON.parse(json), items: [] },
    });
  });

  test('is refused where two records have no comma between them', () => {
    expect(() => texts('{"items":[{"id":1} {"id":2}]}')).toThrow(SyntaxError);
    expect(() => texts('{"items":[1 2]}')).toThrow(SyntaxError);
  });

  test('that holds two arrays of the name is refused, since a JSON parser would read but the last', () => {
    expect(() => texts('{"items":[1],"items":[2]}')).toThrow(SyntaxError);
    expect(() => texts('{"items":[{"id":1}],"items":[{"id":2}]}')).toThrow(SyntaxError);
    expect(() => texts('{"items":[],"items":[2]}')).toThrow(SyntaxError);
    expect(() => texts('{"items":[1],"items":[]}')).toThrow(SyntaxError);
    expect(() => texts('{"items":[{"id":1}],"items":[{"id":2}]}')).toThrow(SyntaxError);
    expect(() => texts('{"items":[1],"\\u0069tems":[2]}')).toThrow(SyntaxError);
  });

  test('has line breaks between tokens turned into spaces, so that a record is one line', () => {
    expect(texts('[{\r\n "a": "b\\n"\n}]', [])).toEqual(['{   "a": "b\\n" }']);
  });

  test('is refused where it is not UTF-8, which could not be stored as it came', () => {
    const page = Buffer.from('{"items":[{"name":"é"}]}', 'latin1');
    expect(() => openPage(page, ['items'])).toThrow(SyntaxError);
    expect(texts('{"items":[{"name":"é☃😀"}, {"name":"ü"}],"ß":"ö"}')).toEqual([
      '{"name":"é☃😀"}',
      '{"name":"ü"}',
    ]);
  });

  test.each([
    ['no such member', '{"x":[]}'],
    ['no array there', '{"items":{}}'],
    ['no object around it', '[]'],
    ['an empty array', '{"items": [ ]}'],
  ])('is empty when there is %s', (_what, json) => {
    const around = JSON.parse(json);
    expect(open(json, ['items']).read((value) => value)).toEqual({ records: [], around });
  });
});

function outcome(read: () => unknown): unknown {
  try {
    return { value: read() };
  } catch (error) {
    return { refused: error instanceof Error && error.name === 'SyntaxError' };
  }
}
