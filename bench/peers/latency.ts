import { subscribe } from 'node:diagnostics_channel';
import { ServerResponse } from 'node:http';

const arrivals = new WeakMap<object, number>();
const end = ServerResponse.prototype.end;
let latency = 0;

/**
 * From now on every answer of this process's HTTP servers is sent this many ms after its request began to arrive, or as
 * soon as it is ready, if that is later. The simulator has no such option: it would be for this alone.
 */
export function setLatency(ms: number): void {
  latency = ms;
}

subscribe('http.server.request.start', (message) => {
  if (typeof message !== 'object' || message === null || !('response' in message)) return;
  if (message.response instanceof ServerResponse) arrivals.set(message.response, performance.now());
});

ServerResponse.prototype.end = function (this: ServerResponse, ...sent: unknown[]) {
  if (latency === 0) return Reflect.apply(end, this, sent);
  const waited = performance.now() - (arrivals.get(this) ?? 0);
  setTimeout(() => Reflect.apply(end, this, sent), latency - waited);
  return this;
} as typeof end;
