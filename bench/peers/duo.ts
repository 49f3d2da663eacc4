import { createSimulator, findLog, generate } from 'duo-simulator';
import { serve } from './serve';

/*
 * `duo.ts <log type> <records> [day]`: the simulator as a process of its own, with records of one day that ended half an hour
 * ago, so that there is time for runs that find nothing new; or of the UTC day before yesterday.
 */

const minute = 60_000;
const dayLength = 24 * 60 * minute;

async function main(name = '', count = '', day = ''): Promise<void> {
  const { logType, samples } = await findLog(name);
  let requests = 0;
  let shift = 0;
  const simulator = createSimulator({
    logs: [{ logType }],
    now: () => Date.now() - shift,
    onRequest: () => {
      requests += 1;
    },
  });
  const today = Math.floor(Date.now() / dayLength) * dayLength;
  const end = day === '' ? Date.now() - 30 * minute : today - dayLength - 1;
  const from = end - dayLength + 1;
  simulator.log(name).addAll(generate({ logType, samples, count: Number(count), from, to: end, seed: 1 }));
  simulator.log(name).visible();
  serve({ url: await simulator.listen(), end }, (order) => {
    const counted = { requests };
    shift = order.shift;
    requests = 0;
    return counted;
  });
}

void main(...process.argv.slice(2));
