import { stage } from './place';

/** The UTC day so many days ago. */
export function daysAgo(count: number): string {
  return new Date(Date.now() - count * 86_400_000).toISOString().slice(0, 10);
}

/** The days of which Duo has records in the story and which are over, as a command about them has them. */
export const closedDays = `telephony --stage ${stage} --from ${daysAgo(2)} --to ${daysAgo(1)}`;
