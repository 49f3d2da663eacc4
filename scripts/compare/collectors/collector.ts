import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Delivered } from '../count';
import type { FastClock } from '../fast-clock';
import { added, type Usage, usageOf, usagesTold } from '../usage';

/** Where a collector runs. */
export interface World {
  /** The simulator of this collector. */
  readonly apiUrl: string;
  /** An empty folder of its own. */
  readonly folder: string;
  readonly clock: FastClock;
  /** Credentials, addresses, and what makes time pass. */
  readonly environment: Record<string, string>;
}

/** A collector that is at work. */
export interface Running {
  /** Ends the process that is at work, if there is one, as a power cut would. */
  kill(): void;
  /** Stops it, when nothing is under way any more; says what it has delivered, and what it took. */
  stop(): Promise<{
    readonly delivered: readonly Delivered[];
    readonly usage: Usage;
    readonly note: string;
  }>;
}

/** Someone who collects the telephony log. */
export interface Collector {
  readonly name: string;
  /** Why it cannot be run here; null if it can. */
  readonly missing: string | null;
  start(world: World): Promise<Running>;
}

/** Starts processes, and counts what all of them take. */
export function createProcesses(world: World) {
  const file = join(world.folder, 'usage');
  const usages: Usage[] = [];
  let current: ChildProcess | undefined;
  /** Asks one that has told nothing by itself, because it never ends or is about to be killed. */
  const ask = (child: ChildProcess) => {
    const usage = usageOf(child.pid);
    if (usage !== null) usages.push(usage);
  };
  return {
    start(command: string, args: readonly string[], env: Record<string, string>): ChildProcess {
      const child = spawn(command, args, {
        cwd: world.folder,
        env: {
          PATH: process.env.PATH,
          PYTHONDONTWRITEBYTECODE: '1',
          ...world.environment,
          COMPARE_USAGE: file,
          ...env,
        },
      });
      // What it complains of is in its figures.
      child.stderr.resume();
      child.stdin.on('error', () => {});
      child.on('exit', () => {
        if (current === child) current = undefined;
      });
      current = child;
      return child;
    },
    kill() {
      if (current === undefined) return;
      ask(current);
      current.kill('SIGKILL');
    },
    /** Ends the one that runs, if one does, and says what all have taken. */
    async end(): Promise<Usage> {
      const last = current;
      if (last !== undefined) {
        const gone = new Promise((done) => last.on('close', done));
        ask(last);
        last.kill('SIGKILL');
        await gone;
      }
      return added([...usages, ...(existsSync(file) ? usagesTold(readFileSync(file, 'utf8')) : [])]);
    },
  };
}

/** Does something at once and then every `interval` (ms), never twice at a time, until it is stopped. */
export function every(interval: number, { clock }: World, act: () => Promise<void>) {
  let isStopped = false;
  const working = (async () => {
    for (let due = clock.now(); !isStopped; due += interval * Math.ceil((clock.now() - due + 1) / interval)) {
      await clock.until(due);
      if (!isStopped) await act();
    }
  })();
  return {
    async stop() {
      isStopped = true;
      await working;
    },
  };
}
