import { defineLogType, fields, type LogType, type Paging, type TimeField } from 'duo-core';
import { closest, distance } from 'fastest-levenshtein';
import * as z from 'zod/mini';

const text = z.optional(z.string());
const styles = ['cursor', 'offset', 'time'] as const satisfies Paging['style'][];
const schema = z.object({
  path: text,
  style: z.optional(z.enum(styles)),
  records: text,
  time: text,
  unit: z.optional(z.enum(['iso', 's', 'ms'])),
  limit: z.optional(z.coerce.number().check(z.int(), z.gte(1))),
  id: text,
});

/** What the command is told about the new log, by options or by answers. */
export type Flags = z.infer<typeof schema>;

/** The options, without their hyphens. */
export const flagNames = Object.keys(schema.def.shape);

/** Reads the options' texts. Throws a `TypeError` that names the first that cannot be understood. */
export function readFlags(values: Readonly<Record<string, unknown>>): Flags {
  const result = schema.safeParse(values);
  if (result.success) return result.data;
  const flag = String(result.error.issues[0]?.path[0]);
  const given = String(values[flag]);
  throw new TypeError(
    `--${flag} cannot be "${given}"${flag === 'style' ? likelyStyle(given) : ''}; see --help`,
  );
}

function likelyStyle(given: string): string {
  const near = closest(given, [...styles]);
  return distance(given, near) <= 3 ? `: did you mean ${near}?` : '';
}

/** What a log of this style has unless it is said otherwise; the records of the `time` style have no id. */
export function defaultsOf(
  name: string,
  style: Paging['style'],
): { unit: TimeField['unit']; limit: number; id?: string } {
  const id = `${name.replaceAll('-', '_')}_id`;
  if (style === 'time') return { unit: 's', limit: 1000 };
  return style === 'offset' ? { unit: 'ms', limit: 200, id } : { unit: 'iso', limit: 1000, id };
}

/** The descriptor of the new log. Throws a `TypeError` that says what is missing, or which value cannot be. */
export function describeLog(name: string, flags: Flags): LogType {
  const { path, style, records, time } = flags;
  if (!path || !style || !time || (style !== 'time' && !records)) {
    const required = { path, style, ...(style !== 'time' && { records }), time };
    const missing = Object.entries(required).flatMap(([flag, value]) => (value ? [] : [`--${flag}`]));
    throw new TypeError(`${missing.join(', ')} must be given; see --help`);
  }
  if (style === 'time' && (records ?? flags.id) !== undefined) {
    throw new TypeError(
      'the style "time" takes neither --records nor --id: its whole answer is the array of records, which have no id',
    );
  }
  const defaults = defaultsOf(name, style);
  const { unit = defaults.unit, limit = defaults.limit, id = defaults.id } = flags;
  const logType = defineLogType({
    name,
    path,
    paging: { style, limit },
    ...(records !== undefined && { records }),
    time: { field: time, unit },
    ...(id !== undefined && { id }),
    ...(style === 'offset' && { overlapSeconds: 24 * 3600 }),
    schema: fields({}),
  });
  for (const [flag, value] of Object.entries({ records, time, id })) {
    if (value !== undefined && !/^[a-z]\w{0,63}$/i.test(value)) {
      throw new TypeError(`--${flag} "${value}" is not the plain name of a property, like items or event_id`);
    }
  }
  if (id === time) throw new TypeError(`--id and --time are both "${id}": records need an id of their own`);
  return logType;
}
