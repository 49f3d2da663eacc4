import { readTime } from 'duo-core';
import {
  type AccountSetup,
  createSimulator,
  type Fault,
  type FoundLog,
  generate,
  inventedAccounts,
  type Simulator,
  withOddTime,
} from 'duo-simulator';
import type { Options } from './options';

const minute = 60_000;
const hour = 60 * minute;

/** The records of one account. */
export interface Tale {
  /** Null is the simulator's own. */
  readonly account: string | null;
  /** Where Duo has filed each record, which is not where an odd one says. */
  readonly places: ReadonlyMap<string, number>;
}

/** What Duo publishes while runs are killed: a day of backlog and then some minutes a run, or with reconciliations some days. */
export interface Story {
  readonly simulator: Simulator;
  /** One for each account, or that of the simulator's own. */
  readonly tales: readonly Tale[];
  readonly accounts: readonly AccountSetup[];
  /** When the first and the last record may have happened, in ms. */
  readonly from: number;
  readonly to: number;
  /** Whether Duo promises an order; the offset style does not. */
  readonly ordered: boolean;
  /** How long it is, in hours. */
  readonly hours: number;
  /** How far its clock is behind, in ms. Only what is called here moves it on. */
  shift(): number;
  /** Moves on by a minute or more, so that a run has something to ask for, but not beyond now. */
  goOn(): void;
  /** Moves on, and beyond the end if need be; true once everything has been published, and its day is to be reconciled, long since. */
  goToTheEnd(): boolean;
  /** From now on nothing is wrong with any request. */
  calm(): void;
}

/** Makes the records and files each with a simulator, on which there are faults at random. */
export function createStory({ logType, samples }: FoundLog, options: Options, random: () => number): Story {
  // Not every run is killed. One that comes when all has been told asks Duo for nothing, and is killed by nothing.
  const length = 24 * hour + (options.reconcile ? 5 * 24 * hour : options.runs * 24 * minute);
  const latest = options.reconcile ? 30 * hour : 5 * minute - 45_000;
  const step = options.reconcile ? (2 * (length - 24 * hour)) / options.runs : 3 * minute;
  let shift = length - 24 * hour;
  let disturbing = true;
  const accounts = inventedAccounts(options.accounts);
  const simulator = createSimulator({
    logs: [{ logType, ending: options.ending }],
    accounts,
    now: () => Date.now() - shift,
    // What goes wrong with the next request is decided when the last one has been answered.
    onRequest: () => {
      if (disturbing && random() < options.faults) simulator.fail(pick(faults, random));
    },
  });
  const to = Date.now();
  const named = accounts.map(({ name }) => name);
  const tales = (named.length === 0 ? [null] : named).map(tell);
  return {
    simulator,
    tales,
    accounts,
    from: to - length,
    to,
    ordered: logType.paging.style !== 'offset',
    hours: length / hour,
    shift: () => shift,
    goOn() {
      if (shift > 0) shift = Math.max(0, shift - minute - Math.round(random() * step));
    },
    goToTheEnd() {
      shift -= options.reconcile ? 12 * hour : 20 * minute;
      return Date.now() - shift > to + (options.reconcile ? 11 * 24 * hour : 10 * minute);
    },
    calm() {
      disturbing = false;
    },
  };

  /** Makes the records of one account, and files each. */
  function tell(account: string | null, n: number): Tale {
    const log = simulator.log(logType.name, account ?? undefined);
    const places = new Map<string, number>();
    const texts = generate({
      logType,
      samples,
      count: options.records ?? 60 * logType.paging.limit,
      burst: options.burst,
      from: to - length,
      to,
      seed: options.seed + n,
    });
    for (const [place, text] of texts.entries()) {
      const filedAt = readTime(JSON.parse(text), logType.time, to) ?? Number.NaN;
      const late = random() < options.late ? random() * latest : 0;
      const record = random() < options.odd ? withOddTime(text, logType, filedAt, place) : text;
      places.set(record, filedAt);
      log.add(record, { filedAt, publishedAt: filedAt + 2 * minute + late });
    }
    return { account, places };
  }
}

const faults: readonly Fault[] = [
  'throttle',
  { retryAfter: '5' },
  'error',
  'bad-gateway',
  'not-json',
  'reset',
  'truncate',
  // A cursor of an earlier run that is no longer accepted.
  {
    status: 400,
    body: { stat: 'FAIL', code: 40002, message: 'Invalid request parameters', message_detail: 'next_offset' },
  },
];

function pick<T>(from: readonly T[], random: () => number): T {
  const chosen = from[Math.floor(random() * from.length)];
  if (chosen === undefined) throw new Error('there is nothing to pick from');
  return chosen;
}
