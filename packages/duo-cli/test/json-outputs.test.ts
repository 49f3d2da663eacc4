import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { schemaFile, schemaFiles } from '../schemas';
import { jsonOutputs, linesOfJson } from '../src/json/outputs';
import { ajv, holdToSchema, schemaFolder, validatorOf } from './support/json-schema';
import { commandsIn, silentProgram } from './support/program';

const withJson = commandsIn(silentProgram())
  .filter(([, { options }]) => options.some(({ long }) => long === '--json'))
  .map(([name]) => name);
const read = (file: string): string => readFileSync(`${schemaFolder}/${file}`, 'utf8');

test('each command that has --json says what it prints with it', () => {
  expect(withJson.length).toBeGreaterThan(10);
  expect(Object.keys(jsonOutputs).toSorted()).toEqual(withJson.toSorted());
});

test('docs/json has the schemas of these and no others, as `npx pnpm schemas` writes them', () => {
  const files = readdirSync(schemaFolder).filter((name) => name !== 'README.md');
  const there = files.map((file) => [file, JSON.parse(read(file))]);
  const made = [...schemaFiles()].map(([file, text]) => [file, JSON.parse(text)]);
  expect(Object.fromEntries(there)).toEqual(Object.fromEntries(made));
});

describe.each(Object.keys(jsonOutputs))('the schema of %s', (command) => {
  const schema = JSON.parse(read(schemaFile(command)));

  test('is one of JSON Schema 2020-12, and says what each field is', () => {
    expect(schema.$schema).toBe('https://json-schema.org/draft/2020-12/schema');
    expect([ajv.validateSchema(schema), ajv.errors]).toEqual([true, null]);
    expect(fieldsWithoutWords(schema)).toEqual([]);
  });

  test('is kept by the example in docs/json/README.md, and not by one with another field', () => {
    const validate = validatorOf(command);
    const [, text = ''] =
      new RegExp(`\n## ${command}\n[^]*?\n\`\`\`json\n([^]*?)\`\`\``).exec(read('README.md')) ?? [];
    const example = JSON.parse(text);
    expect([validate(example), validate.errors]).toEqual([true, null]);
    const [one] = [example].flat();
    const other = { ...one, another: 1 };
    const whoseIsIt = linesOfJson.includes(command) ? 'somebody else' : 'this command';
    expect([whoseIsIt, validate(Array.isArray(example) ? [other] : other)]).toEqual([
      whoseIsIt,
      whoseIsIt === 'somebody else',
    ]);
  });
});

test.each([
  ['status --json', 0, '[{}]\n', "data/0 must have required property 'logType'"],
  ['status --json', 0, '', 'has printed nothing'],
  ['status --json', 0, '[]\n[]\n', 'JSON'],
  ['statuses --json', 0, '[]\n', 'docs/json has no schema of'],
  ['udm telephony', 1, '{"metadata":{}}\n', "must have required property 'eventType'"],
  ['checkpoint show telephony --raw', 0, '{}', "must have required property 'live'"],
] as const)('an output that does not keep to its schema fails its test: %s', (typed, exitCode, out, said) => {
  expect(() => holdToSchema(typed.split(' '), exitCode, out)).toThrow(said);
});

/** The paths of what is named in a schema without a word about it. What an object or a list is, its own fields say. */
function fieldsWithoutWords(schema: unknown, path = ''): string[] {
  if (typeof schema !== 'object' || schema === null) return [];
  const named = Object.entries('properties' in schema ? Object(schema.properties) : {});
  const silent = named.filter(([, field]) => {
    const { description, type, anyOf, oneOf, const: only } = Object(field);
    return description === undefined && only === undefined && type !== 'object' && !anyOf && !oneOf;
  });
  return [
    ...silent.map(([name]) => `${path}/${name}`),
    ...Object.entries(schema).flatMap(([key, one]) => fieldsWithoutWords(one, `${path}/${key}`)),
  ];
}
