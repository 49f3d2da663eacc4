/**
 * Whether the operator's terminal draws block elements (U+2581 to U+2588): its locale is of UTF-8, in the order of POSIX (LC_ALL, LC_CTYPE,
 * LANG, the first that is not empty), or it is Windows Terminal, which has no locale. The console of Linux has no such glyphs.
 * https://pubs.opengroup.org/onlinepubs/9799919799/basedefs/V1_chap08.html
 */
export function drawsBlocks({ LC_ALL, LC_CTYPE, LANG, TERM, WT_SESSION }: NodeJS.ProcessEnv): boolean {
  if (TERM === 'linux' || TERM === 'dumb') return false;
  const locale = [LC_ALL, LC_CTYPE, LANG].find((value) => value !== undefined && value !== '') ?? '';
  return /utf-?8/i.test(locale) || WT_SESSION !== undefined;
}
