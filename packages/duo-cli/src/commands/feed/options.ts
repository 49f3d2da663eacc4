import { InvalidArgumentError } from 'commander';
import { storeUrl } from 'duo-core';
import { isLabel } from './secops-log-type';

/** Reads an option that must match a pattern; `expected` ends the sentence that begins with "It must be". */
export function matching(pattern: RegExp, expected: string): (text: string) => string {
  return (text) => {
    if (pattern.test(text)) return text;
    throw new InvalidArgumentError(`It must be ${expected}.`);
  };
}

/** Reads `--label key=value`, which may be given several times. */
export function readLabel(text: string, labels: Record<string, string> = {}): Record<string, string> {
  const [, key, value] = /^([^=\s]+)=(.+)$/s.exec(text) ?? [];
  if (key === undefined || value === undefined) throw new InvalidArgumentError('It must be like env=prod.');
  return { ...labels, [key]: value };
}

/** Reads `--max-lookback-days`: https://docs.cloud.google.com/chronicle/docs/reference/feed-management-api */
export function readDays(text: string): number {
  const days = /^\d{1,3}$/.test(text) ? Number(text) : 0;
  if (days >= 1 && days <= 180) return days;
  throw new InvalidArgumentError('It must be a whole number of days from 1 to 180.');
}

/** Reads the store that `--bucket` names, a bucket or a bucket and a prefix; the result ends in `/`. */
export function readBucket(text: string): string {
  const location = storeUrl.safeParse(/^s3:\/\//.test(text) ? text : `s3://${text}`).data;
  if (location?.kind !== 's3') {
    throw new InvalidArgumentError('It must be the name of a bucket, or s3://bucket/prefix.');
  }
  return `s3://${location.bucket}/${location.prefix === '' ? '' : `${location.prefix.replace(/\/$/, '')}/`}`;
}

/** Reads `--secops-type`. */
export function readSecopsType(text: string): string {
  if (isLabel(text)) return text;
  throw new InvalidArgumentError('It must be like DUO_AUTH: capital letters, digits and underscores.');
}
