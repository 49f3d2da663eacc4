import { clearLine } from './piece';
import type { World } from './world';

/** How far long work is: a bar on a terminal, elsewhere a line for each percent. */
export interface Progress {
  /** `done` is from 0 to 1. */
  show(done: number, text: string): void;
  /** A line that stays. */
  say(line: string): void;
  /** Takes the bar away. */
  end(): void;
}

/** Progress goes where complaints go: what a command prints stays fit for a pipe. */
export function startProgress({ complain, columns }: World): Progress {
  const clear = columns === undefined ? [] : [clearLine];
  let bar = '';
  let shown = -1;
  return {
    show(done, text) {
      const percent = Math.floor(done * 100);
      const line = `${String(percent).padStart(3)} %  ${text}`;
      if (columns === undefined) {
        if (percent > shown) complain(`${line}\n`);
        shown = Math.max(shown, percent);
        return;
      }
      const full = Math.round(done * barWidth);
      bar = `${'█'.repeat(full)}${'░'.repeat(barWidth - full)} ${line}`.slice(0, columns - 1);
      complain(...clear, bar);
    },
    say: (line) => complain(...clear, `${line}\n${bar}`),
    end() {
      complain(...clear);
      bar = '';
    },
  };
}

const barWidth = 24;
