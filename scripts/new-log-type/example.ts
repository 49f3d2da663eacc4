import { answerProblems } from 'duo-contract/answer-check';
import type { LogType, Paging, TimeField } from 'duo-core';
import { unitsOf } from 'duo-simulator';
import * as z from 'zod/mini';
import type { Flags } from './flags';

/** One whole answer of Duo's, as its page shows it, and what it says of the log. */
export interface Example {
  /** What can be told from it; the rest has to be given. */
  readonly flags: Flags;
  readonly records: readonly Members[];
  readonly answer: unknown;
}

type Members = Record<string, unknown>;

const members = z.record(z.string(), z.unknown());
const envelope = z.object({ stat: z.literal('OK'), response: z.unknown() });
const paged = z.object({ metadata: z.object({ next_offset: z.optional(z.unknown()) }) });

/** Reads an example. Throws a `TypeError` for a text that is no answer of Duo's with records in it. */
export function readExample(text: string): Example {
  const answer = parse(text);
  const parsed = envelope.safeParse(answer);
  if (!parsed.success) throw new TypeError('--example is not an answer from Duo: {"stat":"OK","response":…}');
  const { response } = parsed.data;
  const [key, list] = listIn(response);
  const records = z.array(members).safeParse(list).data ?? [];
  if (records.length === 0) {
    throw new TypeError(
      '--example has no records: "response", or one property of it, must be a list of objects',
    );
  }
  const next = paged.safeParse(response).data?.metadata.next_offset;
  const style = key === null ? 'time' : styleOf(next);
  const last = records.at(-1) ?? {};
  const [ms, ...id] = style === 'cursor' ? [next].flat().join(',').split(',') : [];
  return {
    flags: {
      ...(style !== null && { style }),
      ...(key !== null && { records: key }),
      ...timeOf(records, style, ms === undefined ? null : Number(ms)),
      ...(style !== 'time' && idOf(records, id.length === 0 ? null : id.join(','), last)),
    },
    records,
    answer,
  };
}

/** What is given, and what the example tells beside it. */
export function withExample(given: Flags, { flags, records }: Example): Flags {
  const told = { ...flags };
  if (given.time !== undefined && given.time !== flags.time) {
    // The unit is that of another field.
    const [unit] = unitsOf(records[0]?.[given.time]);
    delete told.unit;
    if (unit !== undefined) told.unit = unit;
  }
  return { ...told, ...given };
}

/** Throws a `TypeError` that names each field of the descriptor which the example contradicts. */
export function refuseContradiction({ answer }: Example, logType: LogType): void {
  const problems = answerProblems(answer, logType);
  if (problems.length > 0) throw new TypeError(`--example: ${problems.join('; ')}`);
}

/** The only list of objects, and the property that holds it; null where `response` itself is the list. */
function listIn(response: unknown): [string | null, unknown] {
  if (Array.isArray(response)) return [null, response];
  const lists = Object.entries(members.safeParse(response).data ?? {}).filter(([, value]) =>
    Array.isArray(value),
  );
  const [only, ...more] = lists;
  if (only === undefined) return [null, undefined];
  if (more.length > 0) {
    throw new TypeError(
      `--example has several lists, ${lists.map(([name]) => `"${name}"`).join(' and ')}: leave only the one with the records`,
    );
  }
  return only;
}

function styleOf(next: unknown): Paging['style'] | null {
  if (/^\d{13},./.test([next].flat().join(','))) return 'cursor';
  return /^\d+$/.test(String(next)) ? 'offset' : null;
}

/** The field that is a time in each record; of several the one that the cursor shows, or in the unit that the style has. */
function timeOf(records: readonly Members[], style: Paging['style'] | null, ms: number | null): Flags {
  const times = Object.keys(records[0] ?? {}).flatMap((field) =>
    (['iso', 's', 'ms'] as const)
      .filter((unit) => records.every((record) => unitsOf(record[field]).includes(unit)))
      .map((unit) => ({ time: field, unit })),
  );
  const shown = times.filter(({ time, unit }) => ms !== null && inMs(records.at(-1)?.[time], unit) === ms);
  const likely = shown.length > 0 ? shown : times;
  const usual = { cursor: 'iso', offset: 'ms', time: 's' }[style ?? 'cursor'];
  const [only, ...more] = likely.length > 1 ? likely.filter(({ unit }) => unit === usual) : likely;
  return only === undefined || more.length > 0 ? {} : only;
}

/** A time in milliseconds, as Duo's cursors have it. */
export function inMs(value: unknown, unit: TimeField['unit']): number {
  if (unit === 'iso') return Date.parse(String(value));
  return Math.floor(Number(value) * (unit === 's' ? 1000 : 1));
}

/** The field that the cursor shows, or the only one with a text of its own in each record that is called an id or a key. */
function idOf(records: readonly Members[], shown: string | null, last: Members): Flags {
  const unique = Object.keys(last).filter((field) => {
    const values = records.map((record) => record[field]);
    return values.every((value) => typeof value === 'string') && new Set(values).size === records.length;
  });
  const ids =
    shown === null
      ? unique.filter((field) => /(id|key)$/i.test(field))
      : unique.filter((field) => last[field] === shown);
  const [only, ...more] = ids;
  return only === undefined || more.length > 0 ? {} : { id: only };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new TypeError('--example is not JSON');
  }
}
