import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { openFolder } from '../src/store/folder';
import { openStore } from '../src/store/open-store';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'duo-unreadable-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

const keysBelow = async (prefix: string) => {
  const keys: string[] = [];
  const store = openStore({ url: pathToFileURL(directory).href, kmsKeyArn: undefined }, {});
  for await (const { key } of store.list(prefix)) keys.push(key);
  return keys;
};

test('a folder that is not there holds no objects; one that cannot be read is an error, not empty', async () => {
  expect(await keysBelow('logs/visits/')).toEqual([]);
  writeFileSync(join(directory, 'logs'), 'not a folder');
  await expect(keysBelow('logs/visits/')).rejects.toThrow('ENOTDIR');
});

test('a file that is not there is undefined; one that cannot be read is an error, not missing', async () => {
  const folder = openFolder(directory, {});
  expect(await folder.read('state.json')).toBeUndefined();
  mkdirSync(join(directory, 'state.json'));
  await expect(folder.read('state.json')).rejects.toThrow('cannot be read: EISDIR. Nothing was written.');
});
