import * as z from 'zod/mini';

/*
 * Fields that several commands print with --json. What each says is in docs/json/: the schemas there are made of these.
 */

/** A number of things. */
export function count(says: string) {
  return z.int().check(z.minimum(0), z.describe(says));
}

/** A moment: ISO 8601 in UTC, `2026-11-01T09:30:00Z`, with milliseconds where there are some. */
export function time(says: string) {
  return z.iso.datetime().check(z.describe(`${says} (ISO 8601, UTC)`));
}

/** A moment as the collector itself keeps it. */
export function timeInMs(says: string) {
  return z.int().check(z.minimum(0), z.describe(`${says} (ms since 1970)`));
}

/** A UTC day, `YYYY-MM-DD`. */
export function day(says: string) {
  return z.iso.date().check(z.describe(`${says} (UTC, YYYY-MM-DD)`));
}

/** A text. */
export function text(says: string) {
  return z.string().check(z.describe(says));
}

/** The log that something is about. */
export const logType = text('the log: telephony, authentication, …');

/** Where records go. */
export const store = text('the store: s3://bucket, s3://bucket/prefix or file:///directory');
