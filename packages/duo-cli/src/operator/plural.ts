/** A number of things: `1 page`, `2,000 pages`. */
export function plural(count: number, thing: string): string {
  return `${count.toLocaleString('en')} ${thing}${count === 1 ? '' : 's'}`;
}
