import { subscribe } from 'node:diagnostics_channel';
import { createSimulator, findLog, generate } from 'duo-simulator';
import { serve } from './serve';

/*
 * `duo.ts <log type> <records> [day]`: the simulator as a process of its own, with records of 23 hours that ended half an hour
 * ago, so that there is time for runs that find nothing new, within the 24 hours that Google's function looks back; or of the
 * UTC day before yesterday.
 */

const minute = 60_000;
const hour = 60 * minute;
const dayLength = 24 * hour;

async function main(name = '', count = '', day = ''): Promise<void> {
  const { logType, samples } = await findLog(name);
  let requests = 0;
  let firstAt = 0;
  let shift = 0;
  // Not `onRequest`, which is called when the page has been made.
  subscribe('http.server.request.start', () => {
    firstAt ||= Date.now();
  });
  const simulator = createSimulator({
    logs: [{ logType }],
    now: () => Date.now() - shift,
    onRequest: () => {
      requests += 1;
    },
  });
  const today = Math.floor(Date.now() / dayLength) * dayLength;
  const end = day === '' ? Date.now() - 30 * minute : today - dayLength - 1;
  const from = end - (day === '' ? 23 * hour : dayLength) + 1;
  simulator.log(name).addAll(generate({ logType, samples, count: Number(count), from, to: end, seed: 1 }));
  simulator.log(name).visible();
  serve({ url: await simulator.listen(), end }, (order) => {
    const counted = { requests, firstAt };
    shift = order.shift;
    requests = 0;
    firstAt = 0;
    return counted;
  });
}

void main(...process.argv.slice(2));
