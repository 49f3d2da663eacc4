import type { Figure } from '../figures';
import type { Counted } from '../runs/world';

const part = 'cost';

/** List prices of us-east-1 in dollars, those of docs/operating.md. */
const prices = {
  /** Lambda on arm64. https://aws.amazon.com/lambda/pricing/ */
  gigabyteSecond: 0.0000133334,
  invocation: 0.2 / 1_000_000,
  /** https://aws.amazon.com/s3/pricing/ */
  write: 0.005 / 1_000,
  read: 0.0004 / 1_000,
  gigabyteMonth: 0.023,
  /** https://aws.amazon.com/cloudwatch/pricing/ */
  logGigabyte: 0.5,
  metricMonth: 0.3,
  alarmMonth: 0.1,
};

/** What `settings/default.yml` and `serverless.common.yml` say. */
const deployed = { gigabytes: 0.5, runsAMonth: 30 * 24 * 12, metrics: 8, alarms: 5 };

/** https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html: 1,769 MB are one core. */
const core = (deployed.gigabytes * 1024) / 1_769;

/** What a run that finds nothing logs, with Lambda's own lines. */
const logBytes = 4_000;

/** What is needed of the other parts. Times in ms. */
export interface Measured {
  readonly load: number;
  readonly waiting: { readonly wall: number; readonly cpu: number; readonly records: number };
  readonly full: Counted;
  readonly fullRecords: number;
  readonly idle: Counted;
}

/** Dollars for a million records of a backlog, and for a month of runs that find nothing. */
export function reckonCost({ load, waiting, full, fullRecords, idle }: Measured): Figure[] {
  const perRecord =
    lambda(waiting.wall, waiting.cpu) / waiting.records +
    (full.writes * prices.write + full.reads * prices.read + (full.bytes / 1e9) * prices.gigabyteMonth) /
      fullRecords;
  // As if every run began in a fresh process.
  const perIdleRun =
    prices.invocation +
    lambda(idle.wall + load, idle.cpu + load) +
    idle.writes * prices.write +
    idle.reads * prices.read +
    (logBytes / 1e9) * prices.logGigabyte;
  return [
    { part, what: 'a million records', value: perRecord * 1_000_000, unit: '$' },
    { part, what: 'an idle month', value: perIdleRun * deployed.runsAMonth, unit: '$' },
    {
      part,
      what: 'a month of metrics and alarms, whatever is collected',
      value: deployed.metrics * prices.metricMonth + deployed.alarms * prices.alarmMonth,
      unit: '$',
    },
  ];
}

/** A function of 512 MB has a part of a core: what needs the processor takes longer there than here. */
function lambda(wall: number, cpu: number): number {
  const seconds = (wall - cpu + cpu / core) / 1000;
  return seconds * deployed.gigabytes * prices.gigabyteSecond;
}
