import { expect, test } from '@jest/globals';
import { daysAgo } from '../days';
import { type Place, stage } from '../place';
import type { Chapter } from '../scene';

const alarm = `duo-telephony-${stage}-failing`;
const doctor = `npx pnpm duo doctor --stage ${stage}`;

/** An object of the last hour that the collector has not written. */
function unreadable(): string {
  const now = Date.now();
  const folder = daysAgo(0).replaceAll('-', '/');
  return `logs/telephony/${folder}/${now - 3_600_000}-${now}-000099-${'0'.repeat(32)}.ndjson.gz`;
}

async function topicOf(place: Place): Promise<string> {
  return (await place.aws.exports()).get(`duo-storage-${stage}-AlarmTopicArn`) ?? '';
}

async function deadLettersOf(place: Place): Promise<string> {
  const resources = await place.aws.resources(`duo-telephony-${stage}`);
  const queue = resources.find(({ LogicalResourceId }) => LogicalResourceId === 'ScheduleDeadLetters');
  return queue?.PhysicalResourceId ?? '';
}

/** The log of a run that fails: of the first one of which the local AWS has it. */
async function failingRun({ aws }: Place): Promise<string> {
  for (let times = 0; times < 5; times++) {
    const { failed, log } = await aws.invoke(`duo-telephony-${stage}-collect`, { days: 7 });
    if (failed && log !== '') return log;
  }
  throw new Error('no run has failed and has a log');
}

/** All has gone wrong at once, and nobody knows it yet. */
export const wokenUp: Chapter = (scene) => {
  const key = unreadable();

  test('doctor finds each thing that is wrong, and names its remedy', async () => {
    const { place, terminal } = scene();
    const { buckets, trouble } = place;
    await place.catchUp();
    const [topic, queue] = [await topicOf(place), await deadLettersOf(place)];
    await trouble.alarm(alarm, 'ALARM');
    await trouble.deadLetter(queue, { code: 'AccessDeniedException', message: 'no lambda:InvokeFunction' });
    await buckets.put(await place.bucket(), key, 'no gzip');
    await trouble.unsubscribeAll(topic);
    expect(await failingRun(place)).toContain('the event must be {}');

    const { text, said, tooLong, coloured } = await terminal.run(doctor, 1);
    expect(text).toMatch(/^✗ who is told$/m);
    expect(said).toContain(`address in settings/${stage}.yml`);
    expect(text).toMatch(new RegExp(`^    aws sns subscribe --topic-arn ${topic} `, 'm'));
    expect(text).toMatch(/^✗ alarms$/m);
    expect(said).toMatch(
      /failing is on since \d{4}-\d\d-\d\d \d\d:\d\d UTC \(\d+ s\): Several runs in a row have failed/,
    );
    expect(said).toContain('docs/operating/woken-up.md');
    expect(text).toMatch(/^✗ dead letters$/m);
    expect(said).toContain('1 message in ScheduleDeadLetters.');
    expect(said).toContain('says: AccessDeniedException: no lambda:InvokeFunction. The schedule could not');
    expect(text).toMatch(new RegExp(`^    aws sqs purge-queue --queue-url ${queue} `, 'm'));
    expect(text).toMatch(/^✗ last day$/m);
    expect(said).toContain(`${key}: it is not gzip. Put its earlier version back; or remove it, and store`);
    expect(text).toMatch(/^✗ last error$/m);
    expect(text).toMatch(new RegExp(`^    npx pnpm duo logs telephony --stage ${stage} --errors$`, 'm'));
    expect(said).toMatch(/Looked at: .* Not checked: /);
    expect(text).toMatch(/^5 of \d+ checks failed\.$/m);
    // The key is one word.
    expect(tooLong.filter((line) => !line.includes(key))).toEqual([]);
    expect(coloured.length).toBeGreaterThan(5);
  });

  test('logs prints why a run failed, and without --errors how the others went', async () => {
    const { text, tooLong, coloured } = await scene().terminal.run(
      `npx pnpm duo logs telephony --stage ${stage} --errors`,
    );
    expect(text).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d collect {3}ERROR/);
    expect(text).toContain('days');
    expect(text).not.toMatch(/START|REPORT|run ended/);
    expect(tooLong).toEqual([]);
    expect(coloured.length).toBeGreaterThan(0);

    const all = await scene().terminal.run(`npx pnpm duo logs telephony --stage ${stage} --since 2h`);
    expect(all.text).toMatch(/collect {3}INFO {2}run ended: caught-up, /);
    expect(all.text).not.toMatch(/START|REPORT|_aws/);
    expect(all.tooLong).toEqual([]);
  });

  test('what was mended is in order', async () => {
    const { place, terminal } = scene();
    const { buckets, trouble } = place;
    await trouble.alarm(alarm, 'OK');
    await trouble.purge(await deadLettersOf(place));
    await buckets.remove(await place.bucket(), key);
    await trouble.subscribe(await topicOf(place), 'ops@example.com');
    const { text } = await terminal.run(doctor, 1);
    expect(text).toMatch(/^✓ who is told +ops@example\.com$/m);
    // An error is told for two hours.
    expect(text.match(/^✗ .*$/gm)).toEqual(['✗ last error']);
  });
};
