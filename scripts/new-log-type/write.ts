import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { LogType } from 'duo-core';
import { composeFile, withEntry } from './compose';
import { type Example, refuseContradiction } from './example';
import { filesOf, wordsOf } from './files';
import { refuseTaken } from './taken';

/** The service whose files are copied where they differ by the name only. */
const model = 'telephony';
const copied = ['package.json', 'serverless.yml', 'events/scheduled.json'];

/**
 * Writes a service for a new log type and its compose entry below `root`, and returns the paths of what it wrote. Its samples
 * are those of the example, if there is one. Throws a `TypeError` before anything is written if the name or the path is
 * taken, or if the example is of another log.
 */
export function newLogType(logType: LogType, root: string, example: Example | null = null): string[] {
  refuseTaken(logType, root);
  if (example !== null) refuseContradiction(example, logType);
  const { name } = logType;
  const read = (file: string) => readFileSync(join(root, file), 'utf8');
  const rename = (text: string) =>
    text.replaceAll(`${model} log`, `${wordsOf(name)} log`).replaceAll(model, name);
  const service = {
    ...Object.fromEntries(copied.map((file) => [file, rename(read(join('services', model, file)))])),
    ...filesOf(logType, example),
  };
  const files = [
    ...Object.entries(service).map(([file, text]) => ({ path: `services/${name}/${file}`, text })),
    { path: composeFile, text: withEntry(read(composeFile), name) },
  ];
  for (const { path, text } of files) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  return files.map(({ path }) => path);
}
