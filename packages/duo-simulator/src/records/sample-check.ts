import type { LogType, TimeField } from 'duo-core';
import * as z from 'zod/mini';
import { readTime } from './record-time';

const members = z.record(z.string(), z.unknown());

/**
 * What is wrong with a record by the descriptor of its log, a sentence each that names the field: that it has no such time or
 * id, or one in another unit or of another type. `where` says which record it is.
 */
export function recordProblems(record: unknown, logType: LogType, where: string): string[] {
  const parsed = members.safeParse(record);
  if (!parsed.success) return [`${where} is not an object`];
  return [...timeProblems(parsed.data, logType, where), ...idProblems(parsed.data, logType, where)];
}

/** What is wrong with the lines of `samples/records.ndjson`; see `recordProblems`. No two may have one id. */
export function sampleProblems(lines: readonly string[], logType: LogType): string[] {
  const records = lines.map(parse);
  const where = (n: number) => `line ${n + 1}`;
  return [
    ...records.flatMap((record, n) => recordProblems(record, logType, where(n))),
    ...repeatedIds(records, logType, where),
  ];
}

/** A sentence for each record whose id an earlier one has. */
export function repeatedIds(
  records: readonly unknown[],
  { id }: LogType,
  where: (index: number) => string,
): string[] {
  if (id === undefined) return [];
  const ids = records.map((record) => members.safeParse(record).data?.[id]);
  return ids.flatMap((one, n) => {
    const first = ids.indexOf(one);
    if (typeof one !== 'string' || first === n) return [];
    return [`${where(n)} has the same "${id}" as ${where(first)}: that field does not make a record unique`];
  });
}

/** The units in which a value is a time of this century: what Duo's logs hold. */
export function unitsOf(value: unknown): TimeField['unit'][] {
  return (['iso', 's', 'ms'] as const).filter((unit) => {
    const time = readTime(value, unit);
    return time >= century.from && time < century.until;
  });
}

const century = { from: Date.UTC(2000), until: Date.UTC(2100) };

function timeProblems(record: Record<string, unknown>, { time }: LogType, where: string): string[] {
  const { field, unit } = time;
  const units = unitsOf(record[field]);
  if (units.includes(unit)) return [];
  const [other] = units;
  if (other !== undefined) return [`${where}: its time "${field}" is in "${other}", not in "${unit}"`];
  const others = Object.entries(record).flatMap(([name, value]) =>
    unitsOf(value).map((one) => `"${name}" (${one})`),
  );
  const hint = others.length === 0 ? 'none of its fields is a time' : `its times are ${others.join(' and ')}`;
  return [
    field in record
      ? `${where}: its "${field}" is not a time (${unit}); ${hint}`
      : `${where} has no "${field}", which should be its time; ${hint}`,
  ];
}

function idProblems(record: Record<string, unknown>, { id }: LogType, where: string): string[] {
  if (id === undefined) return [];
  const value = record[id];
  if (typeof value === 'string' && value !== '') return [];
  if (id in record) return [`${where}: its id "${id}" is not a text`];
  const likely = Object.keys(record).filter((name) => /(id|key)$/i.test(name));
  const hint = likely.length === 0 ? '' : `; it has ${likely.map((name) => `"${name}"`).join(' and ')}`;
  return [`${where} has no "${id}", which should be its id${hint}`];
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
