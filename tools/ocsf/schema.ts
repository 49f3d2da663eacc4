import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import * as z from 'zod/mini';
import { pythonEnvironment } from '../python';

/** The version of OCSF that the mappings keep to. */
export const ocsfVersion = '1.1.0';

const root = join(__dirname, '../..');
const attribute = z.object({
  caption: z.string(),
  type: z.string(),
  object_type: z.optional(z.nullable(z.string())),
  is_array: z.optional(z.nullable(z.boolean())),
  requirement: z.optional(z.nullable(z.string())),
  profile: z.optional(z.nullable(z.string())),
  sibling: z.optional(z.nullable(z.string())),
  enum: z.optional(z.nullable(z.record(z.string(), z.object({ caption: z.string() })))),
});
const constraints = z.optional(
  z.nullable(
    z.strictObject({
      at_least_one: z.optional(z.array(z.string())),
      just_one: z.optional(z.array(z.string())),
    }),
  ),
);
const definition = z.object({
  caption: z.string(),
  uid: z.optional(z.int()),
  attributes: z.record(z.string(), attribute),
  constraints,
});
const definitions = z.object({
  version: z.literal(ocsfVersion),
  classes: z.record(z.string(), definition),
  objects: z.record(z.string(), definition),
  types: z.record(
    z.string(),
    z.object({
      caption: z.string(),
      type: z.optional(z.nullable(z.string())),
      max_len: z.optional(z.nullable(z.int())),
      regex: z.optional(z.nullable(z.string())),
      observable: z.optional(z.nullable(z.int())),
    }),
  ),
});

/** What OCSF says of a class or an object. */
export type Definition = z.infer<typeof definition>;
/** What OCSF says of a field. */
export type Attribute = z.infer<typeof attribute>;
/** What OCSF says of its classes, objects and types. */
export type Definitions = z.infer<typeof definitions>;

/** The definitions of OCSF, from the package `ocsf-json-schema`. Throws if it cannot be had. */
export function readDefinitions(): Definitions {
  return definitions.parse(ask('definitions'));
}

/**
 * JSON Schemas as that package makes them, each of a class and the profiles that apply, written as `3002:host`, by what was
 * asked for.
 */
export function readJsonSchemas(asked: readonly string[]): Readonly<Record<string, object>> {
  return z.record(z.string(), z.looseObject({})).parse(ask('json-schemas', ...asked));
}

function ask(what: string, ...asked: readonly string[]): unknown {
  const python = pythonEnvironment(join(root, '.local'), 'ocsf-json-schema==1.2.0');
  const { status, stdout, stderr } = spawnSync(
    python,
    [join(__dirname, 'read_schema.py'), what, ocsfVersion, ...asked],
    { encoding: 'utf8', maxBuffer: 2 ** 28 },
  );
  if (status !== 0) throw new Error(`ocsf-json-schema says nothing of OCSF ${ocsfVersion}: ${stderr}`);
  return JSON.parse(stdout);
}
