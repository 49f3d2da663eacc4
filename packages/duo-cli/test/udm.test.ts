import { existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { type FoundLog, findLogs } from 'duo-simulator';
import { findMapping } from '../src/logs/find-mapping';
import { readLines } from '../src/logs/read-lines';
import { duo } from './support/operator';

const services = join(__dirname, '../../../services');
const samplesOf = (name: string) => join(services, name, 'samples/records.ndjson');
const events = (out: string) =>
  out
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line));
const folder = mkdtempSync(join(tmpdir(), 'duo-udm-'));
const written = (name: string, content: string | Buffer) => {
  writeFileSync(join(folder, name), content);
  return join(folder, name);
};

const telephony = readFileSync(samplesOf('telephony'), 'utf8');

describe('every log', () => {
  let logs: FoundLog[];
  beforeAll(async () => {
    logs = await findLogs(services);
  });

  test('that has a mapping has an event for each of its samples', async () => {
    const mapped = logs.filter(({ logType }) => existsSync(join(services, logType.name, 'src/udm.ts')));
    expect(mapped.length).toBeGreaterThan(5);
    for (const { logType, samples } of mapped) {
      const { exitCode, out } = await duo(`udm ${logType.name} ${samplesOf(logType.name)}`);
      expect([logType.name, exitCode, events(out).length]).toEqual([logType.name, 0, samples.length]);
    }
  });

  test('deploys a function without its mapping', () => {
    for (const { logType } of logs) {
      const src = join(services, logType.name, 'src');
      for (const file of ['handler.ts', 'log-type.ts']) {
        expect(readFileSync(join(src, file), 'utf8')).not.toMatch(/udm/);
      }
    }
  });
});

describe('the records', () => {
  test.each([
    ['a file', written('a.ndjson', telephony), ''],
    ['a compressed file, whatever its name', written('a.txt', gzipSync(telephony)), ''],
    [
      'several compressed files in one',
      written(
        'b.gz',
        Buffer.concat([...telephony.trimEnd().split('\n')].map((line) => gzipSync(`${line}\n`))),
      ),
      '',
    ],
    ['standard input', '-', telephony],
    ['standard input, which is where they come from anyway', '', telephony],
    ['compressed standard input', '-', gzipSync(telephony)],
    ['lines that end as on Windows, with empty ones between', '-', telephony.replaceAll('\n', '\r\n\r\n')],
    ['a last line that does not end', '-', telephony.trimEnd()],
  ])('are read from %s', async (_, file, standardInput) => {
    const { exitCode, out, err } = await duo(`udm telephony ${file}`.trim(), { standardInput });
    expect({ exitCode, err, events: events(out).length }).toEqual({ exitCode: 0, err: '', events: 4 });
    expect(events(out)[0]).toMatchObject({ principal: { user: { userid: '+*********00' } } });
  });

  test('may hold characters that end a line elsewhere', async () => {
    const [first = ''] = telephony.split('\n');
    const record = first.replace('enrollment', 'en\u2028roll\u0085ment');
    const { out } = await duo('udm telephony', { standardInput: record });
    expect(events(out)).toMatchObject([{ metadata: { productEventType: 'en\u2028roll\u0085ment' } }]);
  });

  test('are none: nothing is printed', async () => {
    for (const args of ['udm telephony', 'udm telephony --import']) {
      expect(await duo(args)).toEqual({ exitCode: 0, out: '', err: '' });
    }
  });

  test('are read in pieces of any size', async () => {
    const bytes = Buffer.from('Équipe\nzwei\n\ndrei');
    for (const all of [bytes, gzipSync(bytes)]) {
      const read: string[] = [];
      for await (const line of readLines(Readable.from([...all].map((byte) => Buffer.from([byte]))))) {
        read.push(line);
      }
      expect(read).toEqual(['Équipe', 'zwei', '', 'drei']);
    }
  });
});

describe('a record that cannot be mapped', () => {
  const [first = '', second = '', ...more] = telephony.split('\n');
  const broken = [first, second.slice(0, -9), '"+15555550199"', second.replace('+00:00', ''), ...more];

  test('is told by its line and the reason and nothing of itself, and the others are printed', async () => {
    const { exitCode, out, err } = await duo('udm telephony', { standardInput: broken.join('\n') });
    expect([exitCode, events(out).length]).toEqual([1, 3]);
    expect(err.split('\n')).toEqual([
      'Line 2: it is not JSON.',
      'Line 3: it is not a JSON object.',
      'Line 4: ts is missing, or not an ISO 8601 time with a zone.',
      '3 of 6 lines cannot be mapped and are left out; the others are printed.',
      '',
    ]);
  });

  test('is not named line by line where that would go on and on', async () => {
    const named = await duo('udm telephony', { standardInput: 'x\n'.repeat(10) });
    expect(named.err.match(/^Line \d+: it is not JSON\.$/gm)).toHaveLength(10);
    expect(named.err).not.toContain('more');
    const { exitCode, err } = await duo('udm telephony', { standardInput: 'x\n'.repeat(1000) });
    expect([exitCode, err.split('\n')]).toEqual([
      1,
      [
        ...Array.from({ length: 10 }, (_, n) => `Line ${n + 1}: it is not JSON.`),
        '… and 990 more.',
        '1,000 of 1,000 lines cannot be mapped and are left out; the others are printed.',
        '',
      ],
    ]);
  });

  test('is left out of the bodies for the API as well', async () => {
    const { exitCode, out } = await duo('udm telephony --import', { standardInput: broken.join('\n') });
    expect(exitCode).toBe(1);
    expect(events(out)).toMatchObject([{ inline_source: { events: [{}, {}, {}] } }]);
  });

  test('is not what a damaged file is: that ends the command', async () => {
    const cut = written('cut.gz', gzipSync(telephony).subarray(0, -20));
    const { exitCode, err } = await duo(`udm telephony ${cut}`);
    expect({ exitCode, err }).toEqual({
      exitCode: 1,
      err: `${cut} cannot be read to the end: it is cut off.\n`,
    });
    for (const empty of ['', gzipSync('')])
      expect(await duo(`udm telephony ${written('empty', empty)}`)).toMatchObject({
        exitCode: 1,
        err: `${folder}/empty is empty.\n`,
      });
    expect(await duo(`udm telephony ${folder}/none`)).toMatchObject({
      exitCode: 1,
      err: `There is no file ${folder}/none.\n`,
    });
  });
});

test('a line that is longer than any record ends the command, however small the file is', async () => {
  const bomb = written('bomb.gz', gzipSync(Buffer.alloc(17 * 1024 * 1024, ' ')));
  const { exitCode, err } = await duo(`udm telephony ${bomb}`);
  expect({ exitCode, err }).toEqual({
    exitCode: 1,
    err: `${bomb} cannot be read to the end: a line has more than 16777216 characters.\n`,
  });
});

test('phone numbers are hidden, unless they are asked for or the API is to have them', async () => {
  const command = `udm telephony ${samplesOf('telephony')}`;
  expect((await duo(command)).out).not.toMatch(/\+\d/);
  for (const flag of ['--raw', '--import']) {
    expect((await duo(`${command} ${flag}`)).out).toContain('"userid":"+15555550100"');
  }
});

test('--import prints the body of events:import', async () => {
  const plain = await duo(`udm telephony --raw --json ${samplesOf('telephony')}`);
  const { exitCode, out, err } = await duo(`udm telephony --import ${samplesOf('telephony')}`);
  expect({ exitCode, err }).toEqual({ exitCode: 0, err: '' });
  expect(events(out)).toEqual([{ inline_source: { events: events(plain.out).map((udm) => ({ udm })) } }]);
});

test('--import prints as many bodies as the API takes in one go', async () => {
  const { out } = await duo('udm telephony --import', { standardInput: telephony.repeat(1_000) });
  const bodies = events(out);
  expect(bodies.length).toBeGreaterThan(1);
  expect(bodies.flatMap((body) => body.inline_source.events)).toHaveLength(4_000);
  for (const line of out.split('\n')) expect(Buffer.byteLength(line)).toBeLessThanOrEqual(1_000_000);
});

test('where the parser of Google breaks a rule of UDM, that is said, and --import keeps the rule', async () => {
  const standardInput = telephony.replace('"type"', '"host": "api-example.example.com", "type"');
  const rule = '1 × USER_UNCATEGORIZED needs target.user';
  const preview = await duo('udm telephony', { standardInput });
  expect(preview).toMatchObject({ exitCode: 0, err: expect.stringMatching(`^${rule}, as Google's parser`) });
  expect(events(preview.out)[0].metadata.eventType).toBe('USER_UNCATEGORIZED');
  const body = await duo('udm telephony --import', { standardInput });
  expect(body).toMatchObject({ exitCode: 0, err: expect.stringMatching(`^${rule}, so it is printed in`) });
  expect(events(body.out)[0].inline_source.events[0].udm.metadata.eventType).toBe('GENERIC_EVENT');
});

test.each([
  ['udm', "missing required argument 'log-type'"],
  ['udm nothing', 'There is no log type "nothing"; there are '],
  ['udm telephone', 'There is no log type "telephone". Did you mean telephony? There are '],
  ['udm telephony a b', 'too many arguments'],
  ['udm telephony --send', "unknown option '--send'"],
])('pnpm duo %s is wrong usage', async (args, said) => {
  expect(await duo(args)).toEqual({ exitCode: 2, out: '', err: expect.stringContaining(said) });
});

test('a log without a mapping is told what to write', async () => {
  await expect(findMapping('bare', async () => undefined)).rejects.toThrow(
    'bare has no mapping to UDM. Write services/bare/src/udm.ts, which exports toUdm: docs/udm.md says how.',
  );
  await expect(findMapping('other', async () => ({ somethingElse: 1 }))).rejects.toThrow(
    'does not export the function toUdm',
  );
});

test('pnpm duo udm --help explains itself', async () => {
  expect(await duo('udm --help')).toMatchObject({ exitCode: 0, out: expect.stringContaining('--import') });
});
