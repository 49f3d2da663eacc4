import {
  dayLength,
  type LogType,
  lastReceipt,
  loadDay,
  loadWanted,
  midnightOf,
  pagingStyles,
} from 'duo-core';
import { command } from '../../operator/command';
import { plural } from '../../operator/words';
import type { World } from '../../operator/world';
import { createPace, sinceText } from '../../progress/pace';
import { startProgress } from '../../progress/progress';
import { logOf, type Target } from '../../store/target';

/** How often is looked, in seconds. */
const interval = 15;

/**
 * Looks at the days that are put down until the function has taken these out. Of the one that it is at, its state says how far; the
 * function does the oldest first. Throws after Ctrl-C.
 */
export async function watchFunction(
  logType: LogType,
  days: readonly string[],
  at: number,
  target: Target,
  world: World,
): Promise<void> {
  const { clock, onInterrupt } = world;
  const { name } = logType;
  const { store, stage } = target;
  const of = logOf(target, name);
  const progress = startProgress(world);
  let pace = createPace(clock);
  const started = clock.now();
  /** How many records were met of each day. */
  const met = new Map<string, number>();
  let isInterrupted = false;
  onInterrupt?.(() => {
    isInterrupted = true;
  });
  const meet = (day: string, records: number) => {
    pace.add(Math.max(0, records - (met.get(day) ?? 0)));
    met.set(day, Math.max(records, met.get(day) ?? 0));
  };
  const ended = new Set<string>();
  try {
    for (;;) {
      if (met.size === 0) pace = createPace(clock);
      const wanted = await loadWanted(store, of);
      const left = days.filter((day) => (wanted[day]?.at ?? 0) >= at);
      for (const day of days) {
        if (left.includes(day) || ended.has(day)) continue;
        ended.add(day);
        meet(day, (await lastReceipt(store, of, day))?.shown ?? 0);
      }
      const [next] = left.toSorted();
      const under = next === undefined ? null : await passUnderWay(logType, next, at, target);
      if (next !== undefined && under !== null) meet(next, under.shown);
      const done = (days.length - left.length + (under?.share ?? 0)) / days.length;
      const count = `${days.length - left.length} of ${plural(days.length, 'day')}`;
      progress.show(done, () =>
        met.size > 0
          ? `${count}, ${pace.text(done)}`
          : `${count}, the function has not started${sinceText(clock.now() - started)}`,
      );
      if (left.length === 0) return;
      for (let second = 0; second < interval && !isInterrupted; second++) await clock.sleep(1_000);
      if (isInterrupted)
        throw new Error(
          `The function goes on with ${plural(left.length, 'day')}. The same command asks for the days again; ${command} receipts ${name} --stage ${stage} shows what it has done.`,
        );
    }
  } finally {
    progress.end();
  }
}

/** How far a pass of the day is that has begun since: by the time in its cursor. Null where there is none, or its state cannot be read: whoever watches says no more than that. */
async function passUnderWay(
  { name, paging }: LogType,
  day: string,
  at: number,
  target: Target,
): Promise<{ readonly share: number; readonly shown: number } | null> {
  const pass = (await loadDay(target.store, logOf(target, name), day).catch(() => null))?.state.pass ?? null;
  if (pass === null || pass.began < at) return null;
  const place = pass.cursor === null ? null : pagingStyles[paging.style].place(pass.cursor);
  const share = place === null ? 0 : (place - midnightOf(day)) / dayLength;
  return { share: Math.min(0.99, Math.max(0, share)), shown: pass.shown };
}
