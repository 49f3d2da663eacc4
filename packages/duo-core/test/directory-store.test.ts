import { type ChildProcess, spawn } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createDirectoryStore } from '../src/directory-store';
import { StoreError } from '../src/errors';

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'duo store '));
});
afterEach(() => rm(directory, { recursive: true }));

const bytes = (text: string) => Buffer.from(text);
const drafts = () => readdir(join(directory, '.drafts'));

describe('a directory', () => {
  test('gives back what was put, under its key, and says where it is', async () => {
    const store = createDirectoryStore(directory);
    expect(await store.get('logs/a/b.gz')).toBeUndefined();
    const put = await store.put('logs/a/b.gz', bytes('one'), 'absent');
    const got = await store.get('logs/a/b.gz');
    expect(put).toEqual({ kind: 'stored', etag: got?.etag });
    expect(await readFile(join(directory, 'logs/a/b.gz'), 'utf8')).toBe('one');
    expect(store.url).toMatch(/^file:\/\/\/.*duo%20store/);
  });

  test('creates an object once and never overwrites it', async () => {
    const store = createDirectoryStore(directory);
    await store.put('a', bytes('one'), 'absent');
    expect(await store.put('a', bytes('two'), 'absent')).toEqual({ kind: 'changed' });
    expect(await readFile(join(directory, 'a'), 'utf8')).toBe('one');
  });

  test('replaces only the version that is named', async () => {
    const store = createDirectoryStore(directory);
    expect(await store.put('a', bytes('one'), { etag: '"x"' })).toEqual({ kind: 'missing' });
    await store.put('a', bytes('one'), 'absent');
    const one = await store.get('a');
    expect(await store.put('a', bytes('two'), { etag: one?.etag ?? '' })).toMatchObject({ kind: 'stored' });
    expect(await store.put('a', bytes('three'), { etag: one?.etag ?? '' })).toEqual({ kind: 'changed' });
    expect(await readFile(join(directory, 'a'), 'utf8')).toBe('two');
  });

  test('leaves no draft behind, whatever a put came to', async () => {
    const store = createDirectoryStore(directory);
    await store.put('a', bytes('one'), 'absent');
    await store.put('a', bytes('two'), 'absent');
    await store.put('a', bytes('two'), { etag: '"x"' });
    expect(await drafts()).toEqual([]);
  });

  test('clears away what a writer that was killed has left, whoever has its process number now', async () => {
    const store = createDirectoryStore(directory);
    await store.put('a', bytes('one'), 'absent');
    const { etag = '' } = (await store.get('a')) ?? {};
    await writeFile(join(directory, '.drafts', 'a~left-behind'), 'half');
    await writeFile(join(directory, '.drafts', 'b~of-another-key'), 'half');
    expect(await store.put('a', bytes('two'), { etag })).toMatchObject({ kind: 'stored' });
    expect(await drafts()).toEqual(['b~of-another-key']);
  });

  test('lets at most one of many puts on the same version through, and says conflict or changed to the others', async () => {
    const store = createDirectoryStore(directory);
    await store.put('a', bytes('0'), 'absent');
    for (let round = 0; round < 20; round++) {
      const { etag = '' } = (await store.get('a')) ?? {};
      const puts = Array.from({ length: 5 }, (_, n) => store.put('a', bytes(`${round}-${n}`), { etag }));
      const kinds = (await Promise.all(puts)).map(({ kind }) => kind);
      expect(kinds.filter((kind) => kind === 'stored').length).toBeLessThanOrEqual(1);
      expect(kinds.every((kind) => ['stored', 'conflict', 'changed'].includes(kind))).toBe(true);
    }
  });

  test('that cannot be written says which, and what STORE_URL needs', async () => {
    await writeFile(join(directory, 'logs'), 'a file where a directory has to be');
    const store = createDirectoryStore(directory);
    await expect(store.put('logs/a', bytes('one'), 'absent')).rejects.toThrow(StoreError);
    await mkdir(join(directory, 'state', 'a.json'), { recursive: true });
    await expect(store.get('state/a.json')).rejects.toThrow(
      /state\/a\.json: .*STORE_URL must name a directory/,
    );
  });
});

describe('several processes that count in one object', () => {
  const script = join(__dirname, 'support', 'counting-process.ts');

  function count(times: number): { child: ChildProcess; done: Promise<number[]> } {
    const child = spawn(process.execPath, ['--import', 'tsx', script, directory, String(times)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let output = '';
    child.stdout?.on('data', (chunk) => {
      output += chunk;
    });
    const done = new Promise<number[]>((resolve) =>
      child.on('close', () => resolve(output.split('\n').slice(0, -1).map(Number))),
    );
    return { child, done };
  }

  test('never win the same put twice, also when some of them are killed', async () => {
    const finishing = [count(60), count(60)];
    const killed = [count(100_000), count(100_000)];
    const confirmed = (await Promise.all(finishing.map(({ done }) => done))).flat();
    for (const { child } of killed) child.kill('SIGKILL');
    const others = (await Promise.all(killed.map(({ done }) => done))).flat();

    const all = [...confirmed, ...others];
    expect(new Set(all).size).toBe(all.length);
    expect(confirmed).toHaveLength(120);
    const text = await readFile(join(directory, 'state/count'), 'utf8');
    expect(text).toHaveLength(100_000);
    // A killed process may have counted once more than it could say.
    expect(Number(text) - all.length).toBeGreaterThanOrEqual(0);
    expect(Number(text) - all.length).toBeLessThanOrEqual(killed.length);
    const next = await count(1).done;
    expect(next).toEqual([Number(text) + 1]);
    expect(await drafts()).toEqual([]);
  }, 60_000);
});
