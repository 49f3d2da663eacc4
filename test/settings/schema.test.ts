import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import Ajv from 'ajv';
import { parse } from 'yaml';

/*
 * What editors complete and check settings/*.yml with, held by a validator that has nothing to do with the deployments' own.
 */

const root = join(__dirname, '../..');
const committed = join(root, 'settings', 'settings.schema.json');
const schema = JSON.parse(readFileSync(committed, 'utf8'));
const { jsonSchema }: { jsonSchema(): unknown } = require('../../settings/json-schema.cjs');
const {
  descriptions,
}: {
  descriptions: Record<string, { says: string; without?: string }>;
} = require('../../settings/descriptions.cjs');

// The pattern beside the format says what an e-mail address is.
const valid = new Ajv({ formats: { email: true } }).compile(schema);
const problems = (text: string) => {
  valid(parse(text) ?? {});
  return (valid.errors ?? []).map(({ instancePath, message, params }) => ({ instancePath, message, params }));
};

/** The settings files of this repository, and those that its documents tell to write. */
const files = new Map(
  ['settings', 'test/settings'].flatMap((folder) =>
    readdirSync(join(root, folder))
      .filter((name) => name.endsWith('.yml'))
      .map((name): [string, string] => [`${folder}/${name}`, readFileSync(join(root, folder, name), 'utf8')]),
  ),
);
const documented = ['docs/settings.md', 'docs/secops.md'].flatMap((page) =>
  [...readFileSync(join(root, page), 'utf8').matchAll(/^```yaml\n(.*?)^```$/gms)].map(
    ([, text = '']): [string, string] => [page, text],
  ),
);

test('the committed schema is what deployments validate with: if not, run npx pnpm settings:schema', () => {
  expect(schema).toEqual(jsonSchema());
});

describe('a settings file', () => {
  test.each([...files])('%s names the schema in its first line, and keeps to it', (name, text) => {
    const [, named = 'none'] = /^# yaml-language-server: \$schema=(\S+)\n/.exec(text) ?? [];
    expect(relative(root, resolve(root, dirname(name), named))).toBe('settings/settings.schema.json');
    expect(problems(text)).toEqual([]);
  });

  test('is shown in the documents, and keeps to it there', () => {
    expect(documented.length).toBeGreaterThan(2);
    for (const [page, text] of documented) expect([page, problems(text)]).toEqual([page, []]);
  });
});

describe('it refuses', () => {
  test.each([
    ['memoryMB: 256', '', 'memoryMB'],
    ['alarmEmial: security@example.com', '', 'alarmEmial'],
    ['backfill: true', '', 'backfill'],
    ['logTypes: { telephony: { lookbackhours: 3 } }', '/logTypes/telephony', 'lookbackhours'],
    ['logTypes: { telephony: { bucket: other } }', '/logTypes/telephony', 'bucket'],
    ['reader: { kind: user, subject: a }', '/reader', 'subject'],
    [
      'vpc: { subnetIds: [subnet-01234567], securityGroupIds: [sg-01234567], subnets: [] }',
      '/vpc',
      'subnets',
    ],
  ])('the key in %s', (text, instancePath, additionalProperty) => {
    expect(problems(text)).toContainEqual(
      expect.objectContaining({ instancePath, params: { additionalProperty } }),
    );
  });

  test.each([
    'schedule: every day',
    'lookbackHours: 4297',
    'logLevel: LOUD',
    'memoryMb: "512"',
    'alarmEmail: security',
    'bucket: My_Bucket',
    'bucketAccountId: 210987654321',
    'functionLogRetentionDays: 91',
    'reader: { kind: robot }',
    'reader: { kind: role }',
    'tags: { cost: 12 }',
    'tags: { "aws:x": y }',
    'vpc: { subnetIds: [], securityGroupIds: [sg-01234567] }',
    '- schedule',
  ])('%s', (text) => {
    expect(problems(text)).not.toEqual([]);
  });
});

describe('each setting is described once:', () => {
  const cells = /^\| `(\w+)` (?:\\\*)? *\| (.*?) *\| (.*?) *\|$/gm;
  const plain = (text: string) =>
    text
      .replace(/, see below$/, '')
      .replaceAll('`', '')
      .replaceAll('\\', '');
  const rows = [...readFileSync(join(root, 'docs', 'settings.md'), 'utf8').matchAll(cells)].map(
    ([, key = '', says = '', without = '']): [string, string, string] => [key, plain(says), plain(without)],
  );
  const defaults: Record<string, unknown> = parse(files.get('settings/default.yml') ?? '');

  test('in docs/settings.md as in editors', () => {
    expect(Object.fromEntries(rows.map(([key, says]) => [key, says]))).toEqual(
      Object.fromEntries(Object.entries(descriptions).map(([key, { says }]) => [key, says])),
    );
    for (const [key, says] of rows) expect(schema.properties[key].description).toBe(says);
  });

  test.each(rows)('and what %s is without being set', (key, _says, without) => {
    const { [key]: builtIn } = descriptions;
    expect(key in defaults).toBe(builtIn?.without === undefined);
    expect(key in defaults ? parse(without) : without).toEqual(defaults[key] ?? builtIn?.without);
  });
});
