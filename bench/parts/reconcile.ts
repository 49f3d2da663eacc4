import type { Figure } from '../figures';
import { inWorld } from '../runs/in-world';
import type { Counted, World } from '../runs/world';

const part = 'reconcile';
const minute = 60_000;
const hour = 60 * minute;
/** It begins with the day: then no other one is due. */
const begun = { store: 'reconcile', lookbackHours: 25 };

/**
 * What collecting took of the floor's processor time while each page was put by itself: the yardstick of the bound, which is
 * not to become harder where collecting becomes cheaper. The median of five, of 300,000 records each, in this part's settings.
 */
const pageByPage = 1.72;

/** As with `memory`: what a run needs, not what V8 takes before it collects its garbage. */
const nodeOptions = ['--max-old-space-size=400', '--max-semi-space-size=8'];

/** What it takes to reconcile a day of a million records, beside collecting them; a run of nothing due; and a log that is not sorted. */
export async function measureReconciliation(): Promise<{ figures: Figure[] }> {
  const sorted = await inWorld('authentication', 'kept', async (world) => {
    const many = 1_000_000;
    const { live, pass } = await dayOf(world, many, 25 * hour);
    const duo = await world.duo(many);
    const floor = await world.run('floor', duo, many, { at: duo.end + 10 * minute, nodeOptions });
    const at = duo.end + 25 * hour + minute;
    const idle = await world.run('ours', duo, 0, { ...begun, function: 'reconcile', at });
    return { many, live, pass, floor, idle };
  });
  const inPieces = await inWorld('authentication', 'kept', async (world) => {
    const few = 20_000;
    const duo = await world.duo(few, 'day');
    await collected(world, few, 25 * hour);
    let runs = 0;
    for (let ran: Counted | undefined; ran?.outcome !== 'caught-up'; runs++) {
      const at = duo.end + 25 * hour + runs * minute;
      ran = await world.run('ours', duo, 0, { ...begun, function: 'reconcile', pages: 2, at });
      if (runs > 50) throw new Error('a pass that is cut off after every two pages does not end');
    }
    return runs;
  });
  const unsorted = await inWorld(
    'trust-monitor',
    'kept',
    async (world) => (await dayOf(world, 20_000, 8 * 24 * hour)).pass,
  );
  const { many, live, pass, floor, idle } = sorted;
  const figures: Figure[] = [
    {
      part,
      what: "processor time a record, of the floor's",
      value: pass.cpu / floor.cpu,
      unit: '',
      most: 1.2 * pageByPage,
    },
    { part, what: 'processor time a record, of that to collect it', value: pass.cpu / live.cpu, unit: '' },
    { part, what: 'peak at 1,000,000 records', value: pass.peak / 1024, unit: 'MB', most: 512 },
    {
      part,
      what: 'to Duo, beyond one a page',
      value: pass.requests - Math.ceil(many / 999),
      unit: '',
      most: 1,
    },
    // Beside the objects: the checkpoint twice, the days that are wanted twice, the day's state.
    { part, what: 'reads beyond one an object', value: pass.reads - live.objects, unit: '', most: 5 },
    { part, what: 'gets, idle run', value: idle.reads, unit: '', most: 2 },
    { part, what: 'listings, idle run', value: idle.listings, unit: '', most: 2 },
    { part, what: 'to Duo, idle run', value: idle.requests, unit: '', most: 0 },
    { part, what: 'runs for 20,000 records, two pages each', value: inPieces, unit: '', most: 12 },
    {
      part,
      what: 'runs for 20,000 events of no order',
      value: unsorted.outcome === 'caught-up' ? 1 : 2,
      unit: '',
      most: 1,
    },
    { part, what: 'a pass of 1,000,000 records', value: pass.wall / 1000, unit: 's' },
    { part, what: 'a pass of 20,000 events of no order', value: unsorted.wall / 1000, unit: 's' },
  ];
  return { figures };
}

/** Collects a day, and reconciles it so long (ms) after its end. */
async function dayOf(
  world: World,
  records: number,
  after: number,
): Promise<{ live: Counted; pass: Counted }> {
  const live = await collected(world, records, after);
  const duo = await world.duo(records, 'day');
  const at = duo.end + after;
  const pass = await world.run('ours', duo, 0, { ...begun, function: 'reconcile', at, nodeOptions });
  if (pass.days !== 1 || pass.repaired !== 0) throw new Error(`${pass.days} days, ${pass.repaired} repaired`);
  return { live, pass };
}

/** Collects a day when it has ended, and goes on until it is closed. */
async function collected(world: World, records: number, after: number): Promise<Counted> {
  const duo = await world.duo(records, 'day');
  const live = await world.run('ours', duo, records, { ...begun, at: duo.end + 10 * minute, nodeOptions });
  await world.run('ours', duo, 0, { ...begun, at: duo.end + after });
  return live;
}
