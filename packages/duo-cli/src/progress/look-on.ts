import { type Logger, type Onlooker, type PageSeen, type Pause, ThrottledError } from 'duo-core';
import { durationText } from '../operator/words';
import type { World } from '../operator/world';
import { interruptible } from './interrupt';
import { createPace, sinceText } from './pace';
import { type Progress, startProgress } from './progress';

/** A person who looks on while the collector's core works in this process. */
export interface LookOn {
  readonly progress: Progress;
  /** For the core: pages move the line on, and waits are told on it. After Ctrl-C the next one throws. */
  readonly onlooker: Onlooker;
  /** What the core has to say besides, in lines that stay; of what went well the line tells. */
  readonly log: Logger;
  /** Shows where the work is, also before Duo has shown anything of it. Throws after Ctrl-C. */
  show(): void;
}

/** How far the work is. */
export interface Course {
  /** What the line begins with, like the day that is read. */
  readonly label: () => string;
  /** From 0 to 1, after this page if one is given; a page that does not say so leaves it where it is. */
  readonly done: (page?: PageSeen) => number;
}

/** Begins to show a course. */
export function lookOn(world: World, { label, done }: Course): LookOn {
  const { clock } = world;
  const progress = startProgress(world);
  const stopIfInterrupted = interruptible(world, progress);
  let pace = createPace(clock);
  let begun = clock.now();
  const started = clock.now();
  let hasPages = false;
  const show = (page?: PageSeen) => {
    stopIfInterrupted();
    const at = Math.min(1, Math.max(0, done(page)));
    // What needs no page, like a day that was compared already, takes no time.
    if (!hasPages) begun = clock.now();
    progress.show(at, () =>
      hasPages
        ? `${label()}${pace.text(at)}`
        : `${label()}no page from Duo yet${sinceText(clock.now() - started)}`,
    );
  };
  return {
    progress,
    show,
    onlooker: {
      page(page) {
        // Nor does what an earlier run has read.
        if (!hasPages) pace = createPace(clock, done({ ...page, share: page.before }), begun);
        hasPages = true;
        pace.add(page.records, 1);
        show(page);
      },
      wait(error, pause) {
        stopIfInterrupted();
        const until = clock.now() + pause.wait;
        progress.wait(() => waitText(error, pause, until - clock.now()));
      },
    },
    log: { info() {}, warn: progress.say, error: progress.say },
  };
}

/** The count is of attempts: the one that comes, and the most that there are. */
function waitText(error: Error, { failed, most }: Pause, left: number): string {
  const what =
    error instanceof ThrottledError ? 'Duo answered 429' : error.message.replace(/^GET \S+: /, 'Duo: ');
  const which = most === null ? `attempt ${failed + 1}` : `${failed + 1} of ${most}`;
  return `${what}: waiting ${durationText(Math.max(1_000, left))} (${which})`;
}
