import type { LogType } from 'duo-core';
import { momentText, plural } from '../../operator/words';
import { backfillCommand } from '../../state/backfill-command';
import { sumOf } from '../../state/receipt-table';
import type { Target } from '../../store/target';
import type { Example, Found } from './found';

/** The records that are named, a line each. */
export function exampleLines(examples: readonly Example[]): string {
  return examples
    .map(({ is, time, id, identity }) => {
      const when = time ?? 'no readable time';
      return `  ${is}  ${when}  ${id ?? `identity ${identity}`}\n`;
    })
    .join('');
}

/** Where the log begins (ms), and how many of the missing records are from before. */
interface Beginning {
  readonly since: number;
  readonly before: number;
}

/** What is to be done about what was found, a line for each kind; null if nothing was that is not repaired. */
export function verdict(
  { name }: LogType,
  days: readonly Found[],
  { since, before }: Beginning,
  target: Target,
): string | null {
  const again = (of: 'deleted' | 'astray') => {
    const those = days.filter((day) => day[of] > 0);
    const [first = '', last = first] = [those[0]?.day, those.at(-1)?.day];
    const open = those.find(({ until }) => until !== null)?.day;
    return `${open === undefined ? '' : `once ${open} is closed, `}${backfillCommand(name, target, { first, last }, '--again')}`;
  };
  const missing = days.reduce((sum, day) => sum + (day.deleted > 0 ? 0 : day.missing), 0);
  const openIsMissing = days.some(({ until, missing: count }) => until !== null && count > 0);
  const [deleted, changed, doubled, astray] = [
    sumOf(days, 'deleted'),
    sumOf(days, 'changed'),
    sumOf(days, 'doubled'),
    sumOf(days, 'astray'),
  ];
  const sentences = [
    ...(missing > before
      ? [
          `${plural(missing, 'record')} missing: --repair stores what is missing of closed days (today is open)${openIsMissing ? ', but not what was stored once and deleted; for today, doctor says whether it was' : ''}.`,
        ]
      : []),
    ...(before > 0 && missing > before
      ? [
          `${plural(before, 'record')} of these ${before === 1 ? 'is' : 'are'} from before ${momentText(since)}, where this log begins: the collector does not fetch them by itself.`,
        ]
      : []),
    ...(before > 0 && missing <= before
      ? [
          `Nothing is missing since ${momentText(since)}, where this log begins. ${plural(before, 'record')} from before ${before === 1 ? 'is' : 'are'} not stored: the collector does not fetch them by itself, --repair does.`,
        ]
      : []),
    ...(deleted > 0
      ? [
          `${plural(deleted, 'record')} deleted: stored once and gone now. Nothing of such a day is stored automatically, because a SIEM that reads and deletes would read it twice. To store what is missing: ${again('deleted')}`,
        ]
      : []),
    ...(changed > 0
      ? [`${plural(changed, 'record')} changed: Duo shows another text today. It is not stored again.`]
      : []),
    ...(astray > 0
      ? [
          `${plural(astray, 'record')} astray: Duo shows them without a time on that day. To store them: ${again('astray')}`,
        ]
      : []),
    ...(doubled > 0
      ? [
          `${plural(doubled, 'record')} doubled. A repair does not remove them: whoever reads the records must drop the repeats.`,
        ]
      : []),
  ];
  return sentences.length === 0 ? null : sentences.join('\n');
}

/** The sentence for when there is nothing to be done. */
export function goodEnd(days: readonly Found[]): string {
  const repaired = sumOf(days, 'repaired');
  const said =
    repaired === 0 ? '' : ` ${plural(repaired, 'record')} of it ${repaired === 1 ? 'is' : 'are'} stored now.`;
  return `Everything that Duo shows of ${plural(days.length, 'day')} is stored, each record once.${said}\n`;
}
