import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, test } from '@jest/globals';

/*
 * Who may import whom. docs/decisions and CONTRIBUTING.md say why; this holds it.
 */

const root = join(__dirname, '..');
const core = 'packages/duo-core/src';

/** Every source file that is shipped or that others stand on, by its path from the root, and what it imports. */
const sources = new Map(
  ['packages', 'services'].flatMap((kind) =>
    readdirSync(join(root, kind)).flatMap((name) =>
      filesBelow(join(root, kind, name, 'src')).map((file): [string, string[]] => [
        relative(root, file),
        importsOf(file),
      ]),
    ),
  ),
);

function filesBelow(folder: string): string[] {
  try {
    return readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      .map((name) => join(folder, name));
  } catch {
    return []; // a service without functions
  }
}

/** Paths from the root, or the names of packages. Types count: who names a thing knows it. */
function importsOf(file: string): string[] {
  const texts = [...readFileSync(file, 'utf8').matchAll(/(?:from|import\()\s*'([^']+)'/g)].map(
    ([, to = '']) => to,
  );
  return texts.map((to) => (to.startsWith('.') ? `${relative(root, resolve(dirname(file), to))}.ts` : to));
}

function importsWhere(from: (path: string) => boolean, to: (path: string) => boolean): string[] {
  return [...sources]
    .filter(([path]) => from(path))
    .flatMap(([path, imports]) => imports.filter(to).map((one) => `${path} imports ${one}`));
}

const below = (folder: string) => (path: string) => path.startsWith(`${folder}/`);
const testTool = /^(jest|@jest\/|fast-check)/;
const ours = /^(duo-(?!core)[a-z]+|duo-logs)(\/|$)/;

test('there is something to look at', () => {
  expect(sources.size).toBeGreaterThan(150);
  expect(sources.get(`${core}/delivery/collect.ts`)).toContain(`${core}/duo/pages.ts`);
});

test('no files import each other in a ring', () => {
  const done = new Set<string>();
  const rings: string[] = [];
  const visit = (path: string, way: readonly string[]): void => {
    const at = way.indexOf(path);
    if (at >= 0) rings.push([...way.slice(at), path].join(' -> '));
    if (at >= 0 || done.has(path)) return;
    for (const next of sources.get(path) ?? []) visit(next, [...way, path]);
    done.add(path);
  };
  for (const path of sources.keys()) visit(path, []);
  expect(rings).toEqual([]);
});

describe('in the core', () => {
  const rooms = { duo: ['duo'], store: ['store'], delivery: ['duo', 'store', 'delivery'] };

  test.each(Object.entries(rooms))('%s stands on nothing but %j', (room, on) => {
    const elsewhere = ['duo', 'store', 'delivery', 'run'].filter((one) => !on.includes(one));
    expect(
      importsWhere(below(`${core}/${room}`), (to) => elsewhere.some((one) => below(`${core}/${one}`)(to))),
    ).toEqual([]);
  });

  test('what everything stands on stands on no room', () => {
    const isBase = (path: string) => dirname(path) === core && path !== `${core}/index.ts`;
    expect(importsWhere(isBase, (to) => to.startsWith(core) && !isBase(to))).toEqual([]);
  });

  test('no package of ours is imported', () => {
    expect(importsWhere(below(core), (to) => ours.test(to) || to === 'duo-core')).toEqual([]);
  });
});

test.each([
  ['duo-simulator', []],
  ['duo-udm', []],
  ['duo-ocsf', []],
  ['duo-lake', []],
  ['duo-contract', ['duo-simulator']],
])('%s imports of our packages the core and %j only', (name, others) => {
  const isForeign = (to: string) => ours.test(to) && !others.includes(to);
  expect(importsWhere(below(`packages/${name}/src`), isForeign)).toEqual([]);
});

test.each([
  ['records', ['pages', 'server', 'cli']],
  ['pages', ['server', 'cli']],
  ['server', ['cli']],
])("of the simulator's rooms, %s stands on none of %j", (room, above) => {
  const src = 'packages/duo-simulator/src';
  const isAbove = (to: string) => above.some((one) => below(`${src}/${one}`)(to));
  expect(importsWhere(below(`${src}/${room}`), isAbove)).toEqual([]);
});

test('the simulator needs no test runner', () => {
  expect(importsWhere(below('packages/duo-simulator/src'), (to) => testTool.test(to))).toEqual([]);
});

test('no family of commands imports another one', () => {
  const familyOf = (path: string) => /^packages\/duo-cli\/src\/commands\/([^/]+)\//.exec(path)?.[1];
  const isCommand = (path: string) => familyOf(path) !== undefined;
  const others = importsWhere(isCommand, isCommand).filter((one) => {
    const [from = '', to = ''] = one.split(' imports ');
    return familyOf(from) !== familyOf(to);
  });
  expect(others).toEqual([]);
});

test('no service imports another one', () => {
  const serviceOf = (path: string) => /^services\/([^/]+)\//.exec(path)?.[1];
  const others = [...sources].flatMap(([path, imports]) =>
    imports
      .filter(
        (to) =>
          serviceOf(path) !== undefined && serviceOf(to) !== undefined && serviceOf(to) !== serviceOf(path),
      )
      .map((to) => `${path} imports ${to}`),
  );
  expect(others).toEqual([]);
});

test('what is shipped imports no simulator and no test tool', () => {
  const isShipped = (path: string) =>
    [core, ...['cli', 'lake', 'ocsf', 'udm'].map((name) => `packages/duo-${name}/src`), 'services'].some(
      (folder) => below(folder)(path),
    );
  expect(importsWhere(isShipped, (to) => /^duo-(simulator|contract)/.test(to) || testTool.test(to))).toEqual(
    [],
  );
});
