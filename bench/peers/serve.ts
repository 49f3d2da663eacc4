import * as z from 'zod/mini';
import { setLatency } from './latency';

const schema = z.object({ latency: z.number(), shift: z.number() });

/** How a server behaves from now on, in ms: how long answers take, and how far its clock is behind. */
export type Order = z.infer<typeof schema>;

/**
 * The far end of `startPeer`: says where this process listens, then obeys. Each order is answered with what was counted
 * since the last one.
 */
export function serve(
  told: { readonly url: string; readonly end?: number },
  obey: (order: Order) => Record<string, number>,
): void {
  process.on('message', (message) => {
    const order = schema.parse(message);
    setLatency(order.latency);
    process.send?.(obey(order));
  });
  process.on('disconnect', () => process.exit());
  process.send?.(told);
}
