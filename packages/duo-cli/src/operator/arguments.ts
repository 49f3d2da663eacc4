import { InvalidArgumentError } from 'commander';
import { type Clock, dayLength, midnightOf, utcDay } from 'duo-core';
import * as z from 'zod/mini';

/** A time that an operator gives: `at` in ms, the midnight where it is a whole UTC day. */
export interface Moment {
  readonly at: number;
  readonly isDay: boolean;
}

/** Reads a UTC day (`2026-11-01`, `today`, `yesterday`, `2d`: two days ago) or a time with its zone, or some hours ago (`2h`). */
export function momentReader({ now }: Clock): (text: string) => Moment {
  return (text) => {
    if (z.iso.date().safeParse(text).success) return { at: midnightOf(text), isDay: true };
    if (z.iso.datetime({ offset: true }).safeParse(text).success)
      return { at: Date.parse(text), isDay: false };
    const ago = ({ today: '0d', yesterday: '1d' }[text] ?? text).match(/^(\d{1,5})([dh])$/);
    if (ago === null) {
      throw new InvalidArgumentError(
        'Write a day (2026-11-01, from midnight UTC; yesterday; 2d for two days ago), hours (2h for two hours ago) or a time (2026-11-01T09:30:00Z).',
      );
    }
    const [, count, unit] = ago;
    if (unit === 'h') return { at: now() - Number(count) * 3_600_000, isDay: false };
    return { at: midnightOf(utcDay(now() - Number(count) * dayLength)), isDay: true };
  };
}

/** Reads how many of something an operator wants. */
export function readCount(text: string): number {
  if (/^\d{1,7}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('Write a whole number.');
}
