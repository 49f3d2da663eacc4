/**
 * The texts that Duo may have sent for a record that Python's `json.dumps` has printed: with and without a space after
 * every comma and colon, with other characters than ASCII escaped and not. Nothing but the printing differs between them.
 */
export function likelyTexts(printed: string): ReadonlySet<string> {
  const compact = printed.replace(/"(?:[^"\\]|\\.)*"|([,:]) /g, (token, mark?: string) => mark ?? token);
  return new Set([printed, compact].flatMap((text) => [text, unescaped(text)]));
}

function unescaped(text: string): string {
  return text.replace(/\\(?:u([\da-f]{4})|.)/g, (sequence, code?: string) => {
    const unit = Number.parseInt(code ?? '0', 16);
    return unit < 0x7f ? sequence : String.fromCharCode(unit);
  });
}
