import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { findLog, findLogs } from '../src';

let services: string;
beforeEach(() => {
  services = mkdtempSync(join(tmpdir(), 'services-'));
});
afterEach(() => rmSync(services, { recursive: true }));

function write(path: string, text: string) {
  mkdirSync(join(services, path, '..'), { recursive: true });
  writeFileSync(join(services, path), text);
}

const logType = (name: string) =>
  `export const ${name} = { name: '${name}', path: '/admin/v2/logs/${name}', paging: { style: 'cursor', limit: 5 } };`;

test('every service with a log type and samples is found, in the order of their names', async () => {
  for (const name of ['window', 'door']) {
    write(`${name}/src/log-type.ts`, `${logType(name)}\nexport const other = 1;\n`);
    write(`${name}/samples/records.ndjson`, '{"a": 1}\n\n{"a": 2}\n');
  }
  write('storage/serverless.yml', '');
  write('roof/src/log-type.ts', logType('roof'));
  expect(await findLogs(services)).toMatchObject([
    { logType: { name: 'door' }, samples: ['{"a": 1}', '{"a": 2}'] },
    { logType: { name: 'window' }, samples: ['{"a": 1}', '{"a": 2}'] },
  ]);
});

test('one is found by its name, and who misspells it is told what there is', async () => {
  for (const name of ['window', 'door']) {
    write(`${name}/src/log-type.ts`, logType(name));
    write(`${name}/samples/records.ndjson`, '{"a": 1}\n');
  }
  expect(await findLog('window', services)).toMatchObject({ logType: { name: 'window' } });
  await expect(findLog('windows', services)).rejects.toThrow(
    'there is no log type "windows"; there are: door, window',
  );
});

test.each([
  ['no', 'export const other = 1;'],
  ['more than one', `${logType('door')}\n${logType('window')}`],
])('a module that exports %s log type is an error that names it', async (count, text) => {
  write('door/src/log-type.ts', text);
  write('door/samples/records.ndjson', '');
  await expect(findLogs(services)).rejects.toThrow(`door/src/log-type.ts exports ${count} log type`);
});

test('samples that do not have what the descriptor says are an error that names the file, the line and the field', async () => {
  const described = logType('door').replace(
    ' };',
    ", records: 'doors', time: { field: 'opened', unit: 'iso' }, id: 'key' };",
  );
  write('door/src/log-type.ts', described);
  write(
    'door/samples/records.ndjson',
    '{"opened": "2026-01-15T08:00:00Z", "key": "a"}\n{"closed": "2026-01-15T08:00:00Z", "key": "b"}\n',
  );
  await expect(findLogs(services)).rejects.toThrow(
    'door/samples/records.ndjson, line 2 has no "opened", which should be its time; its times are "closed" (iso)',
  );
});
