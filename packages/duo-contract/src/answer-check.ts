import { type LogType, pagingStyles } from 'duo-core';
import { readTime, recordProblems, repeatedIds } from 'duo-simulator';
import * as z from 'zod/mini';

const envelope = z.object({ stat: z.literal('OK'), response: z.unknown() });
const members = z.record(z.string(), z.unknown());
const paged = z.object({ metadata: z.object({ next_offset: z.optional(z.unknown()) }) });

/**
 * What is wrong with a descriptor by one whole answer of Duo's, a sentence each that names the field: the paging style, the path
 * to the records, their time, unit and id, and the cursor, which in the style `cursor` says the time and the id of the page's
 * last record.
 */
export function answerProblems(answer: unknown, logType: LogType): string[] {
  const parsed = envelope.safeParse(answer);
  if (!parsed.success || parsed.data.response === undefined) return ['it is not {"stat":"OK","response":…}'];
  const { response } = parsed.data;
  const records = recordsOf(response, logType);
  if (typeof records === 'string') return [records];
  const where = (n: number) => `record ${n + 1}`;
  const problems = [
    ...(records.length === 0 ? ['it has no records'] : []),
    ...records.flatMap((record, n) => recordProblems(record, logType, where(n))),
    ...repeatedIds(records, logType, where),
  ];
  return problems.length > 0 ? problems : cursorProblems(response, records, logType);
}

/** The array of records, or what is wrong with the path to it. */
function recordsOf(response: unknown, { records, paging }: LogType): unknown[] | string {
  if (Array.isArray(response)) {
    if (records === undefined) return response;
    return `"response" is the array of records: the style "${paging.style}" and records "${records}" are of another log`;
  }
  const { data = {} } = members.safeParse(response);
  const arrays = Object.keys(data).filter((name) => Array.isArray(data[name]));
  const hint = arrays.length === 0 ? '' : `; ${arrays.map((name) => `"response.${name}"`).join(' and ')} is`;
  if (records === undefined)
    return `"response" is no array of records, which the style "${paging.style}" expects${hint}`;
  const found = data[records];
  return Array.isArray(found) ? found : `"response.${records}" is no array of records${hint}`;
}

function cursorProblems(response: unknown, records: readonly unknown[], logType: LogType): string[] {
  const { paging, time, id } = logType;
  if (paging.style === 'time') return [];
  const { data } = paged.safeParse(response);
  if (data === undefined) return ['"response.metadata" is missing, where the next page begins'];
  const { next_offset } = data.metadata;
  const shown = `"next_offset" is ${JSON.stringify(next_offset)}`;
  if (paging.style === 'offset') {
    return /^\d*$/.test(String(next_offset ?? ''))
      ? []
      : [`${shown}, which is no number of records: the style "offset" is of another log`];
  }
  const request = { from: 0, to: Number.MAX_SAFE_INTEGER, cursor: null, limit: paging.limit };
  let cursor: string | null;
  try {
    cursor = pagingStyles[paging.style].next({ times: [], response }, request, logType);
  } catch (error) {
    return [error instanceof Error ? error.message : String(error)];
  }
  if (cursor === null) return [];
  const last = members.safeParse(records.at(-1)).data ?? {};
  const expected = [Math.floor(readTime(last[time.field], time.unit)), last[id ?? '']];
  const [ms = '', ...rest] = cursor.split(',');
  return [
    ...(Number(ms) === expected[0]
      ? []
      : [`${shown}, and the last record's time "${time.field}" (${time.unit}) is ${expected[0]} ms`]),
    ...(rest.join(',') === expected[1]
      ? []
      : [`${shown}, and the last record's id "${id}" is ${expected[1]}`]),
  ];
}
