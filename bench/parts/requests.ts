import type { Figure } from '../figures';
import { inWorld } from '../runs/in-world';
import type { World } from '../runs/world';
import { latency } from './waiting';

const part = 'requests';
const minute = 60_000;
const records = 10_000;
const store = 'requests';
const backlog = 100_000;

/**
 * What a run asks of Duo and of the store: one over ten full pages, then two that find nothing new; and what it writes of a
 * backlog, where nothing is waited for.
 */
export async function measureRequests(world: World) {
  const duo = await world.duo(records);
  const at = (minutes: number) => duo.end + minutes * minute;
  const full = await world.run('ours', duo, records, { store, latency, at: at(3) });
  // The overlap still holds records, so the first page is not empty; a while later it is.
  const overlapping = await world.run('ours', duo, 0, { store, latency, at: at(6) });
  await world.run('ours', duo, 0, { store, at: at(20) });
  const idle = await world.run('ours', duo, 0, { store, latency, at: at(25) });
  const authentication = await world.run('ours', await world.duo(backlog), backlog);
  const telephony = await inWorld('telephony', 'read', async (other) =>
    other.run('ours', await other.duo(backlog), backlog),
  );
  const figures: Figure[] = [
    { part, what: 'to Duo, beyond one a page', value: full.requests - records / 1000, unit: '', most: 1 },
    {
      part,
      what: 'writes, 1,000 records of a telephony backlog',
      value: (telephony.writes / backlog) * 1000,
      unit: '',
      most: 0.2,
    },
    {
      part,
      what: 'writes, 1,000 records of an authentication backlog',
      value: (authentication.writes / backlog) * 1000,
      unit: '',
      most: 0.55,
    },
    { part, what: 'objects, 100,000 telephony records', value: telephony.objects, unit: '', most: 10 },
    { part, what: 'to Duo, idle run', value: idle.requests, unit: '', most: 2 },
    {
      part,
      what: 'to Duo, idle run with records in the overlap',
      value: overlapping.requests,
      unit: '',
      most: 2,
    },
    { part, what: 'to the store, idle run', value: idle.reads + idle.writes, unit: '', most: 2 },
    {
      part,
      what: 'to the store, idle run with records in the overlap',
      value: overlapping.reads + overlapping.writes,
      unit: '',
      most: 2,
    },
    { part, what: 'to Duo, 1,000 records', value: (full.requests / records) * 1000, unit: '' },
    {
      part,
      what: 'to the store, 1,000 records',
      value: ((full.reads + full.writes) / records) * 1000,
      unit: '',
    },
    { part, what: 'stored, 1,000 records', value: full.bytes / (records / 1000) / 1000, unit: 'KB' },
  ];
  return { figures, idle, full, fullRecords: records };
}
