/** What a text says as JSON, or undefined where it is none. The parser's own error is left out: it quotes the text. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
