import { gigabyteSeconds, logBytes, prices } from '../parts/prices';
import { latency } from '../parts/waiting';
import type { Hour, Usage } from './outcome';
import type { StarterRun } from './starter';

/** A day of a stage, reckoned from an hour; `bill` is in dollars. */
export interface ReckonedDay {
  readonly invocations: number;
  readonly duo: number;
  readonly gigabyteSeconds: number;
  /** How long the starter's round takes with its part of a core. */
  readonly roundSeconds: number;
  readonly bill: Readonly<Record<'Lambda' | 'S3' | "the functions' logs" | 'keys', number>>;
}

/** By settings/default.yml and serverless.common/reconcile/function.yml. */
const gigabytes = { collect: 0.5, reconcile: 1 };

/** One each minute. */
const roundsADay = 1_440;

/** The most objects that a log's runs make in a day, but for those of a backlog. */
const runsADay = 288;

/** A day is reconciled a day and seven days after its end. */
const passesADay = 2;

/** What a pass takes of the processor for a record, in ms: docs/performance.md, *Reconciliation*. */
const passCpu = 0.034;

/** What a pass asks of the store beside its objects: gets, and puts. */
const passBeside = { gets: 5, puts: 4 };

/**
 * Reckons a day from an hour. Each run counts with what it has waited, with what this process took for it, that of the other
 * side included, stretched to the function's part of a core; where an instance was made, with `load` (ms), of which all is the
 * processor's. No day is reconciled in the hour: the passes, two a day for each log, are reckoned by its objects and records.
 */
export function reckonDay(
  { minutes, published, usage, logs }: Hour,
  starter: StarterRun & { readonly gigabytes: number },
  load: number,
): ReckonedDay {
  const times = 1_440 / minutes;
  const works = (['collect', 'reconcile'] as const).map((work) => ({
    on: { gigabytes: gigabytes[work] },
    ran: usage[work],
  }));
  const sum = (of: (ran: Usage) => number) => works.reduce((one, { ran }) => one + of(ran), 0) * times;
  // As if all instances were replaced each hour.
  const ofRuns = works.reduce((one, { on, ran }) => {
    const cpu = ran.cpu + ran.cold * load;
    return one + gigabyteSeconds(on, ran.wall + cpu, cpu) * times;
  }, 0);
  const passes = logs.map(({ objects, records }) => {
    const ofDay = {
      objects: Math.min(runsADay, objects * times),
      records: (records * 86_400_000) / published,
    };
    const gets = ofDay.objects + passBeside.gets;
    const duo = Math.ceil(ofDay.records / 999) + 1;
    const cpu = ofDay.records * passCpu;
    const wall = duo * latency[0] + (gets + passBeside.puts) * latency[1] + cpu;
    return { gets, duo, seconds: gigabyteSeconds({ gigabytes: gigabytes.reconcile }, wall, cpu) };
  });
  const ofPasses = (of: (pass: (typeof passes)[number]) => number) =>
    passes.reduce((one, pass) => one + of(pass), 0) * passesADay;
  const round = gigabyteSeconds(starter, starter.wall, starter.cpu);
  const invocations = sum(({ runs }) => runs) + roundsADay;
  const seconds = ofRuns + ofPasses((pass) => pass.seconds) + round * roundsADay;
  // A fifth of all logs of all accounts is looked after in each round.
  const lookedAt = (usage.collect.runs / minutes) * roundsADay;
  const writes = sum(({ put, list }) => put + list) + passBeside.puts * passesADay * logs.length;
  const reads = sum(({ get }) => get) + ofPasses(({ gets }) => gets) + lookedAt;
  return {
    invocations,
    duo: sum(({ duo }) => duo) + ofPasses(({ duo }) => duo),
    gigabyteSeconds: seconds,
    roundSeconds: round / starter.gigabytes,
    bill: {
      Lambda: seconds * prices.gigabyteSecond + invocations * prices.invocation,
      S3: writes * prices.write + reads * prices.read,
      "the functions' logs": ((invocations * logBytes) / 1e9) * prices.logGigabyte,
      keys: sum(({ decrypted }) => decrypted) * prices.decryption,
    },
  };
}
