import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020';
import addFormats from 'ajv-formats';
import { schemaFile } from '../../schemas';
import { jsonOutputs, linesOfJson } from '../../src/json/outputs';

/** Where the schemas are. */
export const schemaFolder = join(__dirname, '../../../../docs/json');

/** Knows JSON Schema by itself, and nothing of what the schemas are made with. */
export const ajv = new Ajv2020({ allErrors: true, allowUnionTypes: true });
addFormats.default(ajv);

const compiled = new Map<string, ValidateFunction>();

/** The schema of a command, as docs/json has it. */
export function validatorOf(command: string): ValidateFunction {
  const known = compiled.get(command);
  if (known !== undefined) return known;
  const validate = ajv.compile(JSON.parse(readFileSync(join(schemaFolder, schemaFile(command)), 'utf8')));
  compiled.set(command, validate);
  return validate;
}

/**
 * Throws if a command that was asked for JSON has printed anything else, or what its schema in docs/json does not allow. One that
 * failed may have printed nothing.
 */
export function holdToSchema(args: readonly string[], exitCode: number, out: string): void {
  if (args.includes('--help')) return;
  const typed = args.filter((arg) => !arg.startsWith('--')).join(' ');
  const command = Object.keys(jsonOutputs).find((name) => `${typed} `.startsWith(`${name} `));
  if (command === 'query' && !args.includes('--json')) return;
  const isOfLines = linesOfJson.includes(command ?? '');
  if (!args.includes('--json') && !args.includes('--raw') && !printsNothingElse.includes(command ?? ''))
    return;
  if (command === undefined) {
    if (exitCode === 0) throw new Error(`docs/json has no schema of ${args.join(' ')}`);
    return;
  }
  const values = isOfLines || args.includes('--watch') ? linesIn(out) : out === '' ? [] : [out];
  if (exitCode === 0 && !isOfLines && values.length === 0)
    throw new Error(`${args.join(' ')} has printed nothing`);
  for (const text of values) {
    const validate = validatorOf(command);
    if (!validate(JSON.parse(text)))
      throw new Error(`${args.join(' ')}: ${ajv.errorsText(validate.errors)} in ${text}`);
  }
}

/** Commands whose output is JSON without being asked for it. */
const printsNothingElse = ['ocsf', 'tail', 'udm'];

function linesIn(out: string): string[] {
  return out.split('\n').filter((line) => line !== '');
}
