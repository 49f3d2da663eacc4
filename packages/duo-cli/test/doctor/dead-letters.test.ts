import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { startAws } from '../support/aws';
import { createCollected } from '../support/collected';
import { putInOrder, queueUrl } from '../support/in-order';
import { duo } from '../support/operator';
import { said, widest } from '../support/said';

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;
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
const letters = (name: string) => aws.watch.queues.get(queueUrl(name)) ?? [];
const failedRun = (errorMessage: string) =>
  JSON.stringify({
    version: '1.0',
    requestContext: { condition: 'RetriesExhausted', approximateInvokeCount: 1 },
    requestPayload: {},
    responsePayload: { errorType: 'CredentialsError', errorMessage, trace: [] },
  });

describe('dead letters', () => {
  test('of a schedule are told with the reason in their attributes, however old they are', async () => {
    letters('ScheduleDeadLetters').push({
      body: '{}',
      sentAt: now - 5 * day,
      attributes: {
        ERROR_CODE: 'AccessDeniedException',
        ERROR_MESSAGE: 'not allowed to perform lambda:InvokeFunction',
      },
    });
    const { exitCode, out } = await doctor();
    expect(exitCode).toBe(1);
    expect(said(out, '✗', 'dead letters')).toBe(
      `1 message in ScheduleDeadLetters. The newest, from 5 days ago, says: AccessDeniedException: not allowed to perform lambda:InvokeFunction. The schedule could not start the function. Fix what the message names; the next run catches up. Then empty the queue, because the alarm stays on while a message is in it: aws sqs purge-queue --queue-url ${queueUrl('ScheduleDeadLetters')} --region eu-west-1`,
    );
    expect(widest(out)).toBeLessThanOrEqual(80);
  });

  test('of failed runs are told with the error that the newest threw, and the age of the oldest', async () => {
    letters('FailedRuns').push(
      { body: failedRun('an older one'), sentAt: now - 14 * hour },
      { body: failedRun('the secret key was refused'), sentAt: now - 30 * minute },
    );
    expect(said((await doctor()).out, '✗', 'dead letters')).toMatch(
      /^2 messages in FailedRuns, the oldest from 14 h ago\. The newest, from 30 min ago, says: CredentialsError: the secret key was refused\. Fix what it names; the next run goes on by itself/,
    );
  });

  test('of runs that failed more than a day ago are told, and are no failure', async () => {
    letters('ReconcileFailedRuns').push({
      body: JSON.stringify({ requestContext: { condition: 'EventAgeExceeded' } }),
      sentAt: now - 3 * day,
    });
    const { exitCode, out } = await doctor();
    expect(exitCode).toBe(0);
    expect(said(out, '✓', 'dead letters')).toMatch(
      /^1 message in ReconcileFailedRuns\. The newest, from 3 days ago, says: EventAgeExceeded\. Nothing has come within a day/,
    );
  });

  test('of new objects are told by the object, and moved back instead of purged', async () => {
    letters('NewObjectsDeadLetters').push({
      body: JSON.stringify({ Records: [{ s3: { object: { key: 'logs/telephony/a+b%3D' } } }] }),
      sentAt: now - day,
    });
    const text = said((await doctor()).out, '✗', 'dead letters');
    expect(text).toContain('says: logs/telephony/a+b%3D.');
    expect(text).toMatch(/aws sqs start-message-move-task --source-arn arn:aws:sqs:\S+NewObjectsDeadLetters/);
    expect(text).not.toContain('purge');
  });

  test('are left where they are, and the queue that a SIEM reads is not touched', async () => {
    letters('NewObjects').push({ body: '{}', sentAt: now - hour });
    for (let n = 0; n < 12; n++)
      letters('FailedRuns').push({ body: failedRun(`number ${n}`), sentAt: now - 2 * day + n });
    const { out } = await doctor();
    expect(aws.watch.received).toEqual([{ QueueUrl: queueUrl('FailedRuns'), VisibilityTimeout: 0 }]);
    // Two were not looked at: they may be newer.
    expect(said(out, '✗', 'dead letters')).toMatch(
      /^12 messages in FailedRuns, the oldest of the 10 looked at from 2 days ago\. The newest of the 10 looked at, /,
    );
  });

  test('are counted where they may not be read, and what they say does nothing to the terminal', async () => {
    letters('FailedRuns').push({ body: failedRun('\u001b[2Jgone, call +1 555 555 0100'), sentAt: now });
    const { out } = await doctor();
    expect(said(out, '✗', 'dead letters')).toContain('\\u001b[2Jgone, call +* *** *** **00');
    aws.denied.add('sqs:ReceiveMessage');
    expect(said((await doctor()).out, '✗', 'dead letters')).toMatch(
      /^1 message in FailedRuns; the messages cannot be read: .* It needs sqs:ReceiveMessage\./,
    );
  });
});
