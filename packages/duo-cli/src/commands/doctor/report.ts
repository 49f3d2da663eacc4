import type { Piece } from '../../operator/piece';
import { wrap } from '../../operator/wrap';
import type { Check } from './check';

const marks = { ok: '✓', failed: '✗', unknown: '?' } as const;
const colours = { ok: 'green', failed: 'red', unknown: 'yellow' } as const;
const column = 18;
const width = 80;

/** A line for each check, below its log's name; what does not fit beside it stands below it. */
export function report(checks: readonly Check[]): Piece[] {
  return checks.flatMap(({ logType, check: name, state, says }, n): Piece[] => {
    const heading = logType !== null && logType !== checks[n - 1]?.logType ? `\n${logType}\n` : '';
    const mark = { colour: colours[state], text: marks[state] };
    const inline = column + says.length <= width && state !== 'failed';
    if (inline) return [heading, mark, ` ${name.padEnd(column - 2)}${says}\n`];
    const below = says.split('\n').flatMap((line) => wrap(line, width - 4).map((one) => `    ${one}\n`));
    return [heading, mark, ` ${name}\n`, ...below];
  });
}

/** Sentences below the checks, a paragraph each. */
export function closing(sentences: readonly string[]): string {
  return sentences.map((sentence) => `\n${wrap(sentence, width).join('\n')}\n`).join('');
}
