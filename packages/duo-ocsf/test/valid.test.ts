import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { readDefinitions } from '../../../tools/ocsf/schema';
import { selection } from '../../../tools/ocsf/selection';
import { typesText } from '../../../tools/ocsf/types-text';
import { ocsfValidator } from '../../../tools/ocsf/validator';
import type { OcsfEvent } from '../src/schema';
import { mapped, mappingOf, recordsOf } from './support/mappings';

const root = join(__dirname, '../../..');
const problemsOf = ocsfValidator();

test('the types are those that the selected part of OCSF makes', () => {
  const file = 'packages/duo-ocsf/src/schema.ts';
  const { stdout, stderr } = spawnSync(
    join(root, 'node_modules/.bin/biome'),
    ['check', '--write', `--stdin-file-path=${file}`],
    { cwd: root, input: typesText(readDefinitions(), selection), encoding: 'utf8' },
  );
  expect([stdout, stderr]).toEqual([readFileSync(join(root, file), 'utf8'), '']);
});

test('there are logs with a mapping', () => {
  expect(mapped.length).toBeGreaterThan(5);
});

describe.each(mapped)('an event of %s', (name) => {
  test("is what OCSF's schema takes, of the log's records, and nothing is wrong with them", async () => {
    const toOcsf = await mappingOf(name);
    for (const record of recordsOf(name)) {
      const { event, problems } = toOcsf(record);
      expect([record, problems, problemsOf(event)]).toEqual([record, [], []]);
    }
  });

  test('is what it takes whatever has become of a record, and loses no text and no time', async () => {
    const toOcsf = await mappingOf(name);
    const records = recordsOf(name);
    fc.assert(
      fc.property(damaged(records), (record) => {
        const { event, problems } = toOcsf(record);
        expect(problemsOf(event)).toEqual([]);
        expect(event.raw_data).toBe(record);
        if (problems.length > 0) expect(event.status_detail).toBe(problems.join('; '));
      }),
      { numRuns: 300 },
    );
  });
});

test.each<[string, (event: OcsfEvent) => object]>([
  ['a field that OCSF does not know', (event) => ({ ...event, phone: '1' })],
  ['no time', ({ time: _, ...event }) => event],
  ['a number of another class', (event) => ({ ...event, type_uid: 300_201 })],
  ['a text where a number is', (event) => ({ ...event, severity_id: '1' })],
])('the schema finds %s', async (_, damage) => {
  const [name = ''] = mapped;
  const [record = ''] = recordsOf(name);
  const { event } = (await mappingOf(name))(record);
  expect(problemsOf(event)).toEqual([]);
  expect(problemsOf(Object.assign(damage(event)))).not.toEqual([]);
});

/** Records with one to four values replaced by whatever JSON can say, or put where nothing was, or texts that are no record. */
function damaged(records: readonly string[]): fc.Arbitrary<string> {
  const odd = fc.oneof(
    fc.json().map((text): unknown => JSON.parse(text)),
    fc.string({ unit: 'binary' }),
    fc.constantFrom<unknown>(
      '',
      null,
      [],
      {},
      '\ud800',
      'x'.repeat(70_000),
      1e300,
      -1,
      0.5,
      true,
      'ada@example.com',
      'not a host name',
      '2026-01-15T08:12:09',
      '192.0.2.10:1234',
      '::ffff:192.0.2.1',
      'fe80::1%eth0',
      '{"uname": {"a": 1}, "groups": "x"}',
      '[1, 2]',
    ),
  );
  const change = fc.tuple(fc.nat(), odd);
  const changed = fc
    .tuple(fc.constantFrom(...records), fc.array(change, { minLength: 1, maxLength: 4 }))
    .map(([record, changes]) =>
      JSON.stringify(
        changes.reduce<unknown>((value, [at, by]) => replaced(value, at, by), JSON.parse(record)),
      ),
    )
    .filter((record) => record.length <= 65_535 && /^[^\ud800-\udfff]*$/.test(record));
  return fc.oneof({ weight: 9, arbitrary: changed }, fc.json(), fc.string());
}

/** A value with one of its members, or of theirs, replaced. */
function replaced(value: unknown, at: number, by: unknown): unknown {
  if (typeof value !== 'object' || value === null) return by;
  const keys = Object.keys(value);
  const key = keys[at % (keys.length + 1)];
  if (key === undefined) return by;
  const deeper = Math.floor(at / (keys.length + 1));
  const member: unknown = Reflect.get(value, key);
  const isDeep = typeof member === 'object' && member !== null && deeper % 2 === 1;
  const next = isDeep ? replaced(member, Math.floor(deeper / 2), by) : by;
  return Array.isArray(value) ? value.with(Number(key), next) : { ...value, [key]: next };
}
