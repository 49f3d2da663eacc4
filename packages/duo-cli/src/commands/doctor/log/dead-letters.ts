import { saidBy } from '../../../operator/command';
import { maskPhones } from '../../../operator/mask-phones';
import { durationText, plural } from '../../../operator/words';
import { regionOf } from '../../../stage/aws';
import type { Parts } from '../../../stage/watch/parts';
import { type Letter, lookAtQueue, peek, type Queue } from '../../../stage/watch/queues';
import { type Check, check, ifPermitted, Unknown } from '../check';

const day = 86_400_000;

/**
 * Checks that nothing lies in the queues for what has failed: each message that a schedule or a reader of new objects has left
 * there, and runs that failed within a day. Takes nothing out of them. `now` in ms.
 */
export async function checkDeadLetters(
  logType: string,
  env: NodeJS.ProcessEnv,
  parts: Promise<Parts>,
  now: number,
): Promise<Check> {
  return check(logType, 'dead letters', async () => {
    const queues = [...(await ifPermitted(parts)).queues].filter(([name]) => name !== newObjects);
    if (queues.length === 0) throw new Unknown('the stack does not have such queues');
    const found = await Promise.all(
      queues.map(async ([name, url]) => ({ name, url, ...(await inQueue(url, env)) })),
    );
    const full = found.filter(({ count }) => count > 0);
    const told = full.map((queue) => ({ ...queue, says: queueText(queue, now) }));
    const problems = told.filter((queue) => !isOld(queue, now));
    const region = regionOf(env);
    if (problems.length > 0)
      throw new Error(problems.map((queue) => `${queue.says} ${remedy(queue, region)}`).join('\n'));
    if (told.length === 0) return `none in ${plural(queues.length, 'queue')}`;
    return `${told.map(({ says }) => says).join(' ')} Nothing has come within a day, and no failed run has to be replayed.`;
  });
}

/** The queue that a SIEM reads: what lies in it is no failure, and taking a look would count as one. */
const newObjects = 'NewObjects';

interface Found extends Queue {
  readonly name: string;
  readonly url: string;
  /** The newest first. */
  readonly letters: readonly Letter[];
  /** Why they could not be read; null if they could. */
  readonly refusal: string | null;
}

async function inQueue(url: string, env: NodeJS.ProcessEnv): Promise<Omit<Found, 'name' | 'url'>> {
  const queue = await ifPermitted(lookAtQueue(url, env));
  if (queue.count === 0) return { ...queue, letters: [], refusal: null };
  try {
    return { ...queue, letters: await peek(url, env), refusal: null };
  } catch (error) {
    return { ...queue, letters: [], refusal: saidBy(error) };
  }
}

function queueText({ name, count, letters, refusal }: Found, now: number): string {
  const [newest, oldest] = [letters[0], letters.at(-1)];
  const lies = `${plural(count, 'message')} in ${name}`;
  if (newest === undefined || oldest === undefined)
    return `${lies}; ${refusal ?? 'somebody else is reading them right now'}.`;
  const ago = ({ sentAt }: Letter) => `${durationText(now - sentAt)} ago`;
  const seen = letters.length < count ? ` of the ${letters.length} looked at` : '';
  const oldestText = letters.length === 1 ? '' : `, the oldest${seen} from ${ago(oldest)}`;
  const says = newest.says === null ? 'does not say why' : `says: ${ended(maskPhones(newest.says))}`;
  return `${lies}${oldestText}. The newest${seen}, from ${ago(newest)}, ${says}`;
}

function ended(sentence: string): string {
  return /[.!?]$/.test(sentence) ? sentence : `${sentence}.`;
}

/** What becomes of a run that failed is done by the next one; the message is only a note, which SQS keeps for 14 days. */
function isOld({ name, count, letters }: Found, now: number): boolean {
  if (!isOfRuns(name) || letters.length < count) return false;
  return letters.every(({ sentAt }) => now - sentAt > day);
}

const isOfRuns = (name: string) => name.endsWith('FailedRuns');

function remedy({ name, url, arn }: Found, region: string): string {
  if (name === 'NewObjectsDeadLetters')
    return `Fix the reader (does the object exist, and may the reader get it?), and move the messages back: aws sqs start-message-move-task --source-arn ${arn} --region ${region}`;
  const purge = `aws sqs purge-queue --queue-url ${url} --region ${region}`;
  return isOfRuns(name)
    ? `Fix what it names; the next run goes on by itself, and you do not have to replay any. Then empty the queue: ${purge}`
    : `The schedule could not start the function. Fix what the message names; the next run catches up. Then empty the queue, because the alarm stays on while a message is in it: ${purge}`;
}
