import type { DeployedFunction } from '../runs/deployed';

/** List prices of us-east-1 in dollars, those of docs/operating/costs.md. What is free in a new account only is paid here. */
export const prices = {
  /** Lambda on arm64. https://aws.amazon.com/lambda/pricing/ */
  gigabyteSecond: 0.0000133334,
  invocation: 0.2 / 1_000_000,
  /** https://aws.amazon.com/s3/pricing/: a listing costs as much as a put. */
  write: 0.005 / 1_000,
  read: 0.0004 / 1_000,
  gigabyteMonth: 0.023,
  /** https://aws.amazon.com/cloudwatch/pricing/: a metric for the hours in which it is published; every account has three dashboards. */
  logGigabyte: 0.5,
  logGigabyteMonth: 0.03,
  metricHour: 0.3 / 720,
  alarmMonth: 0.1,
  dashboardMonth: 3,
  freeDashboards: 3,
  /** https://aws.amazon.com/kms/pricing/: each SecureString that is read is a decryption; AWS's own key costs nothing else. */
  decryption: 0.03 / 10_000,
  /** https://aws.amazon.com/eventbridge/pricing/: the first 14 million of a month are free in every account. */
  scheduled: 1 / 1_000_000,
  freeScheduled: 14_000_000,
};

/** https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html: this many MB are one core. */
const megabytesOfACore = 1_769;

/** What a run logs, with Lambda's own lines: more than one that finds nothing does. */
export const logBytes = 4_000;

/**
 * Dollars for a run that took so many ms, and so many of the processor. A function has a part of a core, or all of one: what needs
 * the processor takes longer there than here.
 */
export function lambda(on: Pick<DeployedFunction, 'gigabytes'>, wall: number, cpu: number): number {
  return gigabyteSeconds(on, wall, cpu) * prices.gigabyteSecond;
}

/** The same in what Lambda counts. */
export function gigabyteSeconds(
  { gigabytes }: Pick<DeployedFunction, 'gigabytes'>,
  wall: number,
  cpu: number,
): number {
  const core = Math.min(1, (gigabytes * 1024) / megabytesOfACore);
  return ((wall - cpu + cpu / core) / 1000) * gigabytes;
}
