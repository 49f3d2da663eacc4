import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { fakeClock } from 'duo-simulator';
import { duo, noon } from './support/operator';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'duo-another-'));
  mkdirSync(join(root, 'logs/web-server'), { recursive: true });
  writeFileSync(join(root, 'logs/web-server/access.log'), 'GET /');
});
afterEach(() => rmSync(root, { recursive: true }));

/** Every file of the store with its text, and every folder. */
function contents(): Record<string, string | null> {
  const entries = readdirSync(root, { recursive: true, withFileTypes: true });
  return Object.fromEntries(
    entries.map((entry) => {
      const path = join(entry.parentPath, entry.name);
      return [relative(root, path), entry.isFile() ? readFileSync(path, 'latin1') : null];
    }),
  );
}

const clock = { ...fakeClock(noon), sleep: () => Promise.reject(new Error('Ctrl-C')) };
const env = { DUO_IKEY: 'DIXXXXXXXXXXXXXXXXXX', DUO_SKEY: 'x'.repeat(40), DUO_API_HOST: 'api-x.example.com' };

describe('of a store that has other things in it, a command says so and changes nothing:', () => {
  test.each([
    ['status', 'nor an object below logs/. Is it the right store?'],
    ['doctor', 'has neither a checkpoint nor a log'],
    ['verify telephony --from 2026-02-20', 'Is it the right store? status shows what it has.'],
    ['checkpoint show telephony', 'have not saved a checkpoint in'],
    ['checkpoint set telephony --watermark 2026-02-20 --yes', 'have not begun.'],
    ['backfill telephony --local --from 2026-02-20 --to 2026-02-21', 'is not a Duo API host'],
    ['receipts telephony', 'This log was not collected into this store yet. Is it the right store?'],
    ['report', 'Is it the right store? status shows what it has.'],
    ['tail telephony', 'yet: waiting.'],
  ])('%s', async (command, said) => {
    const before = contents();
    const { out, err } = await duo(`${command} --store ${pathToFileURL(root)}`, { clock, env });
    expect((out + err).replace(/\s+/g, ' ')).toContain(said);
    expect(out + err).not.toMatch(/^ +at /m);
    expect(contents()).toEqual(before);
  });
});

describe('of a checkpoint that another project has written, a command says what to do and changes nothing, but that doctor tries to write:', () => {
  test.each([
    ['status', {}],
    ['doctor', { '.drafts': null, 'state/.doctor.json': '{"by":"pnpm duo doctor"}' }],
    ['verify telephony --from 2026-02-20', {}],
    ['checkpoint show telephony', {}],
    ['checkpoint set telephony --watermark 2026-02-20 --yes', {}],
    ['backfill telephony --local --from 2026-02-20 --to 2026-02-21', {}],
    ['tail telephony', {}],
    ['report --json', {}],
  ])('%s', async (command, written) => {
    mkdirSync(join(root, 'state'));
    writeFileSync(join(root, 'state/telephony.json'), '{"last_offset":null}');
    const before = contents();
    const { exitCode, out, err } = await duo(`${command} --store ${pathToFileURL(root)}`, { clock, env });
    expect([exitCode, (out + err).replace(/\s+/g, ' ')]).toEqual([
      1,
      expect.stringMatching(
        /the checkpoint is damaged: .* Nothing was changed\. To go on from now, .*: npx pnpm duo checkpoint reset telephony --store file:/,
      ),
    ]);
    expect(out + err).not.toMatch(/^ +at /m);
    expect(contents()).toEqual({ ...before, ...written });
  });
});

test('of a store that is a file, a command says so in the words of its option', async () => {
  const file = join(root, 'logs/web-server/access.log');
  const { exitCode, out, err } = await duo(`checkpoint show telephony --store ${pathToFileURL(file)}`, {
    clock,
    env,
  });
  expect([exitCode, out, err.replace(/\s+/g, ' ')]).toEqual([
    1,
    '',
    expect.stringContaining(
      'there is a file where the store needs a directory: let --store name another directory',
    ),
  ]);
});
