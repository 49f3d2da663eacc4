import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { findLogs } from 'duo-simulator';

const root = join(__dirname, '..');
const services = join(root, 'services');

/** The services that collect a log: all but the storage, which has no handler. */
const logTypes = readdirSync(services).filter((name) => existsSync(join(services, name, 'src')));

function sourceFiles(folder: string): string[] {
  return readdirSync(folder)
    .filter((name) => name !== 'node_modules')
    .map((name) => join(folder, name))
    .flatMap((path) => (statSync(path).isDirectory() ? sourceFiles(path) : [path]));
}

test('there are log types to check', () => {
  expect(logTypes).toContain('telephony');
});

describe('packages', () => {
  const sources = sourceFiles(join(root, 'packages')).filter(
    (path) => !/\/test\/|\.md$/.test(path) && statSync(path).isFile(),
  );

  test.each(logTypes)('know no log type by name: %s stands only in tests and docs', (name) => {
    expect(sources.length).toBeGreaterThan(20);
    const naming = sources.filter((path) => readFileSync(path, 'utf8').toLowerCase().includes(name));
    expect(naming.map((path) => relative(root, path))).toEqual([]);
  });
});

describe.each(logTypes)('services/%s', (name) => {
  const folder = join(services, name);

  test.each([
    'serverless.yml',
    'package.json',
    'src/log-type.ts',
    'src/handler.ts',
    'samples/records.ndjson',
    'events/scheduled.json',
  ])('has its %s', (file) => {
    expect(existsSync(join(folder, file))).toBe(true);
  });

  test('is a log type of that name, with samples that fit its schema and are invented', async () => {
    const found = (await findLogs(services)).find(({ logType }) => logType.name === name);
    expect(found?.samples.length).toBeGreaterThan(1);
    for (const sample of found?.samples ?? []) {
      expect(found?.logType.schema.safeParse(JSON.parse(sample))).toMatchObject({ success: true });
      for (const phone of sample.match(/\+\d{7,}/g) ?? []) expect(phone).toMatch(/^\+155555501\d\d$/);
    }
  });

  test('is deployed under its own name, beside the others', () => {
    const read = (file: string) => readFileSync(join(folder, file), 'utf8');
    expect(JSON.parse(read('package.json')).name).toBe(`duo-${name}`);
    expect(read('serverless.yml')).toMatch(new RegExp(`^service: duo-${name}$`, 'm'));
    expect(read('serverless.yml')).toMatch(new RegExp(`^  logType: ${name}$`, 'm'));

    const compose = readFileSync(join(root, 'serverless-compose.yml'), 'utf8');
    expect(compose).toContain(`  ${name}:\n    path: services/${name}\n    dependsOn: storage\n`);
  });
});
