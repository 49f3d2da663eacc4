import type { LogType } from 'duo-core';
import { generate } from 'duo-simulator';

/** The texts that are particular to a log type, by their paths in its folder; formatted as `pnpm format` would. */
export function filesOf(logType: LogType): Record<string, string> {
  const { name } = logType;
  const identifier = identifierOf(name);
  return {
    'src/log-type.ts': descriptorText(logType),
    'src/handler.ts': `import { createHandler } from 'duo-core';
import { ${identifier} } from './log-type';

/** Collects the ${wordsOf(name)} log: AWS Lambda calls this on schedule, \`sls invoke local\` by hand. */
export const handler = createHandler(${identifier});
`,
    [`test/${name}.test.ts`]: `import { join } from 'node:path';
import { contractSuite } from 'duo-simulator/contract';
import { ${identifier} } from '../src/log-type';

contractSuite(${identifier}, join(__dirname, '..'));
`,
    'samples/records.ndjson': generate({
      logType,
      samples: ['{"example": "first"}', '{"example": "second"}', '{"example": "third"}'],
      count: 3,
      from: Date.parse('2026-01-15T08:00:00Z'),
      to: Date.parse('2026-01-15T12:00:00Z'),
      seed: 1,
    })
      .map((record) => `${record}\n`)
      .join(''),
  };
}

/** The name as prose has it: `trust monitor`. */
export function wordsOf(name: string): string {
  return name.replaceAll('-', ' ');
}

/** The name as TypeScript has it: `trustMonitor`. */
export function identifierOf(name: string): string {
  return name.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase());
}

function descriptorText({ name, path, paging, records, time, id, overlapSeconds }: LogType): string {
  const properties = [
    ...(id === undefined ? [] : [`${id}: z.string()`]),
    `${time.field}: ${time.unit === 'iso' ? 'z.string()' : 'z.int()'}`,
  ];
  const lines = [
    `name: '${name}'`,
    `path: '${path}'`,
    `paging: { style: '${paging.style}', limit: ${paging.limit} }`,
    ...(records === undefined ? [] : [`records: '${records}'`]),
    `time: { field: '${time.field}', unit: '${time.unit}' }`,
    ...(id === undefined ? [] : [`id: '${id}'`]),
    ...(overlapSeconds === undefined ? [] : [`overlapSeconds: ${overlapSeconds / 3600} * 3600`]),
    `schema: fields({\n${properties
      .sort()
      .map((field) => `    ${field},\n`)
      .join('')}  })`,
  ];
  return `import { defineLogType, fields } from 'duo-core';
import * as z from 'zod/mini';

/** Duo's ${wordsOf(name)} log, \`${path}\`. To be completed: what it tells, and the link to Duo's page of it. */
export const ${identifierOf(name)} = defineLogType({
${lines.map((line) => `  ${line},\n`).join('')}});
`;
}
