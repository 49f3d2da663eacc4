import * as z from 'zod/mini';
import type { DuoClient } from '../../src/duo/duo-client';
import { openPage } from '../../src/duo/open-page';
import { recordsPath } from '../../src/duo/paging';
import { BadRequestError } from '../../src/errors';
import type { LogType } from '../../src/log-type';
import { alarms, badges, visits } from './test-log';
import { minute } from './world';

/** A record as Duo keeps it: its time in microseconds, and when (ms) it becomes visible. */
export interface ModelRecord {
  readonly id: string;
  readonly micros: number;
  readonly publishedAt: number;
  /** What the record says of its time, where that is not its place. @default 'right' */
  readonly dated?: Dated;
}

/** How a record's own time differs from where Duo has filed it. `elsewhere`: in a span that is read, but not there. */
export type Dated = 'right' | 'ahead' | 'past' | 'unreadable' | 'elsewhere';

/** What Duo documents nowhere. */
export interface Whims {
  /** How it compares a record's microseconds with a window's milliseconds. */
  readonly rounding: 'down' | 'up' | 'raw';
  /** In which order it shows a log of the `offset` style. */
  readonly order: 'ascending' | 'descending' | 'published';
  /** What `total_objects` counts: the window's records, those that are left of it, or something else. */
  readonly total: 'window' | 'rest' | 'account' | 'absent';
  /** Whether some pages are empty and lead on. */
  readonly blanks: boolean;
  /** Whether a page begins with the last record of the one before it. */
  readonly repeats: boolean;
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
  response(texts: string, next: { last: ModelRecord | undefined; end: number; metadata: string }): string;
}

const ms = ({ micros }: ModelRecord) => Math.floor(micros / 1_000);
const seconds = ({ micros }: ModelRecord) => Math.floor(micros / 1_000_000);
const wholeMs = (micros: number | null) => (micros === null ? '"soon"' : Math.floor(micros / 1_000));
const wholeSeconds = (record: ModelRecord) => {
  const micros = said(record);
  return micros === null ? `"soon, says ${record.id}"` : Math.floor(micros / 1_000_000);
};
const round = { down: Math.floor, up: Math.ceil, raw: (time: number) => time };

const dayInMicros = 86_400_000_000;

/** What a record says of its time, in microseconds; null if nobody can read it. */
function said({ micros, dated, id }: ModelRecord): number | null {
  if (dated === 'unreadable') return null;
  // Two records that are not where they say must not be the same in all else as well.
  if (dated === 'ahead') return micros + 365 * dayInMicros + Number(id) * 1_000_000;
  if (dated === 'past') return micros - 300 * dayInMicros - Number(id) * 1_000_000;
  if (dated === 'elsewhere') return micros + (Number(id) % 2 === 0 ? 1 : -1) * (1 + Number(id)) * 90_000_000;
  return micros;
}

function iso(micros: number | null): string {
  if (micros === null) return 'soon';
  const fraction = String(micros % 1_000).padStart(3, '0');
  return new Date(Math.floor(micros / 1_000)).toISOString().replace('Z', `${fraction}+00:00`);
}

/** One of each paging style. */
export const modelLogs: Record<'cursor' | 'offset' | 'time', ModelLog> = {
  cursor: {
    logType: { ...visits, paging: { style: 'cursor', limit: 3 } },
    text: (record) => `{"visit_id": "${record.id}", "ts": "${iso(said(record))}", "door": "main"}`,
    find(visible, { mintime, maxtime, next_offset }, { rounding, repeats }) {
      if (Number(mintime) >= Number(maxtime))
        throw new BadRequestError("'maxtime' must be strictly greater than 'mintime'");
      const [afterMs, afterId = ''] = next_offset?.split(',') ?? [];
      const inside = visible
        .filter((record) => {
          const compared = round[rounding](record.micros / 1_000);
          return compared >= Number(mintime) && compared <= Number(maxtime);
        })
        .sort((a, b) => ms(a) - ms(b) || (a.id < b.id ? -1 : 1));
      const isAfter = (record: ModelRecord) =>
        afterMs === undefined ||
        ms(record) > Number(afterMs) ||
        (ms(record) === Number(afterMs) && record.id > afterId);
      const next = inside.findIndex(isAfter);
      if (next < 0) return [];
      return inside.slice(repeats && afterMs !== undefined ? Math.max(0, next - 1) : next);
    },
    response: (texts, { last, metadata }) =>
      `{"items":[${texts}],"metadata":{${metadata}"next_offset":${last ? `"${ms(last)},${last.id}"` : 'null'}}}`,
  },
  offset: {
    logType: { ...alarms, paging: { style: 'offset', limit: 3 } },
    text: (record) => `{"alarm_id": "${record.id}", "at": ${wholeMs(said(record))}, "state": "new"}`,
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
    response: (texts, { last, end }) =>
      `{"events":[${texts}],"metadata":${last ? `{"next_offset":${end}}` : '{}'}}`,
  },
  time: {
    // A page is longer than the most records of one second.
    logType: { ...badges, paging: { style: 'time', limit: 6 } },
    text: (record) => `{"timestamp": ${wholeSeconds(record)}, "door": "${Number(record.id) % 2}"}`,
    find: (visible, { mintime }) =>
      visible.filter((record) => seconds(record) >= Number(mintime)).sort((a, b) => seconds(a) - seconds(b)),
    response: (texts) => `[${texts}]`,
  },
};

/** An empty page of the `cursor` style: it leads on to where it was asked for, by another name. */
function blank(
  { mintime, next_offset = `${Number(mintime) - 1},` }: Record<string, string>,
  metadata: string,
) {
  return `{"items":[],"metadata":{${metadata}"next_offset":"${next_offset}~"}}`;
}

const envelope = z.object({ response: z.unknown() });

/** The simulator's rules without HTTP, so that a property can try thousands of stories. */
export function modelDuo(
  { logType, text, find, response }: ModelLog,
  records: readonly ModelRecord[],
  now: () => number,
  whims: Whims,
): DuoClient {
  let requests = 0;
  return {
    source: async () => 'api-model.duosecurity.com',
    async get(log, params) {
      requests += 1;
      const visible = records.filter(
        (record) => record.publishedAt <= now() && record.micros / 1_000 <= now() - 2 * minute,
      );
      const rest = find(visible, params, whims);
      const { next_offset: _cursor, ...bounds } = params;
      const totals = {
        window: find(visible, bounds, whims).length,
        rest: rest.length,
        account: 1_000_000,
        absent: '"unknown"',
      };
      const metadata = `"total_objects":${totals[whims.total]},`;
      const page = rest.slice(0, Number(params.limit ?? logType.paging.limit));
      const end = Number(params.offset ?? 0) + page.length;
      const shown = response(page.map(text).join(', '), { last: page.at(-1), end, metadata });
      const isBlank = whims.blanks && logType.paging.style === 'cursor' && requests % 3 === 0;
      const body = `{"stat":"OK","response":${isBlank ? blank(params, metadata) : shown}}`;
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
