/**
 * A text as it may reach a terminal or a log: control characters and those that turn the direction of writing stand there as
 * `\uXXXX`, but for the line break and the tab. In a string of JSON that means the same.
 */
export function printable(text: string): string {
  return text.replace(unprintable, (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/**
 * C0, DEL and C1, by which a terminal is told to rename its window, to answer as if the operator had typed, or to erase what
 * it shows; and bidi controls, which let one line look like another (https://www.unicode.org/reports/tr9/#Directional_Formatting_Characters).
 */
const unprintable = /(?![\n\t])[\p{Cc}\p{Bidi_Control}]/gu;
