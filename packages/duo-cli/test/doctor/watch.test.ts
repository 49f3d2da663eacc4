import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { startAws } from '../support/aws';
import { createCollected } from '../support/collected';
import { putInOrder } from '../support/in-order';
import { duo } from '../support/operator';
import { said, widest } from '../support/said';

const minute = 60_000;
const hour = 60 * minute;
let collected: Awaited<ReturnType<typeof createCollected>>;
let aws: Awaited<ReturnType<typeof startAws>>;
let now: number;
beforeEach(async () => {
  collected = await createCollected();
  await collected.collect('telephony');
  aws = await startAws();
  Object.assign(process.env, aws.env);
  now = collected.clock.now();
  putInOrder(aws, readFileSync(collected.file('telephony'), 'utf8'), now);
});
afterEach(async () => {
  aws.close();
  await collected.close();
});

const doctor = () =>
  duo('doctor --stage prod', { clock: collected.clock, env: { ...collected.env, ...aws.env } });

test('what a stage says itself is looked at, and said when it is in order', async () => {
  aws.watch.alarms.set('duo-telephony-prod-silent', { StateValue: 'INSUFFICIENT_DATA' });
  const { exitCode, out } = await doctor();
  expect(exitCode).toBe(0);
  expect(said(out, '✓', 'who is told')).toBe('ops@example.com');
  expect(said(out, '✓', 'alarms')).toBe('none of 5 alarms is on; no data yet for silent');
  expect(said(out, '✓', 'dead letters')).toBe('none in 4 queues');
  expect(said(out, '✓', 'last error')).toBe('none within 2 h, of 0 lines');
  const [looked = '', not = ''] =
    out.replaceAll('\n', ' ').split('Looked at: ')[1]?.split('Not checked: ') ?? [];
  for (const what of ['who is told', 'alarms', 'dead letters', 'last error']) {
    expect(looked).toContain(what);
    expect(not).not.toContain(what);
  }
});

test('of a stage with a lake, so is what the stage says of it, and its log is named', async () => {
  expect((await doctor()).out).not.toMatch(/^lake$/m);
  aws.stacks.add('duo-lake-prod');
  aws.watch.resources.set('duo-lake-prod', [
    ['AWS::CloudWatch::Alarm', 'StoppedAlarm', 'duo-lake-prod-stopped'],
  ]);
  aws.watch.alarms.set('duo-lake-prod-stopped', { StateValue: 'ALARM', AlarmDescription: 'A day waits.' });
  const message = JSON.stringify({ level: 'ERROR', message: 'it is not gzip' });
  aws.watch.logs.set('/aws/lambda/duo-lake-prod-turn', [{ timestamp: now - minute, message }]);
  const { exitCode, out } = await doctor();
  expect(exitCode).toBe(1);
  const ofLake = out.split(/^lake$/m)[1]?.replaceAll(/\s+/g, ' ');
  expect(ofLake).toContain('stopped is on: A day waits.');
  expect(ofLake).toContain('turn: it is not gzip');
  expect(ofLake).toContain('duo logs lake --stage prod --errors');
  expect(out).not.toMatch(/✓ deployed .*lake/);
});

describe('alarms', () => {
  test('that are on are named, since when and what each is about, and the page with the remedies', async () => {
    aws.watch.alarms.set('duo-telephony-prod-failing', {
      StateValue: 'ALARM',
      AlarmDescription: 'Several runs in a row have failed.',
      StateTransitionedTimestamp: (now - 14 * hour) / 1000,
    });
    const { exitCode, out } = await doctor();
    expect(exitCode).toBe(1);
    expect(said(out, '✗', 'alarms')).toBe(
      'failing is on since 2026-02-28 22:00 UTC (14 h): Several runs in a row have failed. docs/operating/woken-up.md says what each means and what to do. To see what the function says: npx pnpm duo logs telephony --stage prod --errors',
    );
    expect(widest(out)).toBeLessThanOrEqual(80);
  });

  test('that somebody has deleted, or that tell nobody, are named', async () => {
    aws.watch.alarms.delete('duo-telephony-prod-behind');
    aws.watch.alarms.set('duo-telephony-prod-silent', { StateValue: 'OK', ActionsEnabled: false });
    const text = said((await doctor()).out, '✗', 'alarms');
    expect(text).toMatch(/^behind: somebody has deleted it, .* silent: its actions are switched off/);
    expect(text).toContain('aws cloudwatch enable-alarm-actions --alarm-names duo-telephony-prod-silent');
    expect(text).not.toContain('throttled');
  });

  test('are not looked for where the log that is named is not deployed', async () => {
    aws.watch.resources.delete('duo-telephony-prod');
    aws.stacks.delete('duo-telephony-prod');
    const { out } = await duo('doctor telephony --stage prod', {
      clock: collected.clock,
      env: { ...collected.env, ...aws.env },
    });
    expect(said(out, '✗', 'alarms')).toContain('There are no alarms. Deploy them');
    expect(out).not.toContain('ListStackResources');
  });

  test('are missed where the stack has none', async () => {
    aws.watch.resources.set('duo-telephony-prod', []);
    const { out } = await doctor();
    expect(said(out, '✗', 'alarms')).toContain('There are no alarms. Deploy them: npx pnpm sls deploy');
    expect(said(out, '?', 'dead letters')).toBe('the stack does not have such queues');
  });
});

describe('who is told', () => {
  test('nobody: the setting, and another mail where it stands already', async () => {
    aws.watch.subscriptions.length = 0;
    const { exitCode, out } = await doctor();
    expect(exitCode).toBe(1);
    expect(said(out, '✗', 'who is told')).toBe(
      'Nobody is told: no alarm reaches anyone. Set alarmEmail to an address in settings/prod.yml, and deploy: npx pnpm sls storage:deploy --stage prod If it is set already, the subscription was deleted or the mail was never answered. Ask for another mail: aws sns subscribe --topic-arn arn:aws:sns:eu-west-1:123456789012:alarms --protocol email --notification-endpoint <address> --region eu-west-1',
    );
    expect(widest(out)).toBeLessThanOrEqual(80);
  });

  test('whoever has not opened the link in the mail is not', async () => {
    aws.watch.subscriptions.push({
      Protocol: 'email',
      Endpoint: 'new@example.com',
      SubscriptionArn: 'PendingConfirmation',
    });
    expect(said((await doctor()).out, '✗', 'who is told')).toMatch(
      /^new@example\.com: not confirmed, so not told\. Open the link in the mail .* --notification-endpoint new@example\.com /,
    );
  });

  test('a URL that may hold a key, and a phone number, are not printed', async () => {
    for (const [Protocol, Endpoint] of [
      ['https', 'https://hooks.example.com/key'],
      ['sms', '+15555550100'],
    ] as const)
      aws.watch.subscriptions.push({ Protocol, Endpoint, SubscriptionArn: 'arn:aws:sns:a' });
    const { out } = await doctor();
    expect(said(out, '✓', 'who is told')).toContain('a subscription of the kind sms');
    expect(out).not.toMatch(/hooks\.example|5550100/);
  });
});

test('the last error of both functions is told, how old it is, and how to read them all', async () => {
  const error = (message: string) => JSON.stringify({ level: 'ERROR', message });
  aws.watch.logs.set('/aws/lambda/duo-telephony-prod-collect', [
    { timestamp: now - 3 * hour, message: error('too old') },
    { timestamp: now - 100 * minute, message: error('an earlier one') },
    { timestamp: now - 10 * minute, message: '{"level":"INFO","message":"run ended"}' },
  ]);
  aws.watch.logs.set('/aws/lambda/duo-telephony-prod-reconcile', [
    { timestamp: now - 99 * minute, message: '{"level":"WARN","message":"asked again"}' },
    { timestamp: now - 95 * minute, message: '{"level":"INFO","message":"reconciled"}' },
    { timestamp: now - 90 * minute, message: error('2026-02-28: 2 records astray') },
  ]);
  expect(said((await doctor()).out, '✗', 'last error')).toBe(
    '2026-03-01 10:30 UTC (90 min ago), reconcile: 2026-02-28: 2 records astray All of them: npx pnpm duo logs telephony --stage prod --errors',
  );
});

test.each([
  ['cloudformation:ListStackResources', 'alarms'],
  ['cloudwatch:DescribeAlarms', 'alarms'],
  ['sqs:GetQueueAttributes', 'dead letters'],
  ['sns:ListSubscriptionsByTopic', 'who is told'],
  ['logs:FilterLogEvents', 'last error'],
])('without %s nothing is claimed, and it is named', async (action, check) => {
  aws.denied.add(action);
  const { exitCode, out } = await doctor();
  expect(exitCode).toBe(0);
  expect(said(out, '?', check)).toContain(`It needs ${action}.`);
  expect(out.replaceAll('\n', ' ')).toMatch(new RegExp(`Not checked: [^.]*${check}`));
});
