import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { logTypes } from './support/log-types';

const root = join(__dirname, '..');
const services = join(root, 'services');

const compose = readFileSync(join(root, 'serverless-compose.yml'), 'utf8');

/** The log types that the compose file says it leaves out. */
const notByDefault = /^# Not deployed with the others.*: (.*)\.$/m.exec(compose)?.[1]?.split(', ') ?? [];

function sourceFiles(folder: string): string[] {
  return readdirSync(folder)
    .filter((name) => name !== 'node_modules' && name !== 'dist')
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
    // As a text or a path; many names are also words of the language.
    const named = new RegExp(`(['"\`])${name}\\1|[/#]${name}\\b`, 'i');
    const naming = sources.filter((path) => named.test(readFileSync(path, 'utf8')));
    expect(naming.map((path) => relative(root, path))).toEqual([]);
  });
});

describe.each(logTypes)('services/%s', (name) => {
  test('passes the contract suite of log types', () => {
    const tests = sourceFiles(join(services, name)).filter((path) => path.endsWith('.test.ts'));
    const suites = tests.map((path) => readFileSync(path, 'utf8')).join('\n');
    expect(suites.match(/^contractSuite\(/gm) ?? `no contractSuite(…) in services/${name}/test`).toHaveLength(
      1,
    );
  });

  test('is deployed with the others, after the storage', () => {
    const entry = `  ${name}:\n    path: services/${name}\n    dependsOn: storage\n`;
    expect(compose.includes(entry)).toBe(!notByDefault.includes(name));
  });
});

test('a deployment is of the storage, of the starter of accounts, of the lake and of log types that exist', () => {
  const names = [...compose.matchAll(/^ {2}([\w-]+):$/gm)].map(([, name]) => name);
  expect(names.sort()).toEqual(
    ['accounts', 'lake', 'storage', ...logTypes.filter((name) => !notByDefault.includes(name))].sort(),
  );
});

describe("docs/a-records-day.md leads through the core's files", () => {
  const page = readFileSync(join(root, 'docs', 'a-records-day.md'), 'utf8');
  const core = join(root, 'packages', 'duo-core', 'src');
  const named = new Set([...page.matchAll(/`([\w/-]+\.ts)`/g)].map(([, name = '']) => name));

  test('and each of those that it names is there', () => {
    const files = sourceFiles(core).map((path) => relative(core, path));
    expect(named.size).toBeGreaterThan(20);
    expect([...named].filter((name) => !files.includes(name) && name !== 'test/borders.test.ts')).toEqual([]);
  });

  test('and so does its drawing', () => {
    const edges = [...page.matchAll(/^ {2}([\w-]+)\S*.* --> ([\w-]+)/gm)];
    const outside = ['schedule', 'Duo', 'bucket', 'SIEM'];
    const drawn = edges.flatMap(([, ...ends]) => ends).filter((name) => !outside.includes(name));
    const files = sourceFiles(core).map((path) => path.replace(/^.*\//, ''));
    expect(edges.length).toBeGreaterThan(15);
    expect(drawn.filter((name) => !files.includes(`${name}.ts`))).toEqual([]);
  });
});

describe('a decision', () => {
  const folder = join(root, 'docs', 'decisions');

  test.each(readdirSync(folder))('%s says when it was made and whether it holds, under its title', (name) => {
    const lines = readFileSync(join(folder, name), 'utf8').split('\n');
    expect(lines[0]).toMatch(new RegExp(`^# ${Number(name.slice(0, 4))}\\. `));
    expect(lines[2]).toMatch(/^\d{4}-\d\d-\d\d, (accepted|superseded by \d{4})\.$/);
  });
});
