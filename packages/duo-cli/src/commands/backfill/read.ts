import type { Progress } from '../../operator/progress';
import { plural } from '../../operator/words';
import type { World } from '../../operator/world';
import { atMost } from '../../store/at-most';
import type { BackfillPlan } from './plan';
import type { BackfillRun } from './run';

/**
 * Reads the spans, at most `parallel` at once and the oldest first, because Duo deletes the oldest first; resolves to
 * how many records are new. Ctrl-C and a failing run end it, with an error that says how to go on.
 */
export async function readAll(
  todo: BackfillPlan['todo'],
  parallel: number,
  run: BackfillRun,
  progress: Progress,
  { clock, onInterrupt }: World,
): Promise<number> {
  const stop = new AbortController();
  const { signal } = stop;
  let interrupted = false;
  const unread = new Map(todo.map((span) => [span, span.until - span.at]));
  const total = todo.reduce((sum, { since, until }) => sum + until - since, 0);
  let records = 0;
  let finished = 0;
  if (todo.length === 0) return 0;

  onInterrupt?.(() => {
    interrupted = true;
    progress.say('Stopping …');
    stop.abort();
  });
  show();
  try {
    await atMost(parallel, todo, (span) =>
      readSpan(span).catch((error: unknown) => {
        stop.abort(); // those beside it
        throw error;
      }),
    );
    return records;
  } catch (error) {
    const what = interrupted || !(error instanceof Error) ? 'Interrupted.' : error.message;
    throw new Error(
      `${/[.?]$/.test(what) ? what : `${what}.`} Nothing is lost or stored twice: the same command goes on from here.`,
      { cause: error },
    );
  } finally {
    progress.end();
  }

  async function readSpan(span: BackfillPlan['todo'][number]): Promise<void> {
    for (;;) {
      signal.throwIfAborted();
      const result = await run(span, signal);
      const done = result.outcome === 'caught-up';
      records += result.records;
      unread.set(span, done ? 0 : result.behindSeconds * 1000);
      if (done) finished += 1;
      show();
      if (done) return;
      if (result.outcome === 'throttled') progress.say('Duo asks to wait: going on in a minute.');
      // Also where another run is at it, or the last moments of a span are not there yet.
      if (result.outcome !== 'more' || result.pages === 0) await aMinute();
    }
  }

  function show(): void {
    const rest = [...unread.values()].reduce((sum, ms) => sum + ms, 0);
    progress.show(
      1 - rest / total,
      `${finished} of ${plural(todo.length, 'part')}, ${plural(records, 'record')}`,
    );
  }

  /** In steps, so that it can be interrupted. */
  async function aMinute(): Promise<void> {
    for (let second = 0; second < 60 && !signal.aborted; second++) await clock.sleep(1_000);
  }
}
