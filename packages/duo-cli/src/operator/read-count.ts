import { InvalidArgumentError } from '@commander-js/extra-typings';

/** Reads how many of something an operator wants. */
export function readCount(text: string): number {
  if (/^\d{1,7}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('Write a whole number.');
}
