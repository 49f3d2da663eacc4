import { type IBufferCell, Terminal } from '@xterm/headless';
import { escaped } from '../html';

const columns = 80;

/** The colours of a dark terminal, by their numbers. */
const palette = ['#484f58', '#ff7b72', '#3fb950', '#d29922', '#58a6ff', '#bc8cff', '#39c5cf', '#c9d1d9'];

/** How wide the page is, in px. */
export const terminalWidth = 768;

/**
 * What a terminal of 80 columns shows after these characters, as a page: what was typed, and what that printed. The line with which pnpm
 * begins a script, and the shell's own prompt, are left out.
 */
export async function terminalPage(characters: string, command: string): Promise<string> {
  const emulator = new Terminal({ cols: columns, rows: 60, scrollback: 1000, allowProposedApi: true });
  await new Promise<void>((resolve) => emulator.write(characters, resolve));
  const { active } = emulator.buffer;
  const cell = active.getNullCell();
  const lines: string[] = [];
  for (let y = 0; y < active.length; y++) {
    const row = active.getLine(y);
    if (row === undefined) break;
    const text = row.translateToString(true);
    if (/^\[\d+\] \$/.test(text) || text.startsWith('$ tsx ')) continue;
    lines.push(
      Array.from({ length: row.length }, (_, x) => drawn(row.getCell(x, cell)))
        .join('')
        .trimEnd(),
    );
  }
  emulator.dispose();
  while (lines.at(-1) === '') lines.pop();
  while (lines[0] === '') lines.shift();
  return `<!doctype html><meta charset="utf-8"><title>${escaped(command)}</title><style>${style}</style><div><i></i><i></i><i></i></div><pre><b>$</b> ${escaped(command)}\n${lines.join('\n')}</pre>`;
}

function drawn(cell: IBufferCell | undefined): string {
  const text = escaped(cell?.getChars() || ' ');
  if (cell === undefined || cell.isAttributeDefault()) return text;
  const colour = cell.isFgPalette() ? `color:${palette[cell.getFgColor() % 8]};` : '';
  return `<span style="${colour}${cell.isDim() ? 'opacity:.6;' : ''}${cell.isBold() ? 'font-weight:bold' : ''}">${text}</span>`;
}

const style = `
body { margin: 0; width: ${terminalWidth}px; background: #0d1117; color: #e6edf3; }
div { padding: 10px 12px 0; }
i { display: inline-block; width: 11px; height: 11px; margin-right: 7px; border-radius: 50%; background: #30363d; }
pre { margin: 0; padding: 8px 24px 18px; font: 15px/20px 'DejaVu Sans Mono', monospace; }
b { color: #3fb950; }
`;
