import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { simulatorCredentials } from 'duo-simulator';
import { choicesOf } from '../src/commands/completion/choices';
import { type Ask, thisProcess, worldOf } from '../src/operator/world';
import { startAws } from './support/aws';
import { createCollected } from './support/collected';
import { duo, type Typed } from './support/operator';

/*
 * Whoever can put a text into Duo, into a bucket or into what a stage has at AWS is no one whom the operator's terminal obeys.
 */

/** Renames the window; clears the screen; turns what follows around. */
const foreign = 'A\u001b]0;x\u0007B\u009b2JC\u202eD';
/** How it is printed: of what is JSON, or a URL, some of it was written otherwise before. */
const seen = /(\\u001b|%1B)\]0;x(\\u0007|%07)B(\\u009b|%C2%9B)2JC(\\u202e|%E2%80%AE)D/i;
const obeyed = /(?!\n)[\p{Cc}\p{Bidi_Control}]/u;

const verify = 'verify telephony --from 2026-02-28T12:00:00Z';
const backfill = 'backfill telephony --local --from 2026-02-20 --to 2026-02-21 --yes';
const set = 'checkpoint set telephony --watermark 2026-03-01T11:59:00Z --yes';
const setSource = 'checkpoint set telephony --source api-other.duosecurity.com --yes';
const imported = 'checkpoint import telephony --yes --from';
/** Those that read a checkpoint. */
const readers = [
  'status',
  'status --json',
  'doctor',
  'doctor --json',
  'tail telephony',
  verify,
  'checkpoint show telephony',
  set,
  setSource,
  backfill,
  'receipts telephony',
  'report --json',
];

let collected: Awaited<ReturnType<typeof createCollected>>;
let aws: Awaited<ReturnType<typeof startAws>>;
/** What lies outside of the store. */
let elsewhere: string;
beforeEach(async () => {
  collected = await createCollected();
  collected.publish('telephony', 50, 10);
  await collected.collect('telephony');
  aws = await startAws();
  Object.assign(process.env, aws.env);
  elsewhere = mkdtempSync(join(tmpdir(), 'duo-elsewhere-'));
});
afterEach(async () => {
  await collected.close();
  aws.close();
  rmSync(elsewhere, { recursive: true });
});

/** Does something to the state of a log, as whoever may write to the store can. */
function forge(change: (checkpoint: Record<string, unknown>) => object): void {
  const file = collected.file('telephony');
  writeFileSync(file, JSON.stringify(change(JSON.parse(readFileSync(file, 'utf8')))));
}

function put(key: string, body: string | Uint8Array): string {
  const file = join(collected.root, key);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, body);
  return file;
}

/** Everything that a command prints, asks included; `tail` ends at its first wait. */
async function printedBy(command: string, typed: Typed = {}): Promise<string> {
  const ctrlC = { ...collected.clock, sleep: () => Promise.reject(new Error('Ctrl-C')) };
  const clock = command.startsWith('tail') ? ctrlC : collected.clock;
  const { out, err } = await duo(command, { clock, ...typed, env: { ...collected.env, ...typed.env } });
  return out + err;
}

/** The foreign text is there to be read, and nothing of it does anything. */
async function expectHarmless(command: string, typed?: Typed): Promise<void> {
  const printed = await printedBy(command, typed);
  expect(printed.replace(/\n */g, '')).toMatch(seen);
  expect(printed).not.toMatch(obeyed);
}

const inFolder = (command: string) => `${command} --store ${collected.store}`;

describe('a record', () => {
  const record = () => `{"ts":"2026-03-01T11:50:00Z","phone":"${foreign}"}`;
  const key = 'logs/telephony/2026/03/01/1772366000000-1772366400000-000009-00000000000000000000000000000000';

  test.each(['tail telephony', 'tail telephony --raw', 'tail telephony --json'])('%s', async (command) => {
    put(`${key}.ndjson.gz`, gzipSync(`${record()}\n`));
    await expectHarmless(inFolder(command));
  });

  test.each([
    'udm telephony',
    'udm telephony --raw',
    'udm telephony --import',
    'udm telephony --json',
    'ocsf telephony',
    'ocsf telephony --raw',
    'ocsf telephony --json',
  ])('%s', async (command) => {
    const [sample = ''] = readFileSync(
      join(__dirname, '../../../services/telephony/samples/records.ndjson'),
      'utf8',
    ).split('\n');
    const text = JSON.stringify({ ...JSON.parse(sample), phone: foreign });
    const file = put('records.ndjson', `${text}\n`);
    await expectHarmless(`${command} ${file}`);
  });

  test.each([
    ['query', 'phone', ''],
    ['query', 'raw', ' --csv'],
    ['query', 'phone', ' --json'],
    ['query', 'error(phone)', ''],
  ])('%s of %s%s', async (command, selected, flags) => {
    const sql = `select/**/${selected}/**/from/**/telephony/**/where/**/contains(raw,']0;x')`;
    const text = JSON.stringify({ ts: '2026-03-01T11:50:00Z', phone: foreign });
    put(`${key}.ndjson.gz`, gzipSync(`${text}\n${record()}\n`));
    await expectHarmless(`${inFolder(`${command} ${sql}`)}${flags}`);
  });

  test('is the same to who reads what tail prints as JSON', async () => {
    const text = JSON.stringify({ ts: '2026-03-01T11:50:00Z', phone: foreign });
    put(`${key}.ndjson.gz`, gzipSync(`${text}\n`));
    const printed = await printedBy(`${inFolder('tail telephony')} --lines 1`);
    expect(JSON.parse(printed.split('\n')[0] ?? '')).toMatchObject({ phone: foreign });
  });
});

describe("an object's name", () => {
  test.each(['tail telephony', 'status', 'status --json', 'doctor', 'doctor --json'])(
    '%s',
    async (command) => {
      const name = `1772366000000-1772366400000-000009-${'0'.repeat(32)}.ndjson.gz`;
      put(`logs/telephony/2026/03/01/${foreign}/${name}`, '');
      await expectHarmless(inFolder(command));
    },
  );
});

describe('a checkpoint of another log type', () => {
  test.each(readers)('%s', async (command) => {
    forge((checkpoint) => ({ ...checkpoint, logType: foreign }));
    await expectHarmless(inFolder(command));
  });

  test('collect telephony', async () => {
    forge((checkpoint) => ({ ...checkpoint, logType: foreign }));
    await expectHarmless(`collect telephony --to ${collected.root}`);
  });
});

describe('what a checkpoint says of itself', () => {
  test.each(['checkpoint show telephony --json', 'checkpoint show telephony --raw'])(
    '%s',
    async (command) => {
      forge((checkpoint) => ({ ...checkpoint, by: foreign }));
      await expectHarmless(inFolder(command));
    },
  );

  test.each(['doctor', verify, setSource, backfill])('%s, of its account', async (command) => {
    forge((checkpoint) => ({ ...checkpoint, source: foreign }));
    await expectHarmless(inFolder(command));
  });

  test.each(readers)('%s, of its fields', async (command) => {
    forge((checkpoint) => ({ ...checkpoint, seen: { [foreign]: 'none' } }));
    await expectHarmless(inFolder(command));
  });
});

test('a receipt: receipts --json', async () => {
  const counts = { shown: 1, stored: 1, repaired: 0, changed: 0, doubled: 0, astray: 0, deleted: 0 };
  const at = Date.parse('2026-02-28T12:00:00Z');
  const receipt = { version: 1, logType: 'telephony', source: foreign, day: '2026-02-27', at, ...counts };
  put(`receipts/telephony/2026/02/27/${at}.json`, JSON.stringify(receipt));
  await expectHarmless(inFolder('receipts telephony --from 2026-02-27 --json'));
});

describe("Duo's error, or that of who answers instead", () => {
  const keys = () => {
    const file = join(elsewhere, 'keys.json');
    writeFileSync(file, JSON.stringify(simulatorCredentials));
    return file;
  };
  test.each([
    'doctor',
    'doctor --json',
    verify,
    backfill,
    'collect telephony --to',
    'credentials check --stage prod',
    'credentials put --stage prod --file',
  ])('%s', async (command) => {
    for (const [key, Value] of Object.entries(simulatorCredentials))
      aws.parameters.push({
        Name: `/duo/prod/${key === 'apiHost' ? 'api-host' : key}`,
        Value,
        Type: 'SecureString',
      });
    collected.clock.advance(600_000);
    collected.simulator.fail(
      { status: 403, body: { stat: 'FAIL', code: 40301, message: foreign } },
      { times: 99 },
    );
    const whole = command.endsWith('--to')
      ? `${command} ${elsewhere}`
      : command.endsWith('--file')
        ? `${command} ${keys()}`
        : command.startsWith('credentials')
          ? command
          : inFolder(command);
    await expectHarmless(whole, { env: aws.env });
  });
});

describe("AWS's error", () => {
  beforeEach(() => {
    for (const action of [
      's3:GetObject',
      's3:ListBucket',
      's3:PutObject',
      'ssm:GetParameters',
      'ssm:PutParameter',
      'cloudformation:DescribeStacks',
      'cloudformation:ListExports',
    ])
      aws.denied.add(action);
    aws.said.refusal = foreign;
  });

  test.each([...readers, 'checkpoint reset telephony --yes', `${imported} s3://a-bucket/duo`])(
    '%s --store s3://…',
    async (command) => {
      await expectHarmless(`${command} --store s3://a-bucket`, { env: aws.env });
    },
  );

  test.each([
    ...readers,
    'checkpoint reset telephony --yes',
    'feed telephony',
    'accounts list',
    'accounts add acme --file -',
    'accounts discover --no-try',
    'accounts remove acme --yes',
    'credentials check',
    'credentials put --no-check --file -',
  ])('%s --stage prod', async (command) => {
    const standardInput = JSON.stringify({ ...simulatorCredentials, skey: 'x'.repeat(40) });
    await expectHarmless(`${command} --stage prod`, { env: aws.env, standardInput });
  });
});

describe('what a stage has at AWS', () => {
  test.each(['credentials check --stage prod', 'doctor --stage prod'])(
    '%s, of a parameter',
    async (command) => {
      aws.exports.set('duo-storage-prod-BucketName', 'a-bucket');
      aws.parameters.push({ Name: '/duo/prod/ikey', Value: foreign, Type: foreign });
      await expectHarmless(command, { env: aws.env });
    },
  );

  test('doctor --stage prod, of a schedule', async () => {
    aws.exports.set('duo-storage-prod-BucketName', 'a-bucket');
    for (const name of ['duo-storage-prod', 'duo-telephony-prod']) aws.stacks.add(name);
    aws.schedules.set('duo-telephony-prod', { State: 'ENABLED', ScheduleExpression: foreign });
    await expectHarmless('doctor --stage prod', { env: aws.env });
  });
});

test.each([
  'feed telephony --stage',
  'credentials put --no-check --file - --stage',
  'settings show --stage',
  'settings check --stage',
])("a stage's settings: %s", async (command) => {
  for (const name of ['duo-storage-odd', 'duo-telephony-odd']) aws.stacks.add(name);
  aws.outputs.set('BucketName', 'a-bucket');
  writeFileSync(join(elsewhere, 'odd.yml'), `${JSON.stringify(foreign)}: 1\n`);
  process.env.SETTINGS_FOLDER = elsewhere;
  try {
    await expectHarmless(`${command} odd`, { env: aws.env });
  } finally {
    delete process.env.SETTINGS_FOLDER;
  }
});

describe("Google's function's own bucket", () => {
  test('checkpoint import, of an object', async () => {
    writeFileSync(join(elsewhere, 'state.json'), '{"next_offset": null}');
    put(join('seed', `${foreign}_20260301_120000.json`), '{}');
    await expectHarmless(`${imported} ${join(collected.root, foreign)} --store ${collected.store}/other`);
  });
});

const colours = [2, 22, 31, 39].map((code) => `\u001b[${code}m`);

test('completion offers no file of such a name, nor one that a shell would take for several', () => {
  for (const name of [foreign, 'one\ntwo', 'records.ndjson']) writeFileSync(join(elsewhere, name), '');
  expect(choicesOf('file', `${elsewhere}/`)).toEqual([`${elsewhere}/records.ndjson`]);
});

describe('a terminal', () => {
  test('keeps its colours and its cleared lines, which are our own', async () => {
    const bar = await printedBy(inFolder(`${verify} --repair`), { screen: true, columns: 80 });
    expect(bar).toContain('\r\u001b[K');
    forge((checkpoint) => ({ ...checkpoint, logType: foreign }));
    const printed = await printedBy(inFolder('status'), { screen: true });
    const texts = colours.reduce((text, colour) => text.replaceAll(colour, ''), printed);
    expect(printed).toContain('\u001b[31m');
    expect(texts).not.toMatch(obeyed);
  });

  test('is asked only what is harmless', async () => {
    const asked: string[] = [];
    const ask: Ask = {
      text: async (question) => String(asked.push(question)),
      secret: async (question) => String(asked.push(question)),
      confirm: async (question) => asked.push(question) > 0,
    };
    const outside = { ...thisProcess(ask), ask };
    const world = worldOf(outside, {});
    await world.ask?.text(foreign, () => undefined);
    await world.ask?.secret(foreign, () => undefined);
    await world.ask?.confirm(foreign);
    expect(asked).toEqual(Array(3).fill('A\\u001b]0;x\\u0007B\\u009b2JC\\u202eD'));
  });
});

/** The commands of a level, by its help. */
async function commandsOf(level: string): Promise<string[]> {
  const { out } = await duo(`${level} --help`.trim());
  const [, listed = ''] = /\nCommands:\n((?: {2}.*\n)+)/.exec(out) ?? [];
  const names = [...listed.matchAll(/^ {2}([a-z]\S*)/gm)].map(([, name = '']) => name);
  return names.filter((name) => name !== 'help').map((name) => `${level} ${name}`.trim());
}

test('no command is left out here', async () => {
  const tested = readFileSync(__filename, 'utf8');
  const all = await commandsOf('');
  const groups = ['accounts', 'credentials', 'checkpoint', 'settings'];
  const below = await Promise.all(groups.map(commandsOf));
  const commands = [...all.filter((name) => !groups.includes(name)), ...below.flat()];
  expect(commands.length).toBeGreaterThan(14);
  expect(commands.filter((name) => !tested.includes(`'${name}`))).toEqual([]);
});
