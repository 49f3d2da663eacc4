import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { customersOf } from '../accounts/customers';
import { figuresOfHours } from '../accounts/figures-of-hours';
import type { HourOptions } from '../accounts/hour';
import { type Hour, hour } from '../accounts/outcome';
import { reckonDay } from '../accounts/reckon-day';
import { measureHandlersLoad, measureStarter, type StarterRun } from '../accounts/starter';
import type { Figure } from '../figures';

const part = 'accounts';

/** Of 500 accounts, those that Duo refuses and those that it throttles, all the time. */
const bad = { refused: 10, throttled: 5 };
const healthy = 500 - bad.refused - bad.throttled;

/** What Lambda has at once in an AWS account: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html */
const concurrency = 1_000;

/** What the starter's function has. */
const starterGigabytes = 0.25;

/**
 * An hour of a stage with 500 accounts and four logs each, with the bad ones among them and without, side by side; a day that is
 * reckoned from it; and a round of the starter in a process of its own.
 */
export async function measureAccounts(): Promise<{ figures: Figure[] }> {
  const load = await measureHandlersLoad();
  const starter = await measureStarter(customersOf({ healthy, ...bad }));
  const [all, without] = await Promise.all([
    inProcess({ healthy, ...bad, concurrency }),
    inProcess({ healthy, refused: 0, throttled: 0, concurrency }),
  ]);
  return {
    figures: [...figuresOfHours(all, without), ...figuresOfDay(all, without, starter, load)],
  };
}

async function inProcess(options: HourOptions): Promise<Hour> {
  const child = fork(join(__dirname, '../accounts/hour-process.ts'), [JSON.stringify(options)], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const gone = once(child, 'exit').then(([code]): never => {
    throw new Error(`the simulation of an hour ended with ${code}`);
  });
  gone.catch(() => {});
  const [said] = await Promise.race([once(child, 'message'), gone]);
  return hour.parse(said);
}

function figuresOfDay(all: Hour, without: Hour, starter: StarterRun, load: number): Figure[] {
  const round = { ...starter, gigabytes: starterGigabytes };
  const day = reckonDay(all, round, load);
  const dollars = Object.values(day.bill).reduce((one, other) => one + other);
  const ofOthers = Object.values(reckonDay(without, round, load).bill).reduce((one, other) => one + other);
  return [
    {
      part,
      what: "the starter's round, on its part of a core",
      value: day.roundSeconds,
      unit: 's',
      most: 30,
    },
    { part, what: "the starter's peak", value: starter.peak / 1024, unit: 'MB', most: 256 },
    { part, what: "the starter's round, here", value: starter.wall / 1000, unit: 's' },
    { part, what: 'functions that it starts in the fullest minute', value: starter.started, unit: '' },
    { part, what: 'its requests to SSM, Lambda and S3', value: starter.requests, unit: '' },
    { part, what: 'invocations, a day', value: day.invocations, unit: '' },
    { part, what: 'to Duo, a day', value: day.duo, unit: '' },
    { part, what: 'Lambda, a day', value: day.gigabyteSeconds, unit: 'GB-s' },
    { part, what: 'a day, all of it', value: dollars, unit: '$' },
    ...Object.entries(day.bill).map(([what, value]) => ({ part, what: `a day: ${what}`, value, unit: '$' })),
    { part, what: 'a day: of it for the fifteen bad ones', value: dollars - ofOthers, unit: '$' },
    { part, what: 'a month of 30 days', value: dollars * 30, unit: '$' },
  ];
}
