import { maskPhones } from '../../../operator/mask-phones';
import { durationText, minuteText } from '../../../operator/words';
import { worksOf } from '../../../stage/names';
import { functionLog } from '../../../stage/watch/function-log';
import { readLogLine } from '../../../stage/watch/log-line';
import { logsCommand } from '../../../stage/watch/logs-command';
import { type Check, check, ifPermitted, Unknown } from '../check';

/** How far back is looked, in ms. */
const span = 7_200_000;

/** Checks that the functions of a service have logged no error of late, and says the last one. `now` in ms. */
export async function checkLastError(
  service: string,
  stage: string,
  env: NodeJS.ProcessEnv,
  now: number,
): Promise<Check> {
  return check(service, 'last error', async () => {
    const read = worksOf(service).map((work) =>
      ifPermitted(functionLog(service, stage, work, now - span, env)),
    );
    const logs = await Promise.all(read);
    const [first] = logs;
    if (first === null) throw new Unknown('the function has no log yet');
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
      `${minuteText(at)} UTC (${durationText(now - at)} ago), ${work}: ${maskPhones(says)}\nAll of them:\n${logsCommand(service, stage)}`,
    );
  });
}
