import { durationText, minuteText, plural } from '../../../operator/words';
import { regionOf } from '../../../stage/aws';
import { stackName } from '../../../stage/names';
import { type Alarm, findAlarms } from '../../../stage/watch/alarms';
import { logsCommand } from '../../../stage/watch/logs-command';
import type { Parts } from '../../../stage/watch/parts';
import { type Check, check, ifPermitted } from '../check';

/** Checks that no alarm of a log is on, that all of them are there, and that they tell somebody. `now` in ms. */
export async function checkAlarms(
  logType: string,
  stage: string,
  env: NodeJS.ProcessEnv,
  parts: Promise<Parts>,
  now: number,
): Promise<Check> {
  return check(logType, 'alarms', async () => {
    const { alarms: names } = await ifPermitted(parts);
    if (names.length === 0) throw new Error(`There are no alarms. ${deploy(stage, logType)}`);
    const alarms = await ifPermitted(findAlarms(names, env));
    const short = (name: string) => name.replace(`${stackName(logType, stage)}-`, '');
    const on = alarms.filter(({ state }) => state === 'on');
    const missing = names.filter((name) => !alarms.some((alarm) => alarm.name === name));
    const mute = alarms.filter(({ tells }) => !tells).map(({ name }) => name);
    const problems = [
      ...on.map((alarm) => `${short(alarm.name)} is on${sinceText(alarm, now)}: ${alarm.description}`),
      ...(on.length === 0
        ? []
        : [
            `docs/operating/woken-up.md says what each means and what to do. To see what the function says:\n${logsCommand(logType, stage)}`,
          ]),
      ...(missing.length === 0
        ? []
        : [
            `${missing.map(short).join(', ')}: somebody has deleted it, and a deployment does not bring it back. Create it by hand, as docs/operating/alarms-and-metrics.md describes.`,
          ]),
      ...(mute.length === 0
        ? []
        : [
            `${mute.map(short).join(', ')}: its actions are switched off, so it tells nobody. Switch them on: aws cloudwatch enable-alarm-actions --alarm-names ${mute.join(' ')} --region ${regionOf(env)}`,
          ]),
    ];
    if (problems.length > 0) throw new Error(problems.join('\n'));
    const waiting = alarms.filter(({ state }) => state === 'no data').map(({ name }) => short(name));
    const without = waiting.length === 0 ? '' : `; no data yet for ${waiting.join(', ')}`;
    return `none of ${plural(alarms.length, 'alarm')} is on${without}`;
  });
}

function sinceText({ since }: Alarm, now: number): string {
  if (since === null) return '';
  return ` since ${minuteText(since)} UTC (${durationText(now - since)})`;
}

function deploy(stage: string, logType: string): string {
  return `Deploy them: npx pnpm sls deploy --stage ${stage} in services/${logType}.`;
}
