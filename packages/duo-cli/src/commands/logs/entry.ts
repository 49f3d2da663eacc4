import { maskPhones } from '../../operator/mask-phones';
import type { Piece } from '../../operator/piece';
import { wrap } from '../../operator/wrap';
import type { LogEvent } from '../../stage/watch/function-log';
import type { Level, LogLine } from '../../stage/watch/log-line';

const colours: Partial<Record<Level, 'red' | 'yellow' | 'dim'>> = {
  ERROR: 'red',
  WARN: 'yellow',
  DEBUG: 'dim',
};

/**
 * A line of a function's log as it is printed: beside its time, or below it where it does not fit into that many columns; where
 * there is no terminal, always beside it.
 */
export function entry(
  { at, work }: LogEvent,
  { level, says }: LogLine,
  columns: number | undefined,
): Piece[] {
  const time = new Date(at).toISOString().slice(0, 19).replace('T', ' ');
  const text = maskPhones(says);
  const colour = colours[level];
  const head = `${time} ${work.padEnd(longest)} `;
  const mark: Piece = colour === undefined ? level : { colour, text: level };
  const gap = ' '.repeat('ERROR'.length - level.length + 1);
  const room = columns === undefined ? Number.POSITIVE_INFINITY : columns - head.length - 'ERROR '.length;
  if (!text.includes('\n') && text.length <= room) return [head, mark, `${gap}${text}\n`];
  const lines = text
    .split('\n')
    .flatMap((line) => (columns === undefined ? [line] : wrap(line, columns - 4)));
  return [head, mark, '\n', ...lines.map((line) => `    ${line}\n`)];
}

const longest = 'reconcile'.length;
