import { type Figure, median } from '../figures';
import { startPeer } from '../peers/peer';
import { inWorld } from '../runs/in-world';
import type { PythonCollector } from '../runs/python/run-python';
import type { World } from '../runs/world';

const part = 'speed';
const rounds = 6;
const records = 100_000;

/** Google's function is not part of this project: it has to be given. */
const given = process.env.SEED_FUNCTION ? {} : { missing: 'SEED_FUNCTION' };

/** What the table calls them, what is missing to run them, and the bound for our processor time, of theirs. */
const others: readonly {
  readonly collector: PythonCollector;
  readonly name: string;
  readonly missing?: string;
  readonly most?: number;
}[] = [
  { collector: 'google_gzipped', name: "Google's function with gzip", ...given, most: 1 },
  { collector: 'google_gzipped_as_ours', name: 'the same at our level of gzip', ...given },
  { collector: 'google_plain', name: "Google's function", ...given },
  { collector: 'official_client', name: "a loop with Duo's client" },
];

/**
 * What a record of the telephony log costs, beside what others wrote to collect it. Without `SEED_FUNCTION` the figures
 * that need Google's function have no value, so that its bound is not met.
 */
export async function measureBesideOthers(): Promise<{ figures: Figure[] }> {
  const cpu = await inWorld('telephony', 'read', inTurn);
  const cost = (collector: Collector) => (median(cpu[collector]) / records) * 1000;
  const figures: Figure[] = [
    ...others.map(({ collector, name, ...rest }) => ({
      part,
      what: `CPU a record, telephony, of that of ${name}`,
      value: cost('ours') / cost(collector),
      unit: '',
      ...rest,
    })),
    { part, what: 'CPU a record, telephony', value: cost('ours'), unit: 'µs' },
    ...others.map(({ collector, name, most, ...rest }) => ({
      part,
      what: `CPU a record, telephony, ${name}`,
      value: cost(collector),
      unit: 'µs',
      ...rest,
    })),
  ];
  return { figures };
}

type Collector = 'ours' | PythonCollector;

/** The processor time (ms) of each one's runs, which take turns; none of those that cannot be run. */
async function inTurn(world: World): Promise<Record<Collector, readonly number[]>> {
  const cpu: Record<Collector, number[]> = {
    ours: [],
    google_gzipped: [],
    google_gzipped_as_ours: [],
    google_plain: [],
    official_client: [],
  };
  const duo = await world.duo(records);
  const relay = await startPeer('relay', [duo.url]);
  try {
    for (let round = 0; round < rounds; round++) {
      cpu.ours.push((await world.run('ours', duo, records)).cpu);
      for (const { collector, missing } of others) {
        const options = collector === 'official_client' ? {} : { through: relay };
        if (missing === undefined)
          cpu[collector].push((await world.run(collector, duo, records, options)).cpu);
      }
    }
  } finally {
    relay.stop();
  }
  return cpu;
}
