import type { Clock } from 'duo-core';
import { durationText, plural } from '../operator/words';

/** How much has come of something, how fast, and how long the rest will take at this pace. */
export interface Pace {
  /** So many records have come, on so many pages; without pages where nobody here counts them. */
  add(records: number, pages?: number): void;
  /** For the line of progress; `done` is from 0 to 1. */
  text(done: number): string;
}

/**
 * Measures from a moment on, when so much (0 to 1) was done already, over all the time that has gone by, with the waits that Duo asks for: a minute without a record counts. A rate
 * of less than a record a second is told in pages. In the first second nothing is said of it.
 */
export function createPace({ now }: Clock, already = 0, started = now()): Pace {
  let [records, pages] = [0, 0];
  return {
    add(more, morePages = 0) {
      records += more;
      pages += morePages;
    },
    text(done) {
      const seconds = (now() - started) / 1_000;
      const isKnown = seconds >= 1;
      const each = records / seconds;
      const perSecond = isKnown && each >= 1 ? ` (${Math.round(each).toLocaleString('en')}/s)` : '';
      const perMinute = isKnown && each < 1 && pages > 0 ? ` (${rate(pages / (seconds / 60))}/min)` : '';
      const parts = [
        `${plural(records, 'record')}${perSecond}`,
        ...(pages > 0 ? [`${plural(pages, 'page')}${perMinute}`] : []),
        ...(isKnown && done > already && done < 1
          ? [`${durationText(((1 - done) / (done - already)) * seconds * 1_000)} left`]
          : []),
      ];
      return parts.join(', ');
    },
  };
}

function rate(perMinute: number): string {
  return perMinute < 10 ? perMinute.toFixed(1) : String(Math.round(perMinute));
}

/** How long that goes on already, once it is a second. */
export function sinceText(ms: number): string {
  return ms < 1_000 ? '' : `, ${durationText(ms)}`;
}
