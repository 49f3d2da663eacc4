import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { startAws } from '../support/aws';
import { duo, noon, type Typed } from '../support/operator';

const minute = 60_000;
const collect = '/aws/lambda/duo-telephony-prod-collect';
const reconcile = '/aws/lambda/duo-telephony-prod-reconcile';
let aws: Awaited<ReturnType<typeof startAws>>;
beforeEach(async () => {
  aws = await startAws();
  Object.assign(process.env, aws.env);
  aws.watch.logs.set(collect, []).set(reconcile, []);
});
afterEach(() => aws.close());

/** Adds a line that was written so many minutes ago. */
function write(group: string, minutes: number, line: object | string): void {
  const message = typeof line === 'string' ? line : JSON.stringify(line);
  aws.watch.logs.get(group)?.push({ timestamp: noon - minutes * minute, message: `${message}\n` });
}

const logs = (flags = '', typed: Typed = {}) =>
  duo(`logs telephony --stage prod${flags}`, { now: noon, env: aws.env, ...typed });

describe('duo logs', () => {
  beforeEach(() => {
    const service = 'duo-telephony-prod';
    write(collect, 180, { level: 'ERROR', message: 'three hours ago', service });
    write(collect, 30, { time: '2026-03-01T11:30:00Z', type: 'platform.start', record: { requestId: 'r' } });
    const counts = { records: 12, duplicates: 0, pages: 1, objects: 1, leftOut: 0, behindSeconds: 125 };
    write(collect, 29, { level: 'INFO', message: 'run ended', service, outcome: 'caught-up', ...counts });
    write(collect, 29, { _aws: { Timestamp: noon, CloudWatchMetrics: [] }, service, Records: 12 });
    write(reconcile, 28, { level: 'WARN', message: 'Duo said 429; trying again in 61 s', service });
    write(collect, 27, {
      timestamp: '2026-03-01T11:33:00Z',
      level: 'ERROR',
      requestId: 'r',
      errorType: 'e',
      errorMessage: 'DUO_SKEY is refused; ask Ann, +1 555 555 0100',
      stackTrace: [
        'CredentialsError: DUO_SKEY is refused; ask Ann, +1 555 555 0100',
        '    at e (index.js:1:2)',
      ],
    });
  });

  test('prints what both functions say, in the order of time, without what tells nothing', async () => {
    const { exitCode, out, err } = await logs();
    expect({ exitCode, err }).toEqual({ exitCode: 0, err: '' });
    expect(
      out,
    ).toBe(`2026-03-01 11:31:00 collect   INFO  run ended: caught-up, 12 records, 1 object, 1 page, 125 s behind
2026-03-01 11:32:00 reconcile WARN  Duo said 429; trying again in 61 s
2026-03-01 11:33:00 collect   ERROR CredentialsError: DUO_SKEY is refused; ask Ann, +* *** *** **00
`);
  });

  test('with --account, the lines of that account, also of a run that never came to its own log', async () => {
    write(collect, 20, { level: 'INFO', message: 'of acme', account: 'acme' });
    write(collect, 19, { level: 'INFO', message: 'of acme-2', account: 'acme-2' });
    write(collect, 18, { level: 'ERROR', message: 'account acme: refused' });
    const { out } = await logs(' --account acme');
    expect(out.split('\n').map((line) => line.slice(20))).toEqual([
      'collect   INFO  of acme',
      'collect   ERROR account acme: refused',
      '',
    ]);
    expect((await logs(' --account north --errors')).err).toMatch(
      /^There is no error and no warning of north since/,
    );
  });

  test.each([
    ['accounts', 'start', 'what starts the runs of all of them'],
    ['lake', 'turn', 'what turns records into Parquet'],
  ])('of %s in place of a log type, what its function %s has logged: %s', async (service, work) => {
    const group = `/aws/lambda/duo-${service}-prod-${work}`;
    aws.watch.logs.set(group, []);
    write(group, 5, { level: 'ERROR', message: 'something went wrong' });
    const { exitCode, out } = await duo(`logs ${service} --stage prod`, { now: noon, env: aws.env });
    expect(exitCode).toBe(0);
    expect(out.slice(20)).toBe(`${work.padEnd(9)} ERROR something went wrong\n`);
  });

  test('with --errors, errors and warnings only; --since says from when on', async () => {
    const recent = await logs(' --errors');
    expect(recent.out.match(/\b(INFO|WARN|ERROR)\b/g)).toEqual(['WARN', 'ERROR']);
    expect((await logs(' --errors --since 4h')).out).toMatch(
      /^2026-03-01 09:00:00 collect {3}ERROR three hours/,
    );
    expect((await logs(' --since yesterday')).out).toContain('three hours ago');
  });

  test('wraps an entry at the width of the terminal, and colours what is wrong', async () => {
    write(collect, 20, { level: 'ERROR', message: `it failed: ${'again and '.repeat(20)}again` });
    const { out } = await logs('', { columns: 80 });
    expect(Math.max(...out.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
    expect(out).toContain('2026-03-01 11:40:00 collect   ERROR\n    it failed: again and again');
    expect((await logs('', { screen: true })).out).toContain('\u001b[31mERROR\u001b[39m');
  });

  test('with --json, every line is JSON, as it was logged, but for phone numbers', async () => {
    write(collect, 1, 'no JSON');
    const { out } = await logs(' --json');
    const lines = out
      .trimEnd()
      .split('\n')
      .map((line): unknown => JSON.parse(line));
    expect(lines).toHaveLength(6);
    expect(lines[0]).toEqual({
      time: '2026-03-01T11:30:00Z',
      type: 'platform.start',
      record: { requestId: 'r' },
    });
    expect(lines.at(-1)).toEqual({ timestamp: '2026-03-01T11:59:00.000Z', message: 'no JSON' });
    expect(out).not.toContain('555 0100');
    expect((await logs(' --json --errors')).out.split('\n')).toHaveLength(3);
  });
});

test('what the texts of others say does nothing to the terminal', async () => {
  write(collect, 1, { level: 'ERROR', message: '\u001b[2Jgone' });
  write(collect, 1, '\u001b]0;title\u0007');
  const { out } = await logs();
  expect(out).toContain('\\u001b[2Jgone');
  for (const control of ['\u001b', '\u0007']) expect(out).not.toContain(control);
});

test('says that there is nothing, and where more may be', async () => {
  expect(await logs(' --errors')).toEqual({
    exitCode: 0,
    out: '',
    err: 'There is no error and no warning since 2026-03-01 10:00 UTC. --since looks further back.\n',
  });
});

test('names a function that is not deployed', async () => {
  aws.watch.logs.delete(reconcile);
  write(collect, 1, { level: 'WARN', message: 'here' });
  expect(await logs()).toMatchObject({
    exitCode: 0,
    out: expect.stringContaining('here'),
    err: expect.stringContaining(`There is no ${reconcile}: no function reconciles this log`),
  });
  aws.watch.logs.clear();
  expect(await logs()).toMatchObject({
    exitCode: 1,
    err: `There is no log group ${collect} in eu-west-1: the function is not deployed there. Deploy it (npx pnpm sls deploy --stage prod in services/telephony), or name its region with --region.\n`,
  });
});

test('names the permission that it lacks, the log that there is not, and that it needs a stage', async () => {
  aws.denied.add('logs:FilterLogEvents');
  expect(await logs()).toMatchObject({
    exitCode: 1,
    err: expect.stringMatching(/^\/aws\/lambda\/\S+ cannot be read: .* It needs logs:FilterLogEvents\.\n$/),
  });
  expect(await duo('logs telefony --stage prod', { env: aws.env })).toMatchObject({ exitCode: 2 });
  expect(await duo('logs telephony', { env: aws.env })).toMatchObject({
    exitCode: 2,
    err: expect.stringContaining("required option '--stage <stage>' not specified"),
  });
});
