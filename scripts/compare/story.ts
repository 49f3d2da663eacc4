import { readTime } from 'duo-core';
import {
  createSimulator,
  type Fault,
  type FoundLog,
  generate,
  type Simulator,
  seededRandom,
} from 'duo-simulator';
import type { Published } from './count';
import type { FastClock } from './fast-clock';
import type { endings, Options } from './options';

const minute = 60_000;

/** How a scenario goes for one collector: each has a simulator of its own, with the same records and faults. */
export interface Story {
  readonly simulator: Simulator;
  /** The records, by their ids. */
  readonly published: ReadonlyMap<string, Published>;
  /** From now on nothing is wrong with any request, and nobody is killed. */
  calm(): void;
}

/** When a scenario begins, and when its last record has happened (ms). */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/**
 * Publishes records within a span, and has faults at random; the same for the same seed. Calls `kill` a moment after some of the
 * requests: whoever asks more is killed more often, as in a life of power cuts.
 */
export function createStory(
  { logType, samples }: FoundLog,
  ending: (typeof endings)[number],
  { from, to }: Span,
  options: Options,
  clock: FastClock,
  kill: () => void,
): Story {
  const random = seededRandom(options.seed);
  const troubled = seededRandom(options.seed + 1);
  let isCalm = false;
  const simulator = createSimulator({
    logs: [{ logType, ending }],
    now: clock.now,
    onRequest: () => {
      if (isCalm) return;
      const [isSpoilt, which, isKilled, after] = [troubled(), troubled(), troubled(), troubled()];
      if (isSpoilt < options.faults) simulator.fail(faults[Math.floor(which * faults.length)] ?? 'error');
      if (isKilled < options.kills) setTimeout(kill, after * longestAfter);
    },
  });
  const published = new Map<string, Published>();
  const log = simulator.log(logType.name);
  const count = Math.round((options.records * (to - from)) / 3_600_000);
  for (const text of generate({ logType, samples, count, burst: 3, from, to, seed: options.seed })) {
    const record: Record<string, unknown> = JSON.parse(text);
    const at = readTime(record, logType.time, to) ?? to;
    const isLate = random() < shareOfLate;
    published.set(idOf(record), { at, isLate });
    // Beyond the two minutes that it waits with every record.
    log.add(text, { publishedAt: at + 2 * minute + (isLate ? random() * latest : 0) });
  }
  return {
    simulator,
    published,
    calm() {
      isCalm = true;
    },
  };
}

/** The id of a record of the telephony log, however it was written anew. */
export function idOf(record: object): string {
  return String(Reflect.get(record, 'telephony_id'));
}

/** How many records come later than Duo says, and by how much at most (ms). */
const shareOfLate = 0.01;
const latest = 2.5 * minute;

const faults: readonly Fault[] = [
  'throttle',
  'error',
  'bad-gateway',
  'reset',
  'truncate',
  { retryAfter: '5' },
];

/** In ms of real time: within what follows an answer, which is a page's way to the store. */
const longestAfter = 60;
