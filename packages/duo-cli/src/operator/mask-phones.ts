/**
 * With a +, as Duo writes them; or without, as people name their devices: (734) 555-2342. No date looks like either. In JSON,
 * what stands before it may be a letter that ends an escape, as in a text with several lines.
 */
const phone =
  /(?:(?<![\w.+-])|(?<=\\[bfnrt])|(?<=\\u[\da-fA-F]{4}))(?:\+\d(?:[ ().-]{0,2}\d){6,}|\(?\d{3}\)?[ .-]\d{3}[ .-]\d{4})(?![\w-])/g;

/** The text with all but the last two digits of each phone number hidden: for what is printed, never for what is stored. */
export function maskPhones(text: string): string {
  return text.replace(phone, (number) => number.replace(/\d(?=(?:\D*\d){2})/g, '*'));
}
