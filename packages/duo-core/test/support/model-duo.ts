import * as z from 'zod/mini';
import type { DuoClient } from '../../src/duo-client';
import { BadRequestError } from '../../src/errors';
import type { LogType } from '../../src/log-type';
import { openPage } from '../../src/open-page';
import { recordsPath } from '../../src/paging';
import { alarms, badges, visits } from './test-log';
import { minute } from './world';

/** A record as Duo keeps it: its time in microseconds, and when (ms) it becomes visible. */
export interface ModelRecord {
  readonly id: string;
  readonly micros: number;
  readonly publishedAt: number;
}

/** What Duo documents nowhere. */
export interface Whims {
  /** How it compares a record's microseconds with a window's milliseconds. */
  readonly rounding: 'down' | 'up' | 'raw';
  /** In which order it shows a log of the `offset` style. */
  readonly order: 'ascending' | 'descending' | 'published';
}

/** A log as a property needs it: with short pages, and with the overlap that its stories allow for. */
export interface ModelLog {
  readonly logType: LogType;
  /** What a record looks like when it is sent. */
  text(record: ModelRecord): string;
  /** The records that match a request, in Duo's order, without the limit; times in ms. */
  find(
    visible: readonly ModelRecord[],
    params: Readonly<Record<string, string>>,
    whims: Whims,
  ): ModelRecord[];
  /** The body of the answer's `response`, given the texts on the page and its last record. */
  response(texts: string, last: ModelRecord | undefined, end: number): string;
}

const ms = ({ micros }: ModelRecord) => Math.floor(micros / 1_000);
const seconds = ({ micros }: ModelRecord) => Math.floor(micros / 1_000_000);
const round = { down: Math.floor, up: Math.ceil, raw: (time: number) => time };

function iso({ micros }: ModelRecord): string {
  const fraction = String(micros % 1_000).padStart(3, '0');
  return new Date(Math.floor(micros / 1_000)).toISOString().replace('Z', `${fraction}+00:00`);
}

/** One of each paging style. */
export const modelLogs: Record<'cursor' | 'offset' | 'time', ModelLog> = {
  cursor: {
    logType: { ...visits, paging: { style: 'cursor', limit: 3 } },
    text: (record) => `{"visit_id": "${record.id}", "ts": "${iso(record)}", "door": "main"}`,
    find(visible, { mintime, maxtime, next_offset }, { rounding }) {
      if (Number(mintime) >= Number(maxtime))
        throw new BadRequestError("'maxtime' must be strictly greater than 'mintime'");
      const [afterMs, afterId = ''] = next_offset?.split(',') ?? [];
      return visible
        .filter((record) => {
          const compared = round[rounding](record.micros / 1_000);
          return (
            compared >= Number(mintime) &&
            compared <= Number(maxtime) &&
            (afterMs === undefined ||
              ms(record) > Number(afterMs) ||
              (ms(record) === Number(afterMs) && record.id > afterId))
          );
        })
        .sort((a, b) => ms(a) - ms(b) || (a.id < b.id ? -1 : 1));
    },
    response: (texts, last) =>
      `{"items":[${texts}],"metadata":{"next_offset":${last ? `"${ms(last)},${last.id}"` : 'null'}}}`,
  },
  offset: {
    logType: { ...alarms, paging: { style: 'offset', limit: 3 } },
    text: (record) => `{"alarm_id": "${record.id}", "at": ${ms(record)}, "state": "new"}`,
    find(visible, { mintime, maxtime, offset = '0' }, { order }) {
      const matching = visible.filter(
        (record) => ms(record) >= Number(mintime) && ms(record) <= Number(maxtime),
      );
      const rank = {
        ascending: ms,
        descending: (record: ModelRecord) => -ms(record),
        published: ({ publishedAt }: ModelRecord) => publishedAt,
      }[order];
      return matching.sort((a, b) => rank(a) - rank(b)).slice(Number(offset));
    },
    response: (texts, last, end) =>
      `{"events":[${texts}],"metadata":${last ? `{"next_offset":${end}}` : '{}'}}`,
  },
  time: {
    // A page is longer than the most records of one second.
    logType: { ...badges, paging: { style: 'time', limit: 6 } },
    text: (record) => `{"timestamp": ${seconds(record)}, "door": "${Number(record.id) % 2}"}`,
    find: (visible, { mintime }) =>
      visible.filter((record) => seconds(record) >= Number(mintime)).sort((a, b) => seconds(a) - seconds(b)),
    response: (texts) => `[${texts}]`,
  },
};

const envelope = z.object({ response: z.unknown() });

/** The simulator's rules without HTTP, so that a property can try thousands of stories. */
export function modelDuo(
  { logType, text, find, response }: ModelLog,
  records: readonly ModelRecord[],
  now: () => number,
  whims: Whims,
): DuoClient {
  return {
    source: async () => 'api-model.duosecurity.com',
    async get(log, params) {
      const visible = records.filter(
        (record) => record.publishedAt <= now() && record.micros / 1_000 <= now() - 2 * minute,
      );
      const page = find(visible, params, whims).slice(0, logType.paging.limit);
      const end = Number(params.offset ?? 0) + page.length;
      const body = `{"stat":"OK","response":${response(page.map(text).join(', '), page.at(-1), end)}}`;
      // The Date header has no fractions of a second.
      const opened = openPage(Buffer.from(body), recordsPath(log));
      return {
        date: Math.floor(now() / 1000) * 1000,
        source: 'api-model.duosecurity.com',
        likely: opened.isEmpty ? undefined : envelope.parse(opened.likely).response,
        read(record) {
          const { records: read, around } = opened.read(record);
          return { records: read, response: envelope.parse(around).response };
        },
      };
    },
  };
}
