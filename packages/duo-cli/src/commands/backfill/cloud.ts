import type { LogType } from 'duo-core';
import { startProgress } from '../../operator/progress';
import { UsageError } from '../../operator/usage-error';
import { momentText, plural } from '../../operator/words';
import type { World } from '../../operator/world';
import { type ClosedSpan, spanText } from '../../state/closed-span';
import type { Target } from '../../store/target';
import { type CloudInput, isInTheWay, isSame, spanOf } from './cloud-input';
import { type CloudExecution, type CloudMachine, isUnderWay } from './cloud-machine';
import { progressOf } from './cloud-progress';

/**
 * The execution that the same command has started and that still runs, or null. Throws a `UsageError` if another one reads
 * some of the span, or the same one and `cloud` is not wanted: its parts may be cut otherwise, and what it has not begun
 * yet has no checkpoint that would show it. Without `cloud`, what cannot be listed is a warning only.
 */
export async function executionOf(
  machine: CloudMachine,
  logType: string,
  span: ClosedSpan,
  cloud: boolean,
  { complain }: World,
): Promise<CloudExecution | null> {
  const running = await machine.running().catch((error: unknown) => {
    if (cloud || !(error instanceof Error)) throw error;
    complain(`${error.message} If a backfill of this log runs there, wait for it.\n`);
    return [];
  });
  const inTheWay = running.filter(({ input }) => isInTheWay(input, logType, span));
  const same = inTheWay.find(({ input }) => isSame(input, logType, span));
  const other = cloud && same !== undefined ? undefined : (same ?? inTheWay[0]);
  if (other === undefined) return same ?? null;
  const { since, until } = spanOf(other.input);
  throw new UsageError(
    `A backfill of ${spanText({ since, until })} runs in the cloud and overlaps this one. Wait for it (--cloud --from ${momentText(since)} --to ${momentText(until)} shows it), or end it: ${toEnd(other.arn)}`,
  );
}

/**
 * Looks at an execution until it has ended; resolves to how many records were new. Ctrl-C ends the looking and not the
 * execution, with an error that says how to look again. A failed part, a stopped or timed-out execution is an error.
 */
export async function watchInCloud(
  machine: CloudMachine,
  arn: string,
  input: CloudInput,
  logType: LogType,
  target: Target,
  world: World,
): Promise<number> {
  const { clock, onInterrupt } = world;
  const progress = startProgress(world);
  const read = progressOf(input, logType, target);
  let interrupted = false;
  onInterrupt?.(() => {
    interrupted = true;
  });
  try {
    for (let unknown = 0; ; ) {
      const execution = await machine.describe(arn).catch(stillRuns);
      // Afterwards, so that all is there when it has ended.
      const { done, parts } = await read().catch(stillRuns);
      progress.show(done, `${parts} of ${plural(input.spans.length, 'part')}, in the cloud`);
      if (execution === null) {
        unknown += 1;
        if (unknown > 10) throw new Error(`AWS does not know ${arn}: run this again.`);
      } else if (!isUnderWay(execution.status)) {
        return await outcomeOf(execution, machine);
      }
      for (let second = 0; second < 10 && !interrupted; second++) await clock.sleep(1_000);
      if (interrupted) {
        throw new Error(`It goes on in the cloud: the same command shows it again. To end it: ${toEnd(arn)}`);
      }
    }
  } finally {
    progress.end();
  }
}

/** What fails here, like a network that is gone for a while, is the looking only. */
function stillRuns(error: unknown): never {
  const message = error instanceof Error ? error.message : String(error);
  throw new Error(`${message} It goes on in the cloud all the same: the same command shows it again.`, {
    cause: error,
  });
}

async function outcomeOf(execution: CloudExecution, machine: CloudMachine): Promise<number> {
  const { arn, status, records, error } = execution;
  if (records !== null) return records.reduce((sum, one) => sum + one, 0);
  const why = status === 'FAILED' ? ((await machine.failureOf(arn)) ?? error) : (reasons[status] ?? status);
  throw new Error(
    `It has stopped in the cloud: ${/[.?]$/.test(why) ? why : `${why}.`} Nothing is lost or stored twice: the same command goes on from here.`,
  );
}

const reasons: Readonly<Record<string, string>> = {
  ABORTED: 'someone has ended it',
  TIMED_OUT: 'it may take fourteen days',
};

function toEnd(arn: string): string {
  return `aws stepfunctions stop-execution --execution-arn ${arn}`;
}
