import { maskPhones } from '../../operator/mask-phones';
import { durationText, minuteText } from '../../operator/words';
import type { Work } from '../../stage/names';
import { functionLog } from '../../stage/watch/function-log';
import { readLogLine } from '../../stage/watch/log-line';
import { logsCommand } from '../../stage/watch/logs-command';
import { type Check, check, ifPermitted, Unknown } from './check';

/** How far back is looked, in ms. */
const span = 7_200_000;

/** Checks that the functions of a log have logged no error of late, and says the last one. `now` in ms. */
export async function checkLastError(
  logType: string,
  stage: string,
  env: NodeJS.ProcessEnv,
  now: number,
): Promise<Check> {
  return check(logType, 'last error', async () => {
    const works: readonly Work[] = ['collect', 'reconcile'];
    const read = works.map((work) => ifPermitted(functionLog(logType, stage, work, now - span, env)));
    const logs = await Promise.all(read);
    const [collect] = logs;
    if (collect === null) throw new Unknown('the function has no log yet');
    const lines = logs.flatMap((events) => events ?? []).toSorted((one, other) => one.at - other.at);
    const errors = lines.flatMap(({ work, at, text }) => {
      const line = readLogLine(text);
      return line?.level === 'ERROR' ? [{ work, at, says: line.says }] : [];
    });
    const last = errors.at(-1);
    if (last === undefined)
      return `none within ${durationText(span)}, of ${lines.length.toLocaleString('en')} lines`;
    const { work, at, says } = last;
    throw new Error(
      `${minuteText(at)} UTC (${durationText(now - at)} ago), ${work}: ${maskPhones(says)}\nAll of them:\n${logsCommand(logType, stage)}`,
    );
  });
}
