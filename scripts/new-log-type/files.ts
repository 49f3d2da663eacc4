import type { LogType } from 'duo-core';
import { generate } from 'duo-simulator';
import * as z from 'zod/mini';
import { type Example, inMs } from './example';

/** The texts that are particular to a log type, by their paths in its folder; formatted as `pnpm format` would. */
export function filesOf(logType: LogType, example: Example | null): Record<string, string> {
  const { name } = logType;
  const identifier = identifierOf(name);
  const samples = samplesOf(logType, example);
  return {
    'src/log-type.ts': descriptorText(logType),
    'src/handler.ts': `import { createHandler, createReconcileHandler } from 'duo-core';
import { ${identifier} } from './log-type';

/** Collects the ${wordsOf(name)} log: AWS Lambda calls this on schedule, \`sls invoke local\` by hand. */
export const collect = createHandler(${identifier});

/** Reconciles the days of the ${wordsOf(name)} log with Duo: AWS Lambda calls this on a schedule of its own. */
export const reconcile = createReconcileHandler(${identifier});
`,
    'src/ocsf.ts': `import { mapping } from 'duo-ocsf';
import { ${identifier} } from './log-type';

/** One record as an OCSF event. To be completed: the class that fits the log, by its \`class_uid\`; docs/ocsf.md says how. */
export const toOcsf = mapping(${identifier}, () => ({
  class_uid: 0,
  activity_id: 99,
}));
`,
    'test/ocsf.test.ts': `import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { toOcsf } from '../src/ocsf';

const samples = readFileSync(join(__dirname, '../samples/records.ndjson'), 'utf8').trimEnd().split('\\n');

test.each(samples)('sample %# is a base event, with a time and its own text', (record) => {
  const { event, problems } = toOcsf(record);
  expect(problems).toEqual([]);
  expect(event.metadata.log_name).toBe('${name}');
  expect([event.class_uid, event.raw_data]).toEqual([0, record]);
  expect(event.time).toBeGreaterThan(0);
});
`,
    [`test/${name}.test.ts`]: `import { join } from 'node:path';
import { contractSuite } from 'duo-contract';
import { ${identifier} } from '../src/log-type';

contractSuite(${identifier}, join(__dirname, '..'));
`,
    'samples/records.ndjson': samples.map((record) => `${record}\n`).join(''),
    'samples/response.json': `${JSON.stringify(example?.answer ?? answerOf(samples, logType), null, 2)}\n`,
  };
}

/** Those of the example, if they are enough to be told apart; otherwise copies of it, or invented ones. */
function samplesOf(logType: LogType, example: Example | null): string[] {
  const shown = example?.records.map((record) => JSON.stringify(record)) ?? invented;
  if (shown !== invented && shown.length > 1) return shown;
  return generate({
    logType,
    samples: shown,
    count: 3,
    from: Date.parse('2026-01-15T08:00:00Z'),
    to: Date.parse('2026-01-15T12:00:00Z'),
    seed: 1,
  });
}

const invented = ['{"example": "first"}', '{"example": "second"}', '{"example": "third"}'];

/** A whole answer with these records, as Duo gives them in this style. */
function answerOf(samples: readonly string[], { paging, records = '', time, id = '' }: LogType): unknown {
  const list = samples.map((sample) => z.record(z.string(), z.unknown()).parse(JSON.parse(sample)));
  if (paging.style === 'time') return { stat: 'OK', response: list };
  const last = list.at(-1);
  const next_offset =
    paging.style === 'offset' ? list.length : `${inMs(last?.[time.field], time.unit)},${last?.[id]}`;
  return {
    stat: 'OK',
    response: { [records]: list, metadata: { next_offset, total_objects: list.length } },
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
