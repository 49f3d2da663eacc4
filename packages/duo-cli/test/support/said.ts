/** What `doctor` says of a check, in one line; of the first with this name. */
export function said(out: string, mark: string, check: string): string {
  const [, text = ''] = new RegExp(`^\\${mark} ${check}\\s+(.*(?:\\n    .*)*)`, 'm').exec(out) ?? [];
  return text.replace(/\n? {4,}/g, ' ').trim();
}

/** How long the longest line is, but for commands, which are to be pasted in one piece. */
export function widest(out: string): number {
  const lines = out.split('\n').filter((line) => !/^ *(?:aws|npx) /.test(line));
  return Math.max(...lines.map((line) => line.length));
}
