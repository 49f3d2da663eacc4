import { spawnSync } from 'node:child_process';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { findLogs } from 'duo-simulator';
import { describeLog, readFlags } from '../scripts/new-log-type/flags';
import { newLogType } from '../scripts/new-log-type/write';

const root = join(__dirname, '..');
const bin = (name: string) => join(root, 'node_modules', '.bin', name);

const composeText = `# What is deployed, in this order.
services:
  storage:
    path: services/storage

  telephony:
    path: services/telephony
    dependsOn: storage

# What is not deployed by default.
`;

/** What the command reads and writes, with one log type: whatever others there are, these tests are the same. */
let copy: string;
beforeEach(() => {
  copy = mkdtempSync(join(tmpdir(), 'duo-new-log-type-'));
  mkdirSync(join(copy, 'services', 'storage'), { recursive: true });
  const isSource = (path: string) => !/^(\.|node_modules$)/.test(basename(path));
  const telephony = join('services', 'telephony');
  cpSync(join(root, telephony), join(copy, telephony), { recursive: true, filter: isSource });
  writeFileSync(join(copy, 'serverless-compose.yml'), composeText);
  for (const folder of ['packages', 'node_modules']) symlinkSync(join(root, folder), join(copy, folder));
});
afterEach(() => rmSync(copy, { recursive: true }));

const create = (name: string, values: Record<string, string>) =>
  newLogType(describeLog(name, readFlags(values)), copy);
const compose = () => readFileSync(join(copy, 'serverless-compose.yml'), 'utf8');
const files = () => readdirSync(join(copy, 'services'), { recursive: true, encoding: 'utf8' }).sort();

const cursor = { path: '/admin/v2/logs/passport', style: 'cursor', records: 'items', time: 'ts' };
const offset = { path: '/admin/v1/risk/events', style: 'offset', records: 'events', time: 'seen_at' };
const time = { path: '/admin/v1/logs/sign_in', style: 'time', time: 'timestamp' };

const cases: [name: string, flags: Record<string, string> & { path: string }, described: object][] = [
  [
    'passport',
    cursor,
    {
      paging: { style: 'cursor', limit: 1000 },
      records: 'items',
      time: { field: 'ts', unit: 'iso' },
      id: 'passport_id',
    },
  ],
  [
    'risk-event',
    offset,
    {
      paging: { style: 'offset', limit: 200 },
      records: 'events',
      time: { field: 'seen_at', unit: 'ms' },
      id: 'risk_event_id',
      overlapSeconds: 86_400,
    },
  ],
  ['sign-in', time, { paging: { style: 'time', limit: 1000 }, time: { field: 'timestamp', unit: 's' } }],
  [
    'all-given',
    { ...cursor, path: '/admin/v3/all', unit: 'ms', limit: '50', id: 'key' },
    {
      paging: { style: 'cursor', limit: 50 },
      records: 'items',
      time: { field: 'ts', unit: 'ms' },
      id: 'key',
    },
  ],
];

describe.each(cases)('pnpm new log-type %s', (name, flags, described) => {
  test('writes a service that has what telephony has but for a mapping to UDM, and reads what was asked for', async () => {
    const before = files();
    create(name, flags);
    const prefix = (folder: string) => (file: string) => file.startsWith(`${folder}/`);
    const telephony = before
      .filter((file) => prefix('telephony')(file) && !/udm(\.test)?\.ts$/.test(file))
      .map((file) => file.replaceAll('telephony', name))
      .sort();
    expect(files().filter(prefix(name))).toEqual(telephony);

    const found = (await findLogs(join(copy, 'services'))).find(({ logType }) => logType.name === name);
    expect(found?.logType).toEqual({ name, path: flags.path, schema: expect.anything(), ...described });
    expect(new Set(found?.samples).size).toBe(3);
    for (const sample of found?.samples ?? []) {
      expect(found?.logType.schema.safeParse(JSON.parse(sample))).toMatchObject({ success: true });
      expect(found?.logType.schema.safeParse({}).success).toBe(false);
    }
  });

  test('names the log, and no other, in every file', () => {
    for (const file of create(name, flags).filter((path) => path.startsWith('services/'))) {
      expect(readFileSync(join(copy, file), 'utf8')).not.toMatch(/telephony/i);
    }
  });

  test('adds its compose entry and changes nothing else there', () => {
    create(name, flags);
    const entry = `\n  ${name}:\n    path: services/${name}\n    dependsOn: storage\n`;
    expect(compose()).toContain(entry);
    expect(compose().replace(entry, '')).toBe(composeText);
  });
});

test('what is written is formatted and linted already', () => {
  for (const [name, flags] of cases) create(name, flags);
  const written = cases.map(([name]) => join(copy, 'services', name));
  const options = ['--error-on-warnings', '--vcs-enabled=false', `--config-path=${root}`];
  const { status, stderr } = spawnSync(bin('biome'), ['check', ...options, ...written], { encoding: 'utf8' });
  expect({ status, stderr }).toEqual({
    status: 0,
    stderr: expect.stringMatching(/^Checked [1-9]\d* files .* No fixes applied\.\n$/),
  });
});

test('the compose entries are in the order of the alphabet, after the storage', () => {
  for (const name of ['zebra', 'aardvark', 'passport']) create(name, { ...cursor, path: `/admin/${name}` });
  const names = [...compose().matchAll(/^ {2}([\w-]+):$/gm)].map(([, name]) => name);
  expect(names).toEqual(['storage', 'aardvark', 'passport', 'telephony', 'zebra']);
});

test.each([
  ['the name of a service', 'telephony', {}, 'services/telephony exists already'],
  ['the name of the storage', 'storage', {}, 'services/storage exists already'],
  ['a folder that differs by its capitals', 'visa', {}, 'services/visa exists already'],
  ['a name in capitals', 'Passport', {}, 'a name consists of lower-case words joined by hyphens'],
  ['a name that leads out of services/', '../passport', {}, 'a name consists of lower-case words'],
  ['a name that is too long for AWS', 'passport'.repeat(6), {}, 'longer than the 40 letters'],
  ['a reserved word', 'enum', {}, '"enum" is a word of TypeScript'],
  ['a name that the written files import', 'create-handler', {}, '"create-handler" is a word of TypeScript'],
  ['a name that packages/ knows', 'event', {}, '"event" is a word of TypeScript'],
  ['a path outside /admin/', 'passport', { path: '/auth/v2/passport' }, 'is not below /admin/'],
  ['a path that leads out', 'passport', { path: '/admin/../auth' }, 'is not below /admin/'],
  [
    'the path of another service',
    'passport',
    { path: '/admin/v2/logs/telephony' },
    'services/telephony reads /admin/v2/logs/telephony already',
  ],
  ['an unknown style', 'passport', { style: 'pages' }, '--style cannot be "pages"'],
  ['an unknown unit', 'passport', { unit: 'min' }, '--unit cannot be "min"'],
  ['a limit that is no number', 'passport', { limit: 'many' }, '--limit cannot be "many"'],
  ['a limit of none', 'passport', { limit: '0' }, '--limit cannot be "0"'],
  [
    'records by a path',
    'passport',
    { records: 'a.b' },
    '--records "a.b" is not the plain name of a property',
  ],
  ['a time in quotes', 'passport', { time: "t'" }, '--time "t\'" is not the plain name of a property'],
  ['an id that is none', 'passport', { id: '' }, '--id "" is not the plain name of a property'],
  ['an id that is the time', 'passport', { id: 'ts' }, '--id and --time are both "ts"'],
  ['records in the style time', 'passport', { style: 'time' }, 'takes neither --records nor --id'],
])('%s is refused, and nothing is written', (_, name, flags, problem) => {
  mkdirSync(join(copy, 'services', 'Visa'));
  const before = files();
  expect(() => create(name, { ...cursor, ...flags })).toThrow(problem);
  expect(files()).toEqual(before);
  expect(compose()).toBe(composeText);
});

test('an id in the style time is refused', () => {
  expect(() => create('passport', { ...time, id: 'key' })).toThrow('takes neither --records nor --id');
});

test('an entry that is left in the compose file is refused', () => {
  create('passport', cursor);
  rmSync(join(copy, 'services', 'passport'), { recursive: true });
  expect(() => create('passport', cursor)).toThrow('serverless-compose.yml has an entry passport already');
});

test.each([
  [{}, '--path, --style, --records, --time must be given'],
  [{ style: 'time' }, '--path, --time must be given'],
  [{ ...cursor, records: '' }, '--records must be given'],
])('with %j, all that is missing is named at once', (flags, problem) => {
  expect(() => create('passport', flags)).toThrow(problem);
});

test('without a terminal nothing is asked: the command says what is missing and ends with 2', () => {
  const script = join(root, 'scripts', 'new-log-type.ts');
  const { status, stdout, stderr } = spawnSync(bin('tsx'), [script, 'log-type', 'passport'], {
    encoding: 'utf8',
  });
  expect({ status, stdout, stderr }).toEqual({
    status: 2,
    stdout: '',
    stderr: '--path, --style, --records, --time must be given; see --help\n',
  });
});
