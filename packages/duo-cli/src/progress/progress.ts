import { clearLine } from '../operator/piece';
import type { World } from '../operator/world';

/**
 * How far long work is: on a terminal a line with a bar that is written again each second and whenever there is something new,
 * elsewhere a line for each percent. Texts are made when they are written, for some of them tell the time.
 */
export interface Progress {
  /** `done` is from 0 to 1. */
  show(done: number, text: () => string): void;
  /** What is waited for, in place of the text, until there is something to show; elsewhere a line. */
  wait(text: () => string): void;
  /** A line that stays. */
  say(line: string): void;
  /** Takes the bar away. */
  end(): void;
}

/** Progress goes where complaints go: what a command prints stays fit for a pipe. */
export function startProgress({ complain, columns, everySecond }: World): Progress {
  return columns === undefined ? inLines(complain) : onOneLine(complain, columns, everySecond);
}

function inLines(complain: World['complain']): Progress {
  let shown = -1;
  return {
    show(done, text) {
      const percent = Math.floor(done * 100);
      if (percent > shown) complain(`${String(percent).padStart(3)} %  ${text()}\n`);
      shown = Math.max(shown, percent);
    },
    wait: (text) => complain(`${text()}\n`),
    say: (line) => complain(`${line}\n`),
    end() {},
  };
}

function onOneLine(
  complain: World['complain'],
  columns: number,
  everySecond: World['everySecond'],
): Progress {
  let now: { readonly done: number; readonly text: () => string } | null = null;
  let stop: (() => void) | undefined;
  const bar = () => (now === null ? '' : barOf(now.done, now.text(), columns));
  const write = () => complain(clearLine, bar());
  const begin = (done: number, text: () => string) => {
    now = { done, text };
    stop ??= everySecond?.(write);
    write();
  };
  return {
    show: begin,
    wait: (text) => begin(now?.done ?? 0, text),
    say: (line) => complain(clearLine, `${line}\n`, bar()),
    end() {
      now = null;
      stop?.();
      stop = undefined;
      write();
    },
  };
}

function barOf(done: number, text: string, columns: number): string {
  const full = Math.round(done * barWidth);
  const percent = String(Math.floor(done * 100)).padStart(3);
  return cut(`${'█'.repeat(full)}${'░'.repeat(barWidth - full)} ${percent} %  ${text}`, columns - 1);
}

/** A line that is too long ends with a whole word and an ellipsis. */
function cut(line: string, width: number): string {
  return line.length <= width ? line : `${line.slice(0, width - 1).replace(/\s+\S*$/, '')} …`;
}

const barWidth = 12;
