import { dayLength, type LogType, midnightOf } from 'duo-core';
import { durationText } from '../../../operator/words';
import { type Check, check, Unknown } from '../check';

/**
 * Says when Duo is said to retire a log, if that is said of it. `permission`: whether Duo still shows it.
 * `now` in ms.
 */
export async function checkRetirement(
  { name, retirement }: LogType,
  stage: string | null,
  permission: Check['state'],
  now: number,
): Promise<Check[]> {
  if (retirement === undefined) return [];
  const { on, source, note } = retirement;
  const said = `according to ${source}, not to Duo's own pages`;
  const retire = `When it no longer answers, remove it: ${removal(name, stage)}`;
  return [
    await check(name, 'retirement', () => {
      const left = midnightOf(on) - now;
      if (left > 0) return `on ${on}, in ${durationText(Math.max(left, dayLength))} (${said}). ${note}`;
      const was = `It was due on ${on} (${said}).`;
      if (permission === 'ok')
        throw new Unknown(`${was} Duo still shows this log, and may stop any day. ${note} ${retire}`);
      if (permission === 'failed')
        throw new Error(
          `${was} Duo does not show this log: see permission, above. If it was retired, remove it: ${removal(name, stage)}. ${note} What is stored stays.`,
        );
      throw new Unknown(
        `${was} This check could not see whether Duo still shows this log. ${note} ${retire}`,
      );
    }),
  ];
}

function removal(name: string, stage: string | null): string {
  return stage === null
    ? `stop collecting ${name}`
    : `npx pnpm sls remove --stage ${stage}, in services/${name}`;
}
