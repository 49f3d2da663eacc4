import { plural } from '../../operator/words';
import type { Example } from './examples';

/** What `--json` prints: how what Duo shows of a span compares with what is stored. */
export interface Verification {
  readonly logType: string;
  readonly store: string;
  readonly from: string;
  readonly to: string;
  /** Whether `to` is earlier than was asked for. */
  readonly cut: boolean;
  readonly shown: number;
  readonly stored: number;
  readonly objects: number;
  readonly missing: number;
  readonly doubled: number;
  readonly foreign: number;
  readonly changed: number;
  /** Duo shows them since the last run, and the next one stores them. */
  readonly pending: number;
  /** Whether Duo changes records of this log, so that `changed` is no finding. */
  readonly mutable: boolean;
  readonly examples: Readonly<Record<Kind, readonly Example[]>>;
  /** The objects that hold what was missing now; null without `--repair`. */
  readonly repaired: readonly string[] | null;
  /** Objects whose names are not the collector's, which were not read. */
  readonly others: readonly string[];
}

const kinds = ['missing', 'doubled', 'foreign', 'changed'] as const;
type Kind = (typeof kinds)[number];

/** The result as a person wants it. */
export function verificationText(found: Verification): string {
  const { logType, store, from, to, cut, shown, stored, objects, pending, examples, repaired, others } =
    found;
  const named = kinds.flatMap((kind) => [
    `${kind}  ${number(found[kind])}\n`,
    table(
      examples[kind].map(({ time, id, identity, objects: keys }) => [
        `  ${time ?? 'no readable time'}`,
        id ?? `identity ${identity}`,
        keys.join(' '),
      ]),
    ),
    ...(examples[kind].length > 0 && examples[kind].length < found[kind] ? ['  …\n'] : []),
  ]);
  return [
    `${logType}, ${from} to ${to}, in ${store}\n`,
    `Duo shows ${plural(shown, 'record')}, and ${number(stored)} ${stored === 1 ? 'is' : 'are'} stored, in ${plural(objects, 'object')}.\n\n`,
    ...named,
    ...(pending > 0 ? [`pending  ${number(pending)}, for the next run to store\n`] : []),
    ...(cut ? [`\nWhat is later than ${to} is not collected yet and was left out.\n`] : []),
    ...(others.length > 0
      ? [
          `\n${others.length === 1 ? "1 object is not the collector's by its name, and was" : `${number(others.length)} objects are not the collector's by their names, and were`} not read: ${others[0]}\n`,
        ]
      : []),
    ...(repaired === null || repaired.length === 0
      ? []
      : [`\nWhat was missing is stored now:\n${repaired.map((key) => `  ${key}\n`).join('')}`]),
  ].join('');
}

/** What is to be done about it, in a few sentences; null if nothing is. */
export function verdict(found: Verification): string | null {
  const { missing, doubled, foreign, changed, mutable, repaired } = found;
  const sentences = [
    ...(missing > 0 && repaired === null
      ? [`${number(missing)} missing: --repair stores them, unless objects are deleted once they are read.`]
      : []),
    ...(doubled > 0
      ? [
          `${number(doubled)} doubled, which no repair takes away: whoever reads them has to drop the repeats.`,
        ]
      : []),
    ...(foreign > 0
      ? [
          `${number(foreign)} foreign: see whether they are of this Duo account, and whether Duo still keeps that day.`,
        ]
      : []),
    ...(changed > 0 && !mutable
      ? [`${number(changed)} changed: Duo shows them with another text today. They are not stored again.`]
      : []),
  ];
  return sentences.length === 0 ? null : sentences.join(' ');
}

/** Rows of texts as lines, in columns as wide as they need to be. */
function table(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]) =>
    row.map((text, column) => text.padEnd(widths[column] ?? 0)).join('  ');
  return rows.map((row) => `${line(row).trimEnd()}\n`).join('');
}

function number(count: number): string {
  return count.toLocaleString('en');
}
