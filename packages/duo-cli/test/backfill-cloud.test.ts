import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { packageService } from 'duo-contract/package-service';
import * as z from 'zod';
import { executionName, inputOf } from '../src/commands/backfill/cloud-input';
import { eventually } from './support/eventually';
import { noon, type Typed } from './support/operator';
import { createStage } from './support/stage';
import { startStepFunctions } from './support/step-functions';

const hour = 3_600_000;
const day = 24 * hour;
const arn = 'arn:aws:states:eu-west-1:123456789012:stateMachine:duo-backfill-prod';

let definition: unknown;
/** The definition that is deployed, with the one thing filled in that CloudFormation fills in. */
beforeAll(() => {
  const root = join(__dirname, '../../..');
  const { template } = packageService(join(root, 'services/storage'), {
    stage: 'everything',
    settings: join(root, 'test/settings'),
  });
  const machine = z.object({ Properties: z.object({ Definition: z.unknown() }) });
  const text = JSON.stringify(
    z.object({ Resources: z.object({ Backfill: machine }) }).parse(JSON.parse(template)).Resources.Backfill
      .Properties.Definition,
  );
  definition = JSON.parse(
    text
      .replace(/\{"Fn::Sub":("[^"]*")\}/g, '$1')
      .replace(`\${AWS::Partition}`, 'aws')
      .replace('-everything-', '-prod-'),
  );
});

let closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers) await close();
  closers = [];
  delete process.env.AWS_ENDPOINT_URL_SFN;
});

async function start(name?: string, env?: NodeJS.ProcessEnv) {
  const stage = await createStage(name, env);
  const cloud = await startStepFunctions(arn, definition, stage.aws.functions, stage.clock);
  stage.aws.exports.set('duo-storage-prod-BackfillArn', arn);
  process.env.AWS_ENDPOINT_URL_SFN = cloud.url;
  closers.push(cloud.close, stage.close);
  return { ...stage, cloud };
}

const month = 'backfill telephony --cloud --stage prod --from 2026-01-30 --to 2026-03-01';
const week = 'backfill telephony --cloud --stage prod --from 2026-02-20 --to 2026-02-27';

/** What a function returns, but for what is said. */
const result = (more: object) => ({ outcome: 'caught-up', records: 1, pages: 1, behindSeconds: 0, ...more });

describe('a backfill in the cloud', () => {
  test('reads a month of days, at most --parallel at once, and each record is there once', async () => {
    const { add, clock, cloud, collect, duo, reconciled } = await start('telephony', { MAX_PAGES: '3' });
    add(60_000, Date.parse('2026-01-30T00:00:00Z'), noon + hour);
    await collect({});
    const { exitCode, out, err } = await duo(`${month} --parallel 3`);
    expect({ exitCode, out }).toEqual({
      exitCode: 0,
      out: `Left out, because the scheduled runs store it (--again reads it as well): 2026-02-28T12:00:00Z to 2026-03-01T00:00:00Z.
Reads telephony of 2026-01-30T00:00:00Z to 2026-02-28T12:00:00Z, in 30 parts.
It runs in the cloud, also without this command: Ctrl-C ends only the looking.
Done: 57,954 new records below s3://logs-of-prod/logs/telephony/.
`,
    });
    expect(err.trimEnd().split('\n').at(-1)).toBe('100 %  30 of 30 parts, in the cloud');
    expect(cloud.counts()).toMatchObject({ starts: 1, mostAtOnce: 3 });
    clock.advance(3 * hour);
    await eventually(async () => (await collect({})).outcome === 'caught-up');
    expect(reconciled()).toEqual({ published: 60_000, delivered: 60_000, lost: 0, doubled: 0 });
    expect(await duo(month)).toMatchObject({
      exitCode: 0,
      out: expect.stringMatching(/\nNothing is left to do\.\n$/),
    });
    expect(cloud.counts().starts).toBe(1);
  });

  test('cuts into days also for one at a time', async () => {
    const { cloud, collect, duo } = await start();
    await collect({});
    expect(await duo(week)).toMatchObject({ exitCode: 0, out: expect.stringContaining('in 7 parts') });
    expect(cloud.counts()).toMatchObject({ starts: 1, mostAtOnce: 1 });
  });

  test('reads a log that cannot be cut in one part', async () => {
    const { add, cloud, collect, duo, reconciled } = await start('trust-monitor');
    add(60, noon - 20 * day, noon - day);
    await collect({});
    const command = 'backfill trust-monitor --cloud --stage prod --from 2026-02-01 --to 2026-03-01';
    expect(await duo(`${command} --parallel 4`)).toMatchObject({ exitCode: 0 });
    expect(cloud.counts()).toMatchObject({ starts: 1, mostAtOnce: 1 });
    expect(reconciled()).toMatchObject({ lost: 0, doubled: 0 });
  });

  test('shows a bar on a terminal', async () => {
    const { collect, duo } = await start();
    await collect({});
    const { err } = await duo(week, { columns: 60 });
    expect(err.endsWith(`\r\u001b[K${'█'.repeat(24)} 100 %  7 of 7 parts, in the cloud\r\u001b[K`)).toBe(
      true,
    );
  });

  test('prints as JSON what was read, and by which execution', async () => {
    const { add, cloud, collect, duo } = await start();
    add(70, noon - 9 * day, noon);
    await collect({});
    const { exitCode, out, err } = await duo(`${week} --json`);
    const [execution] = [...cloud.executions.keys()];
    expect({ exitCode, out: JSON.parse(out) }).toEqual({
      exitCode: 0,
      out: {
        logType: 'telephony',
        span: ['2026-02-20T00:00:00Z', '2026-02-27T00:00:00Z'],
        records: 50,
        read: expect.arrayContaining([['2026-02-26T00:00:00Z', '2026-02-27T00:00:00Z']]),
        done: [],
        left: [],
        execution,
      },
    });
    expect(err).toContain('It runs in the cloud');
  });

  test('goes on while nobody looks: the same command looks again and starts no second one', async () => {
    const { add, cloud, collect, duo, reconciled, aws } = await start('telephony', { MAX_PAGES: '1' });
    add(20_000, noon - 9 * day, noon);
    await collect({});
    let stop = () => {};
    let runs = 0;
    let goOn = () => {};
    const held = new Promise<void>((resolve) => {
      goOn = resolve;
    });
    aws.functions.set('duo-telephony-prod-collect', async (event) => {
      runs += 1;
      if (runs === 9) {
        stop();
        await held;
      }
      return collect(event);
    });
    const typed: Typed = {
      onInterrupt: (then) => {
        stop = then;
      },
    };
    const interrupted = await duo(week, typed);
    expect({ ...interrupted, err: interrupted.err.split('\n').slice(-2) }).toMatchObject({
      exitCode: 1,
      err: [
        `It goes on in the cloud: the same command shows it again. To end it: ${toEnd('2026-02-20', '2026-02-27')}`,
        '',
      ],
    });
    // What is looked at now is the same, whatever else was asked for.
    const again = duo(`${week} --parallel 4 --json`);
    goOn();
    const { exitCode, out, err } = await again;
    expect({ exitCode, ...cloud.counts() }).toMatchObject({ exitCode: 0, starts: 1, mostAtOnce: 1 });
    expect(err).toMatch(/^It has run in the cloud since 2026-03-01T12:0\d:\d\dZ: this shows it\.\n/);
    expect(JSON.parse(out)).toMatchObject({ execution: [...cloud.executions.keys()][0], left: [] });
    expect(JSON.parse(out).read).toHaveLength(7);
    // How far it is is known at once: nine runs of a page are two days and more.
    expect(err).toMatch(/this shows it\.\n *\d\d % {2}[2-6] of 7 parts, in the cloud\n/);
    await collect({});
    expect(reconciled().doubled).toBe(0);
  });

  test('that two start at the same time is started once, also where AWS does not list it yet', async () => {
    const { cloud, collect, duo, aws } = await start();
    await collect({});
    let end = () => {};
    const held = new Promise<void>((resolve) => {
      end = resolve;
    });
    aws.functions.set('duo-telephony-prod-collect', async () => {
      for (const one of cloud.executions.keys()) cloud.unlisted.add(one);
      await held;
      return result({});
    });
    const isAsked = (times: number) => async () => {
      await setTimeout(1);
      return cloud.counts().asked >= times;
    };
    const all = [duo(week), duo(week)];
    await eventually(isAsked(2));
    all.push(duo(week));
    await eventually(isAsked(3));
    end();
    expect((await Promise.all(all)).map(({ exitCode }) => exitCode)).toEqual([0, 0, 0]);
    expect(cloud.counts().starts).toBe(1);
  });

  test('is looked for again where AWS does not know it at once, and for a while only', async () => {
    const { cloud, collect, duo, clock } = await start();
    await collect({});
    const asked = clock.now();
    const name = executionOf('2026-02-20', '2026-02-27');
    cloud.hidden.add(name);
    expect(await duo(week)).toMatchObject({
      exitCode: 1,
      err: expect.stringContaining(`AWS does not know ${name}`),
    });
    expect(clock.now() - asked).toBeGreaterThanOrEqual(100_000);
  });

  test.each([
    ['another that overlaps it', '--cloud --from 2026-02-25 --to 2026-02-28'],
    ['one inside of it', '--cloud --from 2026-02-21 --to 2026-02-22'],
    ['the same one without --cloud', '--from 2026-02-20 --to 2026-02-27'],
    ['the same one in this process', '--local --from 2026-02-20 --to 2026-02-27'],
  ])('is in the way of %s', async (_, options) => {
    const { aws, cloud, collect, duo } = await start();
    await collect({});
    let begun = () => {};
    const runs = new Promise<void>((resolve) => {
      begun = resolve;
    });
    let end = () => {};
    const held = new Promise<void>((resolve) => {
      end = resolve;
    });
    aws.functions.set('duo-telephony-prod-collect', async () => {
      begun();
      await held;
      return result({});
    });
    const first = duo(week);
    await runs;
    expect(await duo(`backfill telephony --stage prod --yes ${options}`)).toMatchObject({
      exitCode: 2,
      err: `A backfill of 2026-02-20T00:00:00Z to 2026-02-27T00:00:00Z runs in the cloud and overlaps this one. Wait for it (--cloud --from 2026-02-20T00:00:00Z --to 2026-02-27T00:00:00Z shows it), or end it: ${toEnd('2026-02-20', '2026-02-27')}\n`,
    });
    // Beside it is room.
    const beside = duo('backfill telephony --stage prod --cloud --from 2026-02-27 --to 2026-02-28');
    end();
    expect(await Promise.all([first, beside])).toMatchObject([{ exitCode: 0 }, { exitCode: 0 }]);
    expect(cloud.counts().starts).toBe(2);
  });
});

describe('the state machine', () => {
  test('runs again at once after more, and after a minute where there was nothing to do', async () => {
    const { aws, clock, collect, duo } = await start();
    await collect({});
    const runs = [
      { outcome: 'more', pages: 9 },
      { outcome: 'throttled' },
      { outcome: 'more', pages: 0 },
      { outcome: 'superseded' },
      { outcome: 'caught-up' },
    ];
    const events: unknown[] = [];
    const minutes: number[] = [];
    aws.functions.set('duo-telephony-prod-collect', async (event) => {
      events.push(event);
      minutes.push(clock.slept.filter((ms) => ms === 60_000).length);
      return result({ records: 10, ...runs.shift() });
    });
    expect(
      await duo('backfill telephony --cloud --stage prod --from 2026-02-20 --to 2026-02-21'),
    ).toMatchObject({ exitCode: 0, out: expect.stringContaining('Done: 50 new records') });
    expect(minutes).toEqual([0, 0, 1, 2, 3]);
    expect(new Set(events.map((event) => JSON.stringify(event)))).toEqual(
      new Set(['{"backfill":{"from":"2026-02-20T00:00:00Z","to":"2026-02-21T00:00:00Z"}}']),
    );
  });

  const failing = (name: string, message: string) => async () => {
    throw Object.assign(new Error(message), { name });
  };

  test.each([
    ['of an operator', 'RefusedError', 1],
    ['that passes', 'UnavailableError', 4],
    ['of Lambda', 'Lambda.TooManyRequestsException', 11],
  ])('gives up after an error %s (%s) in %d run(s), and the command says why', async (_, name, runs) => {
    const { aws, cloud, collect, duo } = await start();
    await collect({});
    aws.functions.set('duo-telephony-prod-collect', failing(name, 'GET /admin failed.'));
    expect(await duo(week)).toMatchObject({
      exitCode: 1,
      err: expect.stringMatching(
        new RegExp(
          `It has stopped in the cloud: ${name}: GET /admin failed\\. Nothing is lost or stored twice: the same command goes on from here\\.\\n$`,
        ),
      ),
    });
    // One part, and not the next.
    expect(cloud.entered).toEqual(['Check', 'Parts', 'Run']);
    let tried = 0;
    aws.functions.set('duo-telephony-prod-collect', (event) => {
      tried += 1;
      return tried < runs ? failing(name, 'Once more.')() : Promise.resolve(result({ event }));
    });
    // What is mended goes on, as another execution.
    expect(await duo(week)).toMatchObject({ exitCode: 0 });
    expect(cloud.counts().starts).toBe(2);
  });

  test('gives up after 2000 runs of a part, which are less than the history of an execution holds', async () => {
    const { aws, cloud, collect, duo } = await start();
    await collect({});
    let runs = 0;
    aws.functions.set('duo-telephony-prod-collect', async () => {
      runs += 1;
      return result({ outcome: 'throttled' });
    });
    const { exitCode, err } = await duo(week);
    expect({ exitCode, runs }).toEqual({ exitCode: 1, runs: 2000 });
    expect(err).toContain(': TooManyRuns: A part has not been stored in 2000 runs.');
    // Entering and leaving are an event each, and a task has three more.
    const tasks = cloud.entered.filter((name) => name === 'Run').length;
    expect(2 * cloud.entered.length + 3 * tasks).toBeLessThan(25_000);
  });

  test.each(['0', '5', '"2"', 'null'])('refuses parallel: %s', async (parallel) => {
    const { aws, cloud } = await start();
    const { SFNClient, StartExecutionCommand, DescribeExecutionCommand } = await import(
      '@aws-sdk/client-sfn'
    );
    const client = new SFNClient({ region: 'eu-west-1' });
    const input = `{"logType":"telephony","spans":[{}],"parallel":${parallel}}`;
    const { executionArn } = await client.send(
      new StartExecutionCommand({ stateMachineArn: arn, name: 'by-hand', input }),
    );
    expect(await client.send(new DescribeExecutionCommand({ executionArn }))).toMatchObject({
      status: 'FAILED',
      error: 'TooManyAtOnce',
    });
    expect([cloud.entered, aws.objects.size]).toEqual([['Check', 'TooManyAtOnce'], 0]);
  });
});

describe('an error says what to do', () => {
  test('where the stage has no state machine', async () => {
    const { aws, duo } = await start();
    aws.exports.delete('duo-storage-prod-BackfillArn');
    expect(await duo(week)).toMatchObject({
      exitCode: 1,
      err: 'The stage prod has no state machine for backfills: set backfill: true in settings/prod.yml and deploy the storage (npx pnpm sls storage:deploy --stage prod), or leave out --cloud.\n',
    });
  });

  test.each([
    ['ListExecutions', 'What runs in the cloud cannot be listed: ', 'states:ListExecutions'],
    ['StartExecution', 'It cannot be started in the cloud: ', 'states:StartExecution'],
    ['DescribeExecution', 'How far it is cannot be asked: ', 'states:DescribeExecution'],
  ])('where states:%s is not allowed', async (action, said, permission) => {
    const { cloud, collect, duo } = await start();
    await collect({});
    cloud.denied.add(`states:${action}`);
    const { exitCode, err } = await duo(week);
    expect(exitCode).toBe(1);
    expect(err).toContain(`${said}400 AccessDeniedException may not ${action}. It needs ${permission}`);
    expect(err).toContain('duo-backfill-prod');
    expect(err.includes('It goes on in the cloud all the same')).toBe(action === 'DescribeExecution');
  });

  test('where the reason of a failure may not be asked', async () => {
    const { aws, cloud, collect, duo } = await start();
    await collect({});
    aws.functions.delete('duo-telephony-prod-collect');
    cloud.denied.add('states:ListMapRuns');
    const { exitCode, err } = await duo(week);
    expect(exitCode).toBe(1);
    expect(err).toContain(
      'why cannot be asked: 400 AccessDeniedException may not ListMapRuns. It needs states:ListMapRuns',
    );
  });

  test('where the function is not deployed', async () => {
    const { aws, collect, duo } = await start();
    await collect({});
    aws.functions.delete('duo-telephony-prod-collect');
    expect((await duo(week)).err).toContain(
      'It has stopped in the cloud: Lambda.ResourceNotFoundException: duo-telephony-prod-collect. Nothing is lost',
    );
  });

  test('where someone has ended it', async () => {
    const { aws, cloud, collect, duo } = await start();
    await collect({});
    aws.functions.set('duo-telephony-prod-collect', async () => {
      for (const one of cloud.executions.values()) one.status = 'ABORTED';
      return result({ outcome: 'more' });
    });
    expect((await duo(week)).err).toContain(
      'It has stopped in the cloud: someone has ended it. Nothing is lost',
    );
  });

  test('where an execution was started by hand or by another version', async () => {
    const { aws, collect, duo } = await start();
    await collect({});
    aws.functions.set('duo-telephony-prod-collect', () => new Promise(() => {}));
    const { SFNClient, StartExecutionCommand } = await import('@aws-sdk/client-sfn');
    const input = '{"logType":"telephony","spans":[{}],"parallel":1}';
    await new SFNClient({ region: 'eu-west-1' }).send(
      new StartExecutionCommand({ stateMachineArn: arn, name: 'by-hand', input }),
    );
    expect(await duo(week)).toMatchObject({
      exitCode: 1,
      err: expect.stringContaining('deploy this version of the storage, and start none by hand'),
    });
  });

  test('--cloud and --local cannot be both', async () => {
    const { duo } = await start();
    expect(await duo(`${week} --local`)).toMatchObject({
      exitCode: 2,
      err: expect.stringContaining('--local'),
    });
  });
});

test('without --cloud, a state machine that may not be looked at is a warning', async () => {
  const { cloud, collect, duo } = await start();
  await collect({});
  cloud.denied.add('states:ListExecutions');
  const { exitCode, err } = await duo('backfill telephony --stage prod --from 2026-02-20 --to 2026-02-21');
  expect({ exitCode, err }).toEqual({
    exitCode: 0,
    err: expect.stringMatching(
      /^What runs in the cloud cannot be listed: .* If a backfill of this log runs there, wait for it\.\n/,
    ),
  });
});

test('the name of an execution is one that AWS takes, however long the names of a log are', () => {
  const name = executionOf('2026-02-20', '2026-02-27', 'a-log-with-a-name-of-fifty-characters-and-no-fewer')
    .split(':')
    .at(-1);
  expect(name).toMatch(/^[\w-]{1,80}$/);
});

/** The command that ends the first execution of such a plan. */
function toEnd(from: string, to: string): string {
  return `aws stepfunctions stop-execution --execution-arn ${executionOf(from, to)}`;
}

/** The ARN of the first execution of a plan that reads all of these days. */
function executionOf(from: string, to: string, logType = 'telephony'): string {
  const [since, until] = [from, to].map((text) => Date.parse(text)) as [number, number];
  const todo = Array.from({ length: (until - since) / day }, (_, n) => ({
    since: since + n * day,
    until: since + (n + 1) * day,
    at: since + n * day,
  }));
  const input = inputOf(logType, { since, until }, { todo, done: [], left: [], twice: [] }, 1);
  return `${arn.replace(':stateMachine:', ':execution:')}:${executionName(input, 1)}`;
}
