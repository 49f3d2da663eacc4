import { spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
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
import { findLog } from 'duo-simulator';
import { readExample, withExample } from '../scripts/new-log-type/example';
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
  test('writes a service that has what telephony has but for a mapping to UDM and records of its own for one to OCSF, and reads what was asked for', async () => {
    const before = files();
    create(name, flags);
    const prefix = (folder: string) => (file: string) => file.startsWith(`${folder}/`);
    const telephony = before
      .filter((file) => prefix('telephony')(file) && !/udm(\.test)?\.ts$|ocsf\.ndjson$/.test(file))
      .map((file) => file.replaceAll('telephony', name))
      .sort();
    expect(files().filter(prefix(name))).toEqual(telephony);

    const found = await findLog(name, join(copy, 'services'));
    expect(found.logType).toEqual({ name, path: flags.path, schema: expect.anything(), ...described });
    expect(new Set(found.samples).size).toBe(3);
    for (const sample of found.samples) {
      expect(found.logType.schema.safeParse(JSON.parse(sample))).toMatchObject({ success: true });
      expect(found.logType.schema.safeParse({}).success).toBe(false);
    }
  });

  test('writes a mapping to OCSF that makes a base event of each sample', async () => {
    create(name, flags);
    const { samples } = await findLog(name, join(copy, 'services'));
    const { toOcsf } = await import(join(copy, 'services', name, 'src', 'ocsf.ts'));
    for (const sample of samples) {
      const { event, problems } = toOcsf(sample);
      expect([event, problems]).toEqual([
        expect.objectContaining({ class_uid: 0, raw_data: sample, time: expect.any(Number) }),
        [],
      ]);
      expect(event.time).toBeGreaterThan(0);
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
  ['a name in capitals', 'Passport', {}, 'a name must be lower-case words joined by hyphens'],
  ['a name that leads out of services/', '../passport', {}, 'a name must be lower-case words'],
  [
    'a name that is too long for AWS',
    'passport'.repeat(6),
    {},
    'is too long: AWS leaves room for 40 letters',
  ],
  ['a reserved word', 'enum', {}, '"enum" is already used by TypeScript'],
  [
    'a name that the written files import',
    'create-handler',
    {},
    '"create-handler" is already used by TypeScript',
  ],
  ['a name that packages/ knows', 'event', {}, '"event" is already used by TypeScript'],
  ['a path outside /admin/', 'passport', { path: '/auth/v2/passport' }, 'is not below /admin/'],
  ['a path that leads out', 'passport', { path: '/admin/../auth' }, 'is not below /admin/'],
  [
    'the path of another service',
    'passport',
    { path: '/admin/v2/logs/telephony' },
    'services/telephony reads /admin/v2/logs/telephony already',
  ],
  ['an unknown style', 'passport', { style: 'pages' }, '--style cannot be "pages"; see --help'],
  ['a misspelt style', 'passport', { style: 'cusror' }, '--style cannot be "cusror": did you mean cursor?'],
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

describe('with an example', () => {
  const services = readdirSync(join(root, 'services')).filter((name) =>
    existsSync(join(root, 'services', name, 'samples', 'response.json')),
  );

  test.each(services)('what the answer of %s tells need not be given', async (name) => {
    const { paging, records, time, id } = (await findLog(name)).logType;
    const answer = readFileSync(join(root, 'services', name, 'samples', 'response.json'), 'utf8');
    expect(readExample(answer).flags).toEqual({
      style: paging.style,
      ...(records !== undefined && { records }),
      time: time.field,
      unit: time.unit,
      ...(id !== undefined && { id }),
    });
  });

  const at = '2026-01-15T08:00:00.250000+00:00';
  const record = { visa_key: 'v-1', issued: at, seen: 1768464000, holder: 'ada@example.com' };
  const next_offset = `${Date.parse('2026-01-15T08:00:00.250Z')},v-2`;
  const response = { visas: [record, { ...record, visa_key: 'v-2' }], metadata: { next_offset } };
  const path = '/admin/v2/logs/visas';
  const createFrom = (answer: unknown, given: Record<string, string> = {}) => {
    const example = readExample(JSON.stringify(answer));
    return newLogType(
      describeLog('visa', withExample(readFlags({ path, ...given }), example)),
      copy,
      example,
    );
  };

  test('its records become the samples, and it the answer that the log is checked by', async () => {
    createFrom({ stat: 'OK', response });
    const found = await findLog('visa', join(copy, 'services'));
    expect(found.logType).toMatchObject({
      paging: { style: 'cursor', limit: 1000 },
      records: 'visas',
      time: { field: 'issued', unit: 'iso' },
      id: 'visa_key',
    });
    expect(found.samples).toEqual(response.visas.map((one) => JSON.stringify(one)));
    const written = readFileSync(join(copy, 'services', 'visa', 'samples', 'response.json'), 'utf8');
    expect(JSON.parse(written)).toEqual({ stat: 'OK', response });
  });

  test('one record is enough: the samples are copies of it', async () => {
    createFrom({ stat: 'OK', response: { ...response, visas: [{ ...record, visa_key: 'v-2' }] } });
    const found = await findLog('visa', join(copy, 'services'));
    expect(found.samples.map((sample) => JSON.parse(sample).holder)).toEqual(
      Array(3).fill('ada@example.com'),
    );
  });

  test.each([
    ['records', { records: 'itmes' }, '"response.itmes" is no array of records; "response.visas" is'],
    ['a time', { time: 'seen' }, 'the last record\'s time "seen" (s) is 1768464000000 ms'],
    ['a unit', { unit: 'ms' }, 'its time "issued" is in "iso", not in "ms"'],
    ['an id', { id: 'holder' }, 'record 2 has the same "holder" as record 1'],
    ['a style', { style: 'offset' }, 'the style "offset" is of another log'],
  ])('%s that it contradicts is refused by name, and nothing is written', (_, given, problem) => {
    const before = files();
    expect(() => createFrom({ stat: 'OK', response }, given)).toThrow(`--example: `);
    expect(() => createFrom({ stat: 'OK', response }, given)).toThrow(problem);
    expect(files()).toEqual(before);
  });

  test('what it cannot tell has to be given', () => {
    const ended = { ...response, metadata: { next_offset: null } };
    expect(() => createFrom({ stat: 'OK', response: ended })).toThrow('--style must be given');
    createFrom({ stat: 'OK', response: ended }, { style: 'cursor' });
  });

  test.each([
    ['no JSON', '{', '--example is not JSON'],
    ['no answer', '{"visas":[]}', '--example is not an answer from Duo'],
    ['a failure', '{"stat":"FAIL","code":40301}', '--example is not an answer from Duo'],
    ['no records', '{"stat":"OK","response":[]}', '--example has no records'],
    ['no list', '{"stat":"OK","response":{"metadata":{}}}', '--example has no records'],
    ['two lists', '{"stat":"OK","response":{"a":[{}],"b":[{}]}}', '--example has several lists, "a" and "b"'],
  ])('%s is refused', (_, text, problem) => {
    expect(() => readExample(text)).toThrow(problem);
  });

  test('the command takes a file, and says what to look at', () => {
    const file = join(copy, 'telephony.json');
    writeFileSync(file, JSON.stringify({ stat: 'OK', response }));
    const script = join(root, 'scripts', 'new-log-type', 'new-log-type.ts');
    const args = [script, 'log-type', 'telephony', '--path', path, '--example', file];
    const { status, stderr } = spawnSync(bin('tsx'), args, { encoding: 'utf8' });
    expect({ status, stderr }).toEqual({
      status: 2,
      stderr: 'services/telephony exists already: choose another name\n',
    });
  });

  test("the command's error quotes the file, and the terminal obeys nothing of it", () => {
    const file = join(copy, 'foreign.json');
    const lists = { 'a\u001b]0;x\u0007': [{}], 'b\u009b2J\u202e': [{}] };
    writeFileSync(file, JSON.stringify({ stat: 'OK', response: lists }));
    const script = join(root, 'scripts', 'new-log-type', 'new-log-type.ts');
    const args = [script, 'log-type', 'visa', '--path', path, '--example', file];
    const { status, stderr } = spawnSync(bin('tsx'), args, { encoding: 'utf8' });
    expect([status, stderr]).toEqual([
      2,
      expect.stringContaining('"a\\u001b]0;x\\u0007" and "b\\u009b2J\\u202e"'),
    ]);
  });
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
  const script = join(root, 'scripts', 'new-log-type', 'new-log-type.ts');
  const { status, stdout, stderr } = spawnSync(bin('tsx'), [script, 'log-type', 'passport'], {
    encoding: 'utf8',
  });
  expect({ status, stdout, stderr }).toEqual({
    status: 2,
    stdout: '',
    stderr: '--path, --style, --records, --time must be given; see --help\n',
  });
});
