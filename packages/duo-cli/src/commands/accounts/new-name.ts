import { isAccountName } from 'duo-core';
import slugify from 'slugify';

/** The longest that an account's name can be. */
const longest = 40;

/**
 * A name that an account can have, made from what Duo calls it, and of nobody in `taken`: "Müller & Söhne" becomes
 * muller-and-sohne, or muller-and-sohne-2.
 */
export function newName(name: string, taken: ReadonlySet<string>): string {
  const words = slugify(name, { lower: true, strict: true });
  const whole = isAccountName(words.slice(0, 1)) ? words : `account-${words}`;
  for (let n = 1; ; n += 1) {
    const end = n === 1 ? '' : `-${n}`;
    const one = `${whole.slice(0, longest - end.length).replace(/-+$/, '')}${end}`;
    if (!taken.has(one)) return one;
  }
}
