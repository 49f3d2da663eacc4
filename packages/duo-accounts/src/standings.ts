import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import type { Standing } from './look-after';

/** How the accounts of each log type stand, by its name. */
export type Standings = ReadonlyMap<string, readonly Standing[]>;

/** Where figures are published. */
interface Published {
  readonly serviceName: string;
  readonly namespace: string;
}

/** Where names are told: Powertools' logger, or whoever wants to know. */
interface Teller {
  warn(message: string, details: Record<string, string>): void;
  error(message: string, details: Record<string, string>): void;
}

/**
 * Publishes, of all logs and of each: how far behind the worst account is, how many are more than an hour behind, and how many are
 * failing. A round looks at those whose turn it is, so the maximum or sum over five minutes is of all. No metric has an account as
 * a dimension: CloudWatch charges each (https://aws.amazon.com/cloudwatch/pricing/).
 */
export function publishStandings(standings: Standings, { serviceName, namespace }: Published): void {
  const looked = [...standings].filter(([, of]) => of.length > 0);
  for (const [logType, of] of [[null, [...standings.values()].flat()] as const, ...looked]) {
    const metrics = new Metrics({ serviceName, namespace });
    if (logType !== null) metrics.addDimension('log_type', logType);
    const behind = of.flatMap((one) => (one.behind === null ? [] : [one.behind]));
    const failing = of.filter((one) => one.failing !== null);
    metrics.addMetric('WorstBehindSeconds', MetricUnit.Seconds, Math.round(Math.max(0, ...behind) / 1000));
    metrics.addMetric('AccountsBehind', MetricUnit.Count, behind.filter(isFarBehind).length);
    metrics.addMetric('AccountsFailing', MetricUnit.Count, failing.length);
    metrics.publishStoredMetrics();
  }
}

/** Names the accounts that the figures are of, a line each. */
export function tellStandings(standings: Standings, log: Teller): void {
  for (const [logType, of] of standings)
    for (const { account, behind, failing } of of) {
      const details = { account, logType };
      if (failing !== null) log.error(`${logType} of ${account}: ${failing}`, details);
      else if (behind !== null && isFarBehind(behind))
        log.warn(`${logType} of ${account} is ${Math.round(behind / 60_000)} minutes behind`, details);
    }
}

/** By more than an hour, as for the alarm of a log without accounts; in ms. */
function isFarBehind(behind: number): boolean {
  return behind > 3_600_000;
}
