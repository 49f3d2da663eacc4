import type { IBufferCell, IBufferLine, Terminal } from '@xterm/headless';

/** A line as a program printed it, and what has become of it on the screen. */
export interface Line {
  readonly text: string;
  /** How many rows of the screen it takes: more than one where it was too long. */
  readonly rows: number;
  /** Whether anything of it is coloured, bold, dim or inverse. */
  readonly styled: boolean;
}

/** What an emulated terminal shows, and what has been scrolled out of it; without the empty rows at the end. */
export function readScreen({ buffer: { active } }: Terminal): Line[] {
  const lines: Line[] = [];
  const cell = active.getNullCell();
  for (let y = 0; y < active.length; y++) {
    const row = active.getLine(y);
    if (row === undefined) break;
    const text = row.translateToString(true);
    const styled = isStyled(row, cell);
    const before = row.isWrapped ? lines.pop() : undefined;
    lines.push({
      text: (before?.text ?? '') + text,
      rows: (before?.rows ?? 0) + 1,
      styled: styled || before?.styled === true,
    });
  }
  while (lines.at(-1)?.text.trim() === '') lines.pop();
  return lines.map((line) => ({ ...line, text: line.text.trimEnd() }));
}

function isStyled(row: IBufferLine, cell: IBufferCell): boolean {
  for (let x = 0; x < row.length; x++) {
    if (row.getCell(x, cell)?.isAttributeDefault() === false) return true;
  }
  return false;
}

/** The text of lines, as a person reads it. */
export function textOf(lines: readonly Line[]): string {
  return lines.map(({ text }) => text).join('\n');
}
