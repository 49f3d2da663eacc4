import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { firstCheckpoint } from 'duo-core';
import type { ReportJson } from '../../src/commands/report/json';
import { startAws } from '../support/aws';
import { duo, noon } from '../support/operator';
import { createReconciled, days } from './reconciled';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'duo-report-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('of a store', () => {
  let store: Awaited<ReturnType<typeof createReconciled>>;
  beforeAll(async () => {
    store = await createReconciled();
  });
  afterAll(() => store.close());

  const asJson = async (flags = ''): Promise<ReportJson> => {
    const { exitCode, out, err } = await store.command(`report --json ${flags}`.trim());
    expect([exitCode, err.replace(/^ *\d+ %.*\n/gm, '')]).toEqual([0, '']);
    return JSON.parse(out);
  };

  test('the numbers are those of the receipts, and of the ledger where there is none', async () => {
    const { logs, check, from, to } = await asJson();
    expect([from, to, check]).toEqual(['2026-02-28', '2026-03-05', null]);
    const [log] = logs;
    expect(logs).toHaveLength(1);
    expect(log).toMatchObject({
      logType: 'telephony',
      since: '2026-02-28T12:00:00Z',
      gaps: [],
      problems: [],
    });
    expect(log?.days.map(({ day, state, why }) => [day, state, why])).toEqual([
      ['2026-02-28', 'waiting', 'beginning'],
      ...days.map((day) => [day, 'complete', undefined]),
      ['2026-03-04', 'waiting', 'closed'],
      ['2026-03-05', 'waiting', 'open'],
    ]);
    for (const day of days) {
      const { stored, shown, at } = store.receipt(day);
      expect(stored).toBeGreaterThan(50);
      expect(log?.days.find((one) => one.day === day)).toMatchObject({
        records: stored,
        by: 'receipt',
        shown,
        compared: new Date(at).toISOString().replace('.000Z', 'Z'),
      });
    }
    const { ledger } = JSON.parse(readFileSync(store.file('telephony'), 'utf8'));
    for (const day of ['2026-02-28', '2026-03-04', '2026-03-05'])
      expect(log?.days.find((one) => one.day === day)).toMatchObject({ records: ledger[day], by: 'ledger' });
    expect(log?.days.reduce((sum, one) => sum + (one.records ?? 0), 0)).toBe(400);
    expect(log?.days.reduce((sum, one) => sum + (one.objects ?? 0), 0)).toBe(store.objects().length);
  });

  test('Duo is asked nothing, and nothing is changed', async () => {
    const before = store.simulator.requests.length;
    await asJson('--check');
    expect(store.simulator.requests.length).toBe(before);
  });

  test('it takes days as other commands do, both included', async () => {
    const { from, to, logs } = await asJson('--from 2026-03-02 --to 2026-03-03');
    expect([from, to]).toEqual(['2026-03-02', '2026-03-03']);
    expect(logs[0]?.days.map(({ day }) => day)).toEqual(['2026-03-02', '2026-03-03']);
    const whole = await store.command(`report --from 2026-03-02T09:00:00Z -o ${join(folder, 'whole.html')}`);
    expect(whole.out).toMatch(/^Whole days are shown\.\n/);
    expect((await asJson('--from 2026-01-01')).from).toBe('2026-01-01');
  });

  test.each([
    ['--to 2026-03-06', '2026-03-06 is in the future: give an earlier --to.'],
    ['--from 2020-01-01', 'a page has 1,100 days at most: give a later --from or an earlier --to.'],
    ['--from 2026-03-04 --to 2026-03-03', '--to is before --from: swap them?'],
    ['telefony', 'Did you mean telephony?'],
  ])('what cannot be shown is refused: %s', async (flags, said) => {
    const { exitCode, out, err } = await store.command(`report ${flags}`);
    expect([exitCode, out, err]).toEqual([2, '', expect.stringContaining(said)]);
  });

  test('it prints the path of the page and a line of sums', async () => {
    const file = join(folder, 'page.html');
    const { exitCode, out, err } = await store.command(`report -o ${file}`);
    expect({ exitCode, out, err }).toEqual({
      exitCode: 0,
      out: `${file}\n2026-02-28 to 2026-03-05, days of 1 log: 3 complete, 3 not reconciled yet.\n`,
      err: '',
    });
    const page = readFileSync(file, 'utf8');
    const [, embedded = ''] =
      /<script type="application\/json" id="numbers">(.*?)<\/script>/s.exec(page) ?? [];
    expect(JSON.parse(embedded)).toEqual(await asJson());
  });

  test('the page tells neither where a directory is nor what is in a record', async () => {
    const file = join(folder, 'private.html');
    await store.command(`report --check -o ${file}`);
    const page = readFileSync(file, 'utf8');
    expect(page).not.toContain(store.root);
    expect(page).not.toMatch(/\+1 ?555|example\.com|api-[a-z0-9]+\./);
  });

  test('with --json it writes a page only where one is named', async () => {
    const file = join(folder, 'both.html');
    await asJson();
    expect(existsSync('report.html')).toBe(false);
    await asJson(`-o ${file}`);
    expect(readFileSync(file, 'utf8')).toMatch(/^<!doctype html>/);
  });

  test('an earlier page is replaced, any other file is left alone', async () => {
    const file = join(folder, 'again.html');
    expect((await store.command(`report -o ${file}`)).exitCode).toBe(0);
    expect((await store.command(`report -o ${file}`)).exitCode).toBe(0);
    writeFileSync(file, '<!doctype html><html>mine');
    const { exitCode, out, err } = await store.command(`report -o ${file}`);
    expect([exitCode, out]).toEqual([2, '']);
    expect(err).toContain(`${file} is there, and it is no report of this command: it is left alone.`);
    expect(readFileSync(file, 'utf8')).toBe('<!doctype html><html>mine');
  });

  test.each([
    ['nowhere/page.html', 'its folder does not exist'],
    ['.', 'it is a folder'],
  ])('a page that cannot be written says why: %s', async (name, why) => {
    const { exitCode, err } = await store.command(`report -o ${join(folder, name)}`);
    expect([exitCode, err]).toEqual([2, expect.stringContaining(`cannot be written: ${why}. Name another`)]);
  });

  test('at 80 columns no line is longer, but for the path', async () => {
    const file = join(folder, 'narrow.html');
    const { out } = await store.command(`report -o ${file} --check`, { screen: true, columns: 80 });
    expect(out.split('\n').filter((line) => line.length > 80 && !/^\S+$/.test(line))).toEqual([]);
  });
});

describe('what cannot be read is told on the page, and fails the command', () => {
  let store: Awaited<ReturnType<typeof createReconciled>>;
  beforeEach(async () => {
    store = await createReconciled();
  });
  afterEach(() => store.close());

  test('a receipt', async () => {
    writeFileSync(store.receiptFile(days[1]), '{}');
    const file = join(folder, 'damaged.html');
    const { exitCode, out, err } = await store.command(`report --json -o ${file}`);
    expect([exitCode, err]).toEqual([
      1,
      expect.stringMatching(/\/receipts\/telephony\/2026\/03\/02\/\d+\.json: the receipt is damaged\./),
    ]);
    const [log] = JSON.parse(out).logs;
    expect(log.days[2]).toMatchObject({ day: days[1], state: 'unknown', by: 'ledger' });
    expect(log.problems).toHaveLength(1);
    expect(readFileSync(file, 'utf8')).toContain('the receipt is damaged');
  });

  test('a checkpoint', async () => {
    writeFileSync(store.file('telephony'), '{}');
    const { exitCode, out, err } = await store.command('report --json');
    expect([exitCode, err]).toEqual([
      1,
      expect.stringMatching(/\/state\/telephony\.json: the checkpoint is damaged/),
    ]);
    const [log] = JSON.parse(out).logs;
    expect(log).toMatchObject({ since: null, watermark: null });
    const states = log.days.map(({ state }: { state: string }) => state);
    expect(states).toEqual(['unknown', 'complete', 'complete', 'complete', 'unknown', 'unknown']);
  });
});

describe('of a stage with accounts', () => {
  let aws: Awaited<ReturnType<typeof startAws>>;
  beforeEach(async () => {
    aws = await startAws();
    Object.assign(process.env, aws.env);
    aws.exports.set('duo-storage-prod-BucketName', 'logs-of-prod');
  });
  afterEach(() => aws.close());

  function known(account: string) {
    for (const part of ['ikey', 'skey', 'api-host'])
      aws.parameters.push({
        Name: `/duo/prod/accounts/${account}/${part}`,
        Value: 'x',
        Type: 'SecureString',
      });
  }

  function saved(account: string) {
    const checkpoint = {
      ...firstCheckpoint({ logType: 'telephony', account }, noon - 60_000, noon),
      by: 'run/1',
    };
    aws.objects.set(`logs-of-prod/state/telephony/accounts/${account}.json`, JSON.stringify(checkpoint));
  }

  const asJson = async (flags = ''): Promise<ReportJson> =>
    JSON.parse((await duo(`report --stage prod --json ${flags}`.trim(), { env: aws.env })).out);

  test('all are shown, also one that was removed; and one that has nothing is named', async () => {
    known('north');
    known('silent');
    for (const name of ['north', 'gone']) saved(name);
    const { logs, without, stage, store } = await asJson();
    expect(logs.map(({ account, logType }) => [account, logType])).toEqual([
      ['gone', 'telephony'],
      ['north', 'telephony'],
    ]);
    expect([without, stage, store]).toEqual([['silent'], 'prod', 's3://logs-of-prod']);
  });

  test('one is shown where one is named', async () => {
    for (const name of ['north', 'south']) {
      known(name);
      saved(name);
    }
    const { logs, without } = await asJson('--account south');
    expect([logs.map(({ account }) => account), without]).toEqual([['south'], []]);
  });
});
