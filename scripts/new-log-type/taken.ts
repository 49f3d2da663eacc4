import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Script } from 'node:vm';
import type { LogType } from 'duo-core';
import { composeFile, composeNames } from './compose';
import { identifierOf } from './files';

/** AWS allows 64 characters for a function's name, which has the stage in it as well. */
const longestName = 40;

/** Throws a `TypeError` that says why a log type of this name and path cannot be added below `root`. */
export function refuseTaken({ name, path }: LogType, root: string): void {
  const services = readdirSync(join(root, 'services'));
  if (services.some((folder) => folder.toLowerCase() === name)) {
    throw new TypeError(`services/${name} exists already: choose another name`);
  }
  if (composeNames(readFileSync(join(root, composeFile), 'utf8')).includes(name)) {
    throw new TypeError(`${composeFile} has an entry ${name} already: choose another name`);
  }
  const reader = services.find((folder) => {
    const descriptor = join(root, 'services', folder, 'src', 'log-type.ts');
    return existsSync(descriptor) && readFileSync(descriptor, 'utf8').includes(`'${path}'`);
  });
  if (reader !== undefined) throw new TypeError(`services/${reader} reads ${path} already`);
  if (name.length > longestName) {
    throw new TypeError(`the name "${name}" is too long: AWS leaves room for ${longestName} letters`);
  }
  if (!canBeDeclared(identifierOf(name)) || isInPackages(name, root)) {
    throw new TypeError(`"${name}" is already used by TypeScript or in packages/: choose a longer name`);
  }
}

/** Whether the written files can have a constant of this name beside what they import. */
function canBeDeclared(identifier: string): boolean {
  try {
    new Script(
      `'use strict'; const z = 0, join = 0, collect = 0, reconcile = 0, createHandler = 0, createReconcileHandler = 0, defineLogType = 0, fields = 0, contractSuite = 0, mapping = 0, toOcsf = 0, readFileSync = 0, samples = 0, test = 0, expect = 0, ${identifier} = 0`,
    );
    return true;
  } catch {
    return false;
  }
}

/** Whether `test/layout.test.ts` would think that a package knows this log by name. */
function isInPackages(name: string, root: string): boolean {
  const named = new RegExp(`(['"\`])${name}\\1|[/#]${name}\\b`, 'i');
  return readdirSync(join(root, 'packages')).some((folder) =>
    readdirSync(join(root, 'packages', folder, 'src'), { recursive: true, withFileTypes: true }).some(
      (entry) => entry.isFile() && named.test(readFileSync(join(entry.parentPath, entry.name), 'utf8')),
    ),
  );
}
