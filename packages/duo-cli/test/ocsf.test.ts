import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import { findLogs } from 'duo-simulator';
import { findOcsfMapping } from '../src/logs/find-mapping';
import { duo } from './support/operator';

const services = join(__dirname, '../../../services');
const samplesOf = (name: string) => join(services, name, 'samples/records.ndjson');
const events = (out: string) =>
  out
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line));
const folder = mkdtempSync(join(tmpdir(), 'duo-ocsf-'));
const written = (name: string, content: string | Buffer) => {
  writeFileSync(join(folder, name), content);
  return join(folder, name);
};
const telephony = readFileSync(samplesOf('telephony'), 'utf8');

test('every log has a mapping, and an event for each of its samples, with nothing wrong', async () => {
  const logs = await findLogs(services);
  expect(logs.length).toBeGreaterThan(5);
  for (const { logType, samples } of logs) {
    const { exitCode, out, err } = await duo(`ocsf ${logType.name} ${samplesOf(logType.name)} --raw`);
    expect([logType.name, exitCode, err]).toEqual([logType.name, 0, '']);
    expect(events(out).map(({ raw_data }) => raw_data)).toEqual(samples);
  }
});

test('no function that collects has the mapping in it', async () => {
  for (const { logType } of await findLogs(services)) {
    const src = join(services, logType.name, 'src');
    expect(existsSync(join(src, 'ocsf.ts'))).toBe(true);
    for (const file of ['handler.ts', 'log-type.ts'])
      expect(readFileSync(join(src, file), 'utf8')).not.toMatch(/ocsf/i);
  }
});

describe('the records', () => {
  test.each([
    ['a file', written('a.ndjson', telephony), ''],
    ['a compressed file', written('a.txt', gzipSync(telephony)), ''],
    ['standard input', '', telephony],
    ['lines that end as on Windows, with empty ones between', '-', telephony.replaceAll('\n', '\r\n\r\n')],
  ])('are read from %s', async (_, file, standardInput) => {
    const { exitCode, out, err } = await duo(`ocsf telephony ${file}`.trim(), { standardInput });
    expect({ exitCode, err, events: events(out).length }).toEqual({ exitCode: 0, err: '', events: 4 });
  });

  test('are none: nothing is printed', async () => {
    expect(await duo('ocsf telephony')).toEqual({ exitCode: 0, out: '', err: '' });
  });

  test('are an empty file: it says so', async () => {
    const { exitCode, err } = await duo(`ocsf telephony ${written('empty', '')}`);
    expect([exitCode, err]).toEqual([1, expect.stringContaining('empty is empty.')]);
  });

  test('have their phone numbers hidden wherever they stand, unless they are asked for', async () => {
    const { out } = await duo('ocsf telephony', { standardInput: telephony });
    expect(out).not.toMatch(/\+1555/);
    expect(events(out)[0]).toMatchObject({
      observables: [{ type: 'Phone Number', value: '+*********00' }],
      raw_data: expect.stringContaining('"phone": "+*********00"'),
      unmapped: { phone: '+*********00' },
    });
    const raw = await duo('ocsf telephony --raw', { standardInput: telephony });
    expect(events(raw.out)[0]).toMatchObject({ unmapped: { phone: '+15555550100' } });
  });
});

describe('a record with which something is wrong', () => {
  const [first = '', second = '', ...more] = telephony.split('\n');
  const broken = [first, second.slice(0, -9), '"+15555550199"', second.replace('+00:00', ''), ...more];

  test('is told by its line and the reason and nothing of itself, and is printed', async () => {
    const { exitCode, out, err } = await duo('ocsf telephony --raw', { standardInput: broken.join('\n') });
    expect([exitCode, events(out).map(({ raw_data }) => raw_data)]).toEqual([0, broken.filter(Boolean)]);
    expect(err.split('\n')).toEqual([
      'Line 2: the record is not JSON.',
      'Line 3: the record is not a JSON object.',
      'Line 4: ts is missing, or not an ISO 8601 time with a zone.',
      expect.stringMatching(/^Something is wrong with 3 of 6 records\./),
      '',
    ]);
    expect(events(out)[1].status_detail).toBe('the record is not JSON');
  });

  test('is not named line by line where that would go on and on', async () => {
    const named = await duo('ocsf telephony', { standardInput: 'x\n'.repeat(10) });
    expect(named.err.match(/^Line \d+: /gm)).toHaveLength(10);
    expect(named.err).not.toMatch(/more\.$/m);
    const { exitCode, out, err } = await duo('ocsf telephony', { standardInput: 'x\n'.repeat(2012) });
    expect([exitCode, events(out).length, err.match(/^Line \d+: /gm)?.length]).toEqual([0, 2012, 10]);
    expect(err).toContain('… and 2,002 more.\nSomething is wrong with 2,012 of 2,012 records.');
  });
});

test.each([
  ['no mapping', undefined, /telephony has no mapping to OCSF\. Write services\/telephony\/src\/ocsf\.ts/],
  ['another export', {}, 'services/telephony/src/ocsf.ts does not export the function toOcsf.'],
])('a service with %s is told what to write', async (_, module, said) => {
  await expect(findOcsfMapping('telephony', async () => module)).rejects.toThrow(said);
});

test('a log that does not exist is refused before anything is read', async () => {
  const { exitCode, err } = await duo('ocsf telefony');
  expect([exitCode, err]).toEqual([2, expect.stringContaining('Did you mean telephony?')]);
});
