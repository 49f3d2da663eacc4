import type { LogType } from 'duo-core';
import { daysText } from '../../operator/day-span';
import { plural } from '../../operator/words';
import { backfillCommand } from '../../state/backfill-command';
import { sumOf } from '../../state/receipt-table';
import type { Target } from '../../store/target';
import type { Passed } from './here';
import type { BackfillJson } from './json';

/** What a backfill has come to, by its receipts: for a person, for a program, and what is left to do; null if nothing is. */
export function backfillResult(
  { name }: LogType,
  days: readonly string[],
  { receipts, earlier }: Passed,
  waiting: readonly string[],
  target: Target,
): { readonly json: BackfillJson; readonly text: string; readonly problem: string | null } {
  const { store } = target;
  const repaired = sumOf(receipts, 'repaired');
  const all = [...earlier, ...receipts];
  const done = all.map(({ day }) => day);
  const without = days.filter((day) => !done.includes(day) && !waiting.includes(day));
  const deleted = all.filter((receipt) => receipt.deleted > 0).map(({ day }) => day);
  const [first = '', last = first] = [deleted[0], deleted.at(-1)];
  const problems = [
    ...(without.length > 0
      ? [
          `${daysText(without)}: there is no receipt. The function's log says why, unless somebody has asked for the day again meanwhile.`,
        ]
      : []),
    ...(deleted.length > 0
      ? [
          `${daysText(deleted)}: something was deleted. Nothing of that is stored, because a SIEM that reads and deletes would read it twice. To store it anyway: ${backfillCommand(name, target, { first, last }, '--again')}`,
        ]
      : []),
  ];
  const before =
    earlier.length === 0
      ? ''
      : `Left as they are, because they were compared less than a day ago (verify --repair compares them again, --again also stores what was deleted): ${daysText(earlier.map(({ day }) => day))}.\n`;
  return {
    json: {
      logType: name,
      store: store.url,
      repaired,
      days: [...receipts],
      earlier: [...earlier],
      waiting: [...waiting],
      without,
    },
    text: `${before}Done: ${plural(repaired, 'new record')} of ${plural(receipts.length, 'day')} below ${store.url}/logs/${name}/.\n`,
    problem: problems.length === 0 ? null : problems.join('\n'),
  };
}
