import type { DuoClient } from '../../src/duo-client';
import { BadRequestError } from '../../src/errors';
import { minute } from './world';

/** A record as Duo keeps it: its time in microseconds, and when (ms) it becomes visible. */
export interface ModelRecord {
  readonly id: string;
  readonly micros: number;
  readonly publishedAt: number;
}

/** How Duo compares a record's microseconds with a window's milliseconds; it says nowhere which it is. */
export type Rounding = 'down' | 'up' | 'raw';

/** What a record looks like when it is sent. */
export function recordText({ id, micros }: ModelRecord): string {
  const ms = Math.floor(micros / 1000);
  const ts = new Date(ms).toISOString().replace('Z', `${String(micros % 1000).padStart(3, '0')}+00:00`);
  return `{"visit_id": "${id}", "ts": "${ts}", "door": "main"}`;
}

/** The simulator's rules without HTTP, so that a property can try thousands of stories. */
export function modelDuo(records: readonly ModelRecord[], now: () => number, rounding: Rounding): DuoClient {
  const round = { down: Math.floor, up: Math.ceil, raw: (ms: number) => ms }[rounding];
  const key = ({ micros, id }: ModelRecord) => [Math.floor(micros / 1000), id] as const;
  const sorted = [...records].sort((a, b) => key(a)[0] - key(b)[0] || (key(a)[1] < key(b)[1] ? -1 : 1));
  return {
    async get(_path, { mintime, maxtime, limit, next_offset }) {
      if (Number(mintime) >= Number(maxtime))
        throw new BadRequestError("'maxtime' must be strictly greater than 'mintime'");
      const [afterMs, afterId = ''] = next_offset?.split(',') ?? [];
      const matching = sorted.filter((record) => {
        const [ms, id] = key(record);
        const compared = round(record.micros / 1000);
        return (
          record.publishedAt <= now() &&
          record.micros / 1000 <= now() - 2 * minute &&
          compared >= Number(mintime) &&
          compared <= Number(maxtime) &&
          (afterMs === undefined || ms > Number(afterMs) || (ms === Number(afterMs) && id > afterId))
        );
      });
      const page = matching.slice(0, Number(limit));
      const last = page.at(-1);
      const cursor = last === undefined ? null : key(last).join(',');
      const text = `{"stat":"OK","response":{"items":[${page.map(recordText).join(', ')}],"metadata":{"next_offset":${JSON.stringify(cursor)}}}}`;
      // The Date header has no fractions of a second.
      return { text, response: JSON.parse(text).response, date: Math.floor(now() / 1000) * 1000 };
    },
  };
}
