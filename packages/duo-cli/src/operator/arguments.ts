import { InvalidArgumentError } from 'commander';
import * as z from 'zod/mini';

const moment = z.union([z.iso.date(), z.iso.datetime({ offset: true })]);

/** Reads a time that an operator gives, in ms: a day, which begins at midnight UTC, or a time with its zone. */
export function readMoment(text: string): number {
  if (moment.safeParse(text).success) return Date.parse(text);
  throw new InvalidArgumentError(
    'Write a day (2026-11-01, from midnight UTC) or a time (2026-11-01T09:30:00Z).',
  );
}

/** Reads how many of something an operator wants. */
export function readCount(text: string): number {
  if (/^\d{1,7}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('Write a whole number.');
}
