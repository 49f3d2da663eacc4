import type { Course } from './look-on';

/** The course of passes of some days, one after the other: how far a day is, the pages say that Duo shows of it. */
export function daysInTurn(days: readonly string[], ended: () => number): Course {
  let last = -1;
  let share = 0;
  return {
    label: () => {
      const count = days.length > 1 ? ` (${Math.min(ended() + 1, days.length)} of ${days.length})` : '';
      return `${days[ended()] ?? days.at(-1)}${count}: `;
    },
    done(page) {
      if (ended() !== last) share = 0;
      last = ended();
      // The last page of a day does not end it: what is missing is stored after it. And a pass may begin anew.
      share = Math.max(share, Math.min(page?.share ?? 0, 0.99));
      return last >= days.length ? 1 : (last + share) / days.length;
    },
  };
}
