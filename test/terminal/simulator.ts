import { interrupted, keys, openTerminal } from './terminal';

/** `pnpm simulate`, running in a terminal of its own. */
export interface RunningSimulator {
  readonly url: string;
  /** The texts of all records of a log that Duo shows by now. */
  published(log: string): Promise<string[]>;
  stop(): Promise<void>;
}

/** Starts it: its records reach 30 hours back and come in, seven a minute, while the story goes on. */
export async function startSimulator(
  folder: string,
  env: Readonly<Record<string, string>>,
): Promise<RunningSimulator> {
  const terminal = openTerminal(folder, env);
  await terminal.start('npx pnpm simulate --port 0 --records 25000 --hours 30');
  const screen = await terminal.see(/Point a collector at it/);
  const url = /listens on (http:\S+)/.exec(screen)?.[1] ?? '';
  return {
    url,
    async published(log) {
      const answer = await fetch(`${url}/simulator/${log}.ndjson`);
      return (await answer.text()).split('\n').filter((text) => text !== '');
    },
    async stop() {
      terminal.press(keys.ctrlC);
      await terminal.finish(interrupted).finally(terminal.close);
    },
  };
}
