import { type ChildProcess, spawn } from 'node:child_process';
import files, {
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  stat,
  symlink,
  truncate,
  writeFile,
} from 'node:fs/promises';
import { constants, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { StoreError } from '../src/errors';
import { mostRead } from '../src/limits';
import { createDirectoryStore } from '../src/store/directory-store';

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

  test('does not read what is larger than anybody stores, and names it', async () => {
    const store = createDirectoryStore(directory);
    await store.put('state/a.json', bytes('{}'), 'absent');
    // A file of nothing but holes.
    await truncate(join(directory, 'state/a.json'), mostRead + 1);
    const problem = `${join(directory, 'state/a.json')}: it has 268435457 bytes, and no collector stores more than 268435456`;
    await expect(store.get('state/a.json')).rejects.toThrow(problem);
    await expect(store.put('state/a.json', bytes('{}'), { etag: '"1"' })).rejects.toThrow(problem);
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

  test('is made where it is not there, and of all that is made this user alone reads anything', async () => {
    const umask = process.umask(0);
    try {
      await createDirectoryStore(join(directory, 'new', 'store')).put('logs/a/b.gz', bytes('one'), 'absent');
    } finally {
      process.umask(umask);
    }
    const modes = Object.fromEntries(
      await Promise.all(
        (await readdir(directory, { recursive: true })).map(async (name) => [
          name,
          ((await stat(join(directory, name))).mode & 0o777).toString(8),
        ]),
      ),
    );
    expect(modes).toEqual({
      new: '700',
      'new/store': '700',
      'new/store/.drafts': '700',
      'new/store/logs': '700',
      'new/store/logs/a': '700',
      'new/store/logs/a/b.gz': '600',
    });
  });

  test('that others may read stays as it is', async () => {
    await files.chmod(directory, 0o755);
    await createDirectoryStore(directory).put('a', bytes('one'), 'absent');
    expect((await stat(directory)).mode & 0o777).toBe(0o755);
  });

  test('below a link that leads nowhere cannot be made, which ends', async () => {
    await symlink(join(directory, 'nowhere'), join(directory, 'link'));
    await expect(
      createDirectoryStore(join(directory, 'link', 'x')).put('a', bytes('one'), 'absent'),
    ).rejects.toThrow(
      /^\S.*a: ENOENT: .*; the store cannot create anything there: let STORE_URL name another directory$/,
    );
  });

  test('that is a file says so, whatever is asked of it', async () => {
    const file = join(directory, 'file');
    await writeFile(file, 'not a directory');
    for (const root of [file, join(file, 'store')]) {
      const store = createDirectoryStore(root);
      for (const fail of [() => store.put('a', bytes('one'), 'absent'), () => store.get('a')]) {
        const error = await fail().catch((thrown: unknown) => thrown);
        expect(error).toBeInstanceOf(StoreError);
        expect(String(error)).toMatch(
          /a: ENOTDIR: .*; there is a file where the store needs a directory: let STORE_URL/,
        );
      }
    }
  });

  test('that has a directory where an object has to be says so', async () => {
    await mkdir(join(directory, 'state', 'a.json'), { recursive: true });
    await expect(createDirectoryStore(directory).get('state/a.json')).rejects.toThrow(
      /state\/a\.json: EISDIR: .*; there is a directory where the store needs a file: let STORE_URL/,
    );
  });
});

describe('a file system', () => {
  // It is the other side, and answers here as those do that no test machine has.
  afterEach(() => void jest.restoreAllMocks());

  const refusal = (code: string, syscall: string) =>
    Object.assign(new Error(`${code}: refused, ${syscall}`), { code, syscall });

  /** What is synced from now on, and with what a sync of a directory is refused, if it is. */
  function watchSyncs(refused: { open?: string; fsync?: string } = {}): string[] {
    const synced: string[] = [];
    const { open } = files;
    jest.spyOn(files, 'open').mockImplementation(async (path, flags, mode) => {
      const isDirectory = flags === 'r';
      if (isDirectory && refused.open !== undefined) throw refusal(refused.open, 'open');
      const file = await open(path, flags, mode);
      const sync = () => {
        if (isDirectory && refused.fsync !== undefined)
          return Promise.reject(refusal(refused.fsync, 'fsync'));
        synced.push(String(path).slice(directory.length));
        return Promise.resolve();
      };
      return Object.assign(file, { sync });
    });
    return synced;
  }

  test('is asked to keep each new name, from the outside in', async () => {
    const synced = watchSyncs();
    const store = createDirectoryStore(join(directory, 'store'));
    await store.put('logs/a/b.gz', bytes('one'), 'absent');
    const draft = expect.stringMatching(/^\/store\/\.drafts\/./);
    expect(synced).toEqual(['', '/store', '/store', '/store/logs', draft, '/store/logs/a']);
    synced.length = 0;
    await store.put('logs/a/c.gz', bytes('two'), 'absent');
    expect(synced).toEqual([draft, '/store/logs/a']);
  });

  test.each(['open', 'fsync'] as const)(
    'that keeps names in order by itself may refuse to sync a directory (%s)',
    async (call) => {
      for (const code of ['EPERM', 'EISDIR', 'EINVAL']) {
        watchSyncs({ [call]: code });
        const store = createDirectoryStore(join(directory, code));
        expect(await store.put('logs/a', bytes('one'), 'absent')).toMatchObject({ kind: 'stored' });
        jest.restoreAllMocks();
      }
    },
  );

  test.each(['EIO', 'ENOSPC', 'EACCES', 'ENOTSUP'])('that answers %s to it has failed', async (code) => {
    watchSyncs({ fsync: code });
    const failed = createDirectoryStore(directory).put('a', bytes('one'), 'absent');
    await expect(failed).rejects.toThrow(code);
    await expect(failed).rejects.toMatchObject({ name: 'StoreError', reason: code });
  });

  test.each(['EPERM', 'EISDIR', 'EINVAL', 'EIO'])(
    'that answers %s to the sync of a file has failed, and nothing is put',
    async (code) => {
      const { open } = files;
      jest
        .spyOn(files, 'open')
        .mockImplementation(async (...asked) =>
          Object.assign(await open(...asked), { sync: () => Promise.reject(refusal(code, 'fsync')) }),
        );
      const store = createDirectoryStore(directory);
      await expect(store.put('a', bytes('one'), 'absent')).rejects.toThrow(code);
      expect(await store.get('a')).toBeUndefined();
      expect(await drafts()).toEqual([]);
    },
  );

  test.each(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EISDIR', 'EMLINK'])(
    'that answers %s to a hard link has none',
    async (code) => {
      jest.spyOn(files, 'link').mockRejectedValue(refusal(code, 'link'));
      await expect(createDirectoryStore(directory).put('a', bytes('one'), 'absent')).rejects.toThrow(
        `${code}: refused, link; this file system has no hard links, or none there, which the store needs: let STORE_URL name a directory on another one`,
      );
      expect(await drafts()).toEqual([]);
    },
  );

  test.each([
    ['EACCES', 'STORE_URL must name a directory that this user may read and write'],
    ['EPERM', 'STORE_URL must name a directory that this user may read and write'],
    ['ENOSPC', 'the disk is full: make room, or let STORE_URL name a directory on another one'],
    ['EDQUOT', "this user's share of the disk is used up: make room, or let STORE_URL"],
    ['EROFS', 'this file system is read-only: let STORE_URL name a directory on another one'],
    ['EIO', 'the disk fails, or the network that leads to it: let STORE_URL'],
    ['ELOOP', 'links go round in a circle there: let STORE_URL'],
    ['ENAMETOOLONG', 'the path is too long for this file system: let STORE_URL'],
    ['EXDEV', 'it is on another file system than .drafts: let STORE_URL'],
    ['EMFILE', 'this process has reached its limit of open files: raise its limit (ulimit -n)'],
    ['ENFILE', 'this machine has reached its limit of open files: raise its limit (fs.file-max)'],
  ])('that answers %s is said to do so, and what helps', async (code, todo) => {
    jest.spyOn(files, 'mkdir').mockRejectedValue(refusal(code, 'mkdir'));
    await expect(createDirectoryStore(directory).put('a', bytes('one'), 'absent')).rejects.toThrow(
      `${join(directory, 'a')}: ${code}: refused, mkdir; ${todo}`,
    );
  });

  test('whose answer Node.js has no name for is said to have given it', async () => {
    const code = `Unknown system error -${constants.errno.EDQUOT}`;
    const error = Object.assign(refusal(code, 'write'), { errno: -constants.errno.EDQUOT });
    jest.spyOn(files, 'mkdir').mockRejectedValue(error);
    await expect(createDirectoryStore(directory).put('a', bytes('one'), 'absent')).rejects.toThrow(
      /a: EDQUOT: Unknown system error -\d+: refused, write; this user's share of the disk is used up/,
    );
  });

  test('that answers what nobody has thought of is quoted', async () => {
    jest.spyOn(files, 'mkdir').mockRejectedValue(refusal('EPROTO', 'mkdir'));
    await expect(createDirectoryStore(directory).put('a', bytes('one'), 'absent')).rejects.toThrow(
      /a: EPROTO: refused, mkdir$/,
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
