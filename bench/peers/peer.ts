import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import * as z from 'zod/mini';
import type { Order } from './serve';

/** A server in a process of its own, so that its work is not counted. */
export interface Peer {
  readonly url: string;
  /** The time of its last record, in ms; 0 where it has none. */
  readonly end: number;
  /** Resolves to what was counted since the last order. */
  order(order: Order): Promise<Record<string, number>>;
  stop(): void;
}

const told = z.object({ url: z.string(), end: z._default(z.number(), 0) });
const counts = z.record(z.string(), z.number());

/** Starts `bench/peers/<name>.ts`. */
export async function startPeer(name: string, args: readonly string[]): Promise<Peer> {
  const child = fork(join(__dirname, `${name}.ts`), args, {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const gone = new Promise<never>((_, reject) => {
    child.on('exit', (code) => reject(new Error(`bench/peers/${name}.ts ended with ${code}`)));
  });
  gone.catch(() => {});
  const hear = async () => (await Promise.race([once(child, 'message'), gone]))[0];
  const { url, end } = told.parse(await hear());
  return {
    url,
    end,
    async order(order) {
      child.send(order);
      return counts.parse(await hear());
    },
    stop: () => child.disconnect(),
  };
}
