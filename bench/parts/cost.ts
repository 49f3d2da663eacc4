import { join } from 'node:path';
import { addReconcileMetrics, addRunMetrics, emptyReconcileReport, emptyReport } from 'duo-core';
import type { Figure } from '../figures';
import { type DeployedFunction, type DeployedService, readDeployed } from '../runs/deployed';
import { type Counted, createWorld } from '../runs/world';
import { lambda, logBytes, prices } from './prices';
import { latency } from './waiting';

const part = 'cost';
const root = join(__dirname, '../..');
const minute = 60_000;
const hour = 60 * minute;

/** As often as Lambda begins a fresh process, which then reads the three credentials: a guess on the safe side. */
const processesAMonth = 720;
const credentials = 3;

const days = 30;
const recordsADay = 100_000;
/** A day is reconciled a day and seven days after its end. */
const passesADay = 2;

/** What is needed of the other parts. Times in ms. */
export interface Measured {
  readonly load: number;
  readonly waiting: { readonly wall: number; readonly cpu: number; readonly records: number };
  readonly full: Counted;
  readonly fullRecords: number;
  readonly idle: Counted;
}

/** What the runs of a log are like; `stored` are the bytes of a month, `metricHours` those of all metrics together. */
interface Usage {
  readonly collect: Counted;
  readonly reconcile: Counted;
  readonly pass: Counted;
  readonly stored: number;
  readonly metricHours: number;
}

/** Dollars by what they are paid for. */
type Bill = Readonly<Record<'metrics' | 'alarms' | 'Lambda' | 'S3' | 'logs, keys and schedules', number>>;

/**
 * Dollars for a million records of a backlog, and for a month of all logs that are deployed: at rest, and with 100,000 records
 * a day in each. Reconciliation is in it, and what it takes is measured here, as is a run of the schedule's.
 */
export async function measureCost(measured: Measured): Promise<{ figures: Figure[] }> {
  const services = readDeployed(root);
  const logs = services.filter(({ functions }) => 'collect' in functions);
  const { rest, busy } = await usages(measured, Math.max(...logs.map((log) => runsADay(log))));
  return {
    figures: [
      { part, what: 'a million records', value: backlog(measured, logs) * 1_000_000, unit: '$' },
      ...month(`${logs.length} logs at rest`, monthly(services, rest, measured.load), 8),
      ...month(
        `${logs.length} logs of ${recordsADay.toLocaleString('en-US')} records a day`,
        monthly(services, busy, measured.load),
      ),
    ],
  };
}

function month(of: string, bill: Bill, most?: number): Figure[] {
  const sum = Object.values(bill).reduce((one, other) => one + other);
  return [
    { part, what: `a month, ${of}`, value: sum, unit: '$', ...(most !== undefined && { most }) },
    ...Object.entries(bill).map(([what, value]) => ({
      part,
      what: `a month, ${of}: ${what}`,
      value,
      unit: '$',
    })),
  ];
}

/** Dollars for a record. */
function backlog({ waiting, full, fullRecords }: Measured, [log]: readonly DeployedService[]): number {
  return (
    lambda(functionOf(log, 'collect'), waiting.wall, waiting.cpu) / waiting.records +
    (full.writes * prices.write + full.reads * prices.read + (full.bytes / 1e9) * prices.gigabyteMonth) /
      fullRecords
  );
}

/** The runs of a log at rest, and of one whose records come evenly. */
async function usages(
  { idle, full, fullRecords }: Measured,
  objectsADay: number,
): Promise<Record<'rest' | 'busy', Usage>> {
  const world = await createWorld(root, 'authentication', 'kept');
  try {
    const quiet = await dayOf(0);
    const day = await dayOf(recordsADay);
    // The overlap, as long as the schedule's interval, shows as many again.
    const ofARun = 2 * Math.ceil(recordsADay / objectsADay);
    const duo = await world.duo(ofARun);
    const collect = await world.run('ours', duo, ofARun, { latency, at: duo.end + 3 * minute });
    const further = objectsADay - day.objects;
    return {
      rest: {
        collect: idle,
        reconcile: quiet.idle,
        pass: quiet.pass,
        stored: 0,
        metricHours: metricHours({}),
      },
      busy: {
        collect,
        reconcile: day.idle,
        // A day is collected at once here, in fewer objects than its runs would make.
        pass: {
          ...day.pass,
          reads: day.pass.reads + further,
          wall: day.pass.wall + Math.max(0, further) * latency[1],
        },
        stored: (full.bytes / fullRecords) * recordsADay * days,
        metricHours: metricHours({ records: 1, objects: 1, duplicates: 1 }),
      },
    };
  } finally {
    world.close();
  }

  /** Collects a day and reconciles it when it is due; then nothing is. */
  async function dayOf(records: number) {
    const duo = await world.duo(records, 'day');
    const store = `cost-${records}`;
    const begun = { store, lookbackHours: 25, latency };
    const live = await world.run('ours', duo, records, { ...begun, at: duo.end + 10 * minute });
    await world.run('ours', duo, 0, { ...begun, at: duo.end + 25 * hour });
    const reconcile = { ...begun, function: 'reconcile' } as const;
    const pass = await world.run('ours', duo, 0, { ...reconcile, at: duo.end + 25 * hour });
    if (pass.days !== 1) throw new Error(`${pass.days} days were reconciled, not one`);
    const idle = await world.run('ours', duo, 0, { ...reconcile, at: duo.end + 25 * hour + minute });
    return { pass, idle, objects: records === 0 ? 0 : live.objects };
  }
}

/** The hours of a log's metrics in a month, of runs that count so much; the passes of a day end in different hours. */
function metricHours(counts: Partial<ReturnType<typeof emptyReport>>): number {
  const names: string[] = [];
  const metrics = { addMetric: (name: string) => void names.push(name) };
  addRunMetrics(metrics, { ...emptyReport(), ...counts }, 0);
  const ofRuns = names.splice(0).length;
  addReconcileMetrics(metrics, { ...emptyReconcileReport(), days: 1, unreconciled: 0 });
  return ofRuns * days * 24 + names.length * days * passesADay;
}

function monthly(services: readonly DeployedService[], usage: Usage, load: number): Bill {
  const count = (of: (service: DeployedService) => number) =>
    services.reduce((sum, service) => sum + of(service), 0);
  const logs = services.filter(({ functions }) => 'collect' in functions);
  const runs = logs.flatMap((log) => {
    const [collect, reconcile] = [functionOf(log, 'collect'), functionOf(log, 'reconcile')];
    return [
      { on: collect, ran: usage.collect, times: collect.runsAMonth },
      { on: reconcile, ran: usage.reconcile, times: reconcile.runsAMonth },
      { on: reconcile, ran: usage.pass, times: passesADay * days },
    ];
  });
  const ofRuns = (of: (one: (typeof runs)[number]) => number) =>
    runs.reduce((sum, one) => sum + of(one) * one.times, 0);
  const dashboards = Math.max(0, count((service) => service.dashboards) - prices.freeDashboards);
  const processes = count(({ functions }) => Object.keys(functions).length) * processesAMonth;
  return {
    metrics: logs.length * usage.metricHours * prices.metricHour,
    alarms: count(({ alarms }) => alarms) * prices.alarmMonth + dashboards * prices.dashboardMonth,
    // As if every run began in a fresh process.
    Lambda: ofRuns(({ on, ran }) => prices.invocation + lambda(on, ran.wall + load, ran.cpu + load)),
    S3:
      ofRuns(({ ran }) => (ran.writes + ran.listings) * prices.write + ran.reads * prices.read) +
      logs.length * (usage.stored / 1e9) * prices.gigabyteMonth,
    'logs, keys and schedules':
      ofRuns(
        ({ on }) =>
          (logBytes / 1e9) * (prices.logGigabyte + (on.daysOfLogs / days) * prices.logGigabyteMonth),
      ) +
      processes * credentials * prices.decryption +
      Math.max(0, ofRuns(() => 1) - prices.freeScheduled) * prices.scheduled,
  };
}

function runsADay(log: DeployedService): number {
  return functionOf(log, 'collect').runsAMonth / days;
}

function functionOf(log: DeployedService | undefined, name: string): DeployedFunction {
  const found = log?.functions[name];
  if (found === undefined) throw new Error(`a log is deployed without the function ${name}`);
  return found;
}
