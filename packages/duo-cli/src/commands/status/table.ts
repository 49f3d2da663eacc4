import type { Piece } from '../../operator/piece';
import { durationText, minuteText, plural } from '../../operator/words';
import { wrap } from '../../operator/wrap';
import { type DaysStatus, type LogStatus, leftBy } from './of-log';

const width = 80;
const hour = 3_600_000;

/** The table for a person, of 80 columns at most: a row for each log, and below it what is out of the ordinary. */
export function statusTable(statuses: readonly LogStatus[], now: number): Piece[] {
  const head = ['LOG TYPE', 'WATERMARK', 'BEHIND', 'RECORDS', 'COMPARED', 'DUE', 'GAPS', 'LAST RUN'];
  const rows = [head, ...statuses.map((status) => cells(status, now))];
  const widths = head.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const others = widths.slice(1).reduce((sum, one) => sum + 2 + one, 0);
  widths[0] = Math.min(widths[0] ?? 0, width - others);
  const lines = rows.map((row) =>
    row
      .map((cell, column) => fitted(cell, column, widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
  const [first = '', ...rest] = lines;
  const body = rest.flatMap((line, n): Piece[] => {
    const status = statuses[n];
    return status === undefined ? [] : [painted(line, status, now), '\n', ...notes(status, now)];
  });
  return [{ colour: 'dim', text: first }, '\n', ...body];
}

function cells({ logType, checkpoint, days, lastDay, problem }: LogStatus, now: number): string[] {
  const left = leftBy(checkpoint);
  return [
    logType,
    checkpoint === null ? '-' : minuteText(checkpoint.watermark).slice(5),
    checkpoint === null ? '-' : durationText(now - checkpoint.watermark),
    lastDay === null ? '?' : `${lastDay.unread > 0 ? '≥' : ''}${lastDay.records.toLocaleString('en-US')}`,
    ...(checkpoint === null ? ['-', '-', '-'] : dayCells(days)),
    left?.replace('-', ' ') ?? (problem === null ? 'none yet' : '?'),
  ];
}

function dayCells(days: DaysStatus | null): string[] {
  if (days === null) return ['?', '?', '?'];
  return [days.compared?.slice(5) ?? 'none', String(days.due), String(days.gaps.length)];
}

/** Numbers stand to the right, and a name that is too long loses its end. */
function fitted(cell: string, column: number, size: number): string {
  if (cell.length > size) return `${cell.slice(0, size - 1)}…`;
  return column >= 2 && column <= 6 ? cell.padStart(size) : cell.padEnd(size);
}

function painted(line: string, { checkpoint, days, problem }: LogStatus, now: number): Piece {
  if (problem !== null || (checkpoint !== null && now - checkpoint.watermark > hour))
    return { colour: 'red', text: line };
  const isNotWhole = checkpoint === null || (days?.gaps.length ?? 0) > 0;
  return isNotWhole ? { colour: 'yellow', text: line } : line;
}

function notes(status: LogStatus, now: number): Piece[] {
  const { checkpoint, days, progress, savedAt, deployed, problem } = status;
  const found: string[] = [];
  if (problem !== null) found.push(problem);
  if (deployed === false) found.push('not deployed: nothing collects it');
  if (checkpoint?.window) {
    const { from, to, pages } = checkpoint.window;
    const read = progress === null ? '' : `${Math.floor(progress * 100)} % read, `;
    found.push(`window ${minuteText(from)} to ${minuteText(to)}: ${read}${plural(pages, 'page')}`);
  }
  if (savedAt !== null && (checkpoint?.window || now - savedAt > hour)) {
    found.push(`last saved ${durationText(now - savedAt)} ago`);
  }
  const gaps = days?.gaps ?? [];
  for (const [from, to] of gaps.slice(-3)) {
    found.push(`gap ${minuteText(from)} to ${minuteText(to)}: not compared with Duo yet`);
  }
  if (gaps.length > 3) found.push(`and ${plural(gaps.length - 3, 'earlier gap')}: --json has them all`);
  return found
    .flatMap((note) => wrap(note, width - 4))
    .flatMap((line): Piece[] => ['    ', { colour: 'dim', text: line }, '\n']);
}
