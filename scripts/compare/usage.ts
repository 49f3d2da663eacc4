import { readFileSync } from 'node:fs';

/** What processes have taken: processor time in ms, and the most memory that one of them had, in MB. */
export interface Usage {
  cpu: number;
  peak: number;
}

/** What a process that still runs has taken so far, by Linux's `/proc`; null where there is none. */
export function usageOf(pid: number | undefined): Usage | null {
  try {
    // The name of the program, in parentheses, may have spaces; after it, the times are the 12th and the 13th, in hundredths of a second.
    const [, rest = ''] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ');
    const [user = 0, system = 0] = rest.split(' ').slice(11, 13).map(Number);
    const [, peak] = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
    return peak === undefined ? null : { cpu: (user + system) * 10, peak: Number(peak) / 1024 };
  } catch {
    return null;
  }
}

/** What processes have told by themselves when they ended, a line each: see python/sitecustomize.py. */
export function usagesTold(text: string): Usage[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const [cpu = 0, peak = 0] = line.split(' ').map(Number);
      return { cpu, peak: peak / 1024 };
    });
}

/** All of them together. */
export function added(usages: readonly Usage[]): Usage {
  return {
    cpu: usages.reduce((sum, { cpu }) => sum + cpu, 0),
    peak: Math.max(0, ...usages.map(({ peak }) => peak)),
  };
}
