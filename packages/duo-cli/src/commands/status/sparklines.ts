import type { Piece } from '../../operator/piece';
import { minuteText } from '../../operator/words';
import type { LogStatus } from './of-log';

const width = 80;
const hour = 3_600_000;

/** How many columns an hour has. */
const columns = 2;

/** From the fewest records to the most, and what an hour without one is. Digits where a terminal has nothing better: eighths of the most. */
const glyphs = {
  blocks: { bars: '▁▂▃▄▅▆▇█', none: '·' },
  ascii: { bars: '12345678', none: '0' },
};

/**
 * A bar for each of the last 24 hours of each log: its records by their own times, against its busiest hour. An hour that was not collected
 * is blank, one of which not all was read a question mark. Of 80 columns at most; nothing where there is nothing to count.
 */
export function sparklines(statuses: readonly LogStatus[], now: number, blocks: boolean): Piece[] {
  const rows = statuses.flatMap((status) => {
    const { logType, lastDay } = status;
    if (lastDay === null) return [];
    const most = Math.max(0, ...lastDay.hours.map((count) => count ?? 0));
    return [
      { logType, bars: barsOf(status, lastDay.hours, most, now, blocks), most: most.toLocaleString('en') },
    ];
  });
  if (rows.length === 0) return [];
  const [head, most] = ['RECORDS AN HOUR', 'MOST'];
  const long = 24 * columns;
  const mostWide = Math.max(most.length, ...rows.map((row) => row.most.length));
  const nameWide = Math.min(
    width - long - mostWide - 4,
    Math.max(head.length, ...rows.map(({ logType }) => logType.length)),
  );
  const line = (name: string, middle: string, last: string) =>
    `${name.length > nameWide ? `${name.slice(0, nameWide - 1)}…` : name.padEnd(nameWide)}  ${middle}  ${last.padStart(mostWide)}`;
  const [from, to] = [minuteText(now - 24 * hour).slice(5), minuteText(now).slice(5)];
  return [
    '\n',
    { colour: 'dim', text: line(head, `${from}${to.padStart(long - from.length)}`, most) },
    '\n',
    ...rows.flatMap(({ logType, bars, most }): Piece[] => [line(logType, bars, most), '\n']),
  ];
}

function barsOf(
  status: LogStatus,
  hours: readonly (number | null)[],
  most: number,
  now: number,
  blocks: boolean,
): string {
  const { bars, none } = blocks ? glyphs.blocks : glyphs.ascii;
  return hours
    .map((count, n) => {
      if (count === null) return '?'.padEnd(columns);
      const bar = bars[Math.ceil((count / most) * bars.length) - 1];
      // A block is as wide as its hour: bars without a gap are one shape.
      if (bar !== undefined) return blocks ? bar.repeat(columns) : bar.padEnd(columns);
      const from = now - (hours.length - n) * hour;
      return (wasCollected(status, from, from + hour) ? none : '').padEnd(columns);
    })
    .join('');
}

/** Whether any of a span (ms) is stored, or would be if Duo had something there. */
function wasCollected({ checkpoint, days }: LogStatus, from: number, to: number): boolean {
  if (checkpoint === null || from >= checkpoint.watermark || to <= checkpoint.since) return false;
  return !(days?.gaps ?? []).some(([since, until]) => since <= from && until >= to);
}
