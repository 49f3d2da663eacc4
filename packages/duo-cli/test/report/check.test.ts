import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { dayOfFolder } from 'duo-core';
import type { Finding, ReportJson } from '../../src/commands/report/json';
import { createReconciled, days } from './reconciled';

let store: Awaited<ReturnType<typeof createReconciled>>;
beforeEach(async () => {
  store = await createReconciled();
});
afterEach(() => store.close());

async function check(flags = '') {
  const { exitCode, out, err } = await store.command(`report --check --json ${flags}`.trim());
  const report: ReportJson = JSON.parse(out);
  // What is said of progress, a line for each percent.
  const said = err.replace(/^ *\d+ %.*\n/gm, '');
  return { exitCode, said, ...report.check };
}

const whole = { exitCode: 0, said: '', receipts: 3, ledgers: 3, findings: [] };

/** An object in the folder of a day. */
function objectOf(day: string): string {
  return store.objects().find((key) => dayOfFolder(key) === day) ?? '';
}

function rewrite(key: string, change: (bytes: Buffer) => Uint8Array): void {
  writeFileSync(join(store.root, key), change(readFileSync(join(store.root, key))));
}

/** Holds that one thing is found, which the command names on standard error as well. */
async function findsOnly(expected: Partial<Record<keyof Finding, unknown>>): Promise<void> {
  const { exitCode, findings = [], said } = await check();
  expect(findings).toEqual([expect.objectContaining({ logType: 'telephony', ...expected })]);
  expect([exitCode, said]).toEqual([1, `${store.store}/${findings[0]?.key}: ${findings[0]?.problem}.\n`]);
}

test('a store in which everything holds is read once, and that is said', async () => {
  expect(await check()).toMatchObject({ ...whole, objects: store.objects().length });
  const { out } = await store.command(`report --check -o ${join(store.root, 'page.html')}`);
  expect(out).toContain(' objects read: each is what its name says, and so are the receipts of 3 days');
  expect(readFileSync(join(store.root, 'page.html'), 'utf8')).toContain('All of it holds.');
});

test.each([0, 1, 2, 10, 40, -1, -5, -9])(
  'an object of which one byte was changed is found: the one at %d',
  async (at) => {
    const key = objectOf(days[1]);
    rewrite(key, (bytes) => {
      const n = at < 0 ? bytes.length + at : at;
      bytes[n] = (bytes[n] ?? 0) ^ 1;
      return bytes;
    });
    const { exitCode, findings = [] } = await check();
    expect(exitCode).toBe(1);
    expect(findings.map((one) => one.key)).toContain(key);
  },
);

test('a record of which one letter was changed is found, though its gzip is whole', async () => {
  const key = objectOf(days[1]);
  rewrite(key, (bytes) => gzipSync(gunzipSync(bytes).toString().replace('"credits"', '"credit5"')));
  await findsOnly({
    key,
    day: days[1],
    problem: expect.stringMatching(/^its content is another one: its hash is [\da-f]{32}$/),
  });
});

test('a day of which something is found is not called complete, whatever its receipt says', async () => {
  rmSync(join(store.root, objectOf(days[1])));
  const stateOf = async (flags: string) => {
    const report: ReportJson = JSON.parse((await store.command(`report --json ${flags}`.trim())).out);
    return report.logs[0]?.days.find(({ day }) => day === days[1])?.state;
  };
  expect(['complete', 'repaired']).toContain(await stateOf(''));
  expect(await stateOf('--check')).toBe('differs');
});

test('an object that was taken out is found by the receipt of its day', async () => {
  const key = objectOf(days[1]);
  rmSync(join(store.root, key));
  const { exitCode, findings = [], said } = await check();
  expect(exitCode).toBe(1);
  const { stored } = store.receipt(days[1]);
  const found = findings.find(({ day }) => day === days[1]);
  expect(found?.key).toBe(store.receiptFile(days[1]).slice(store.root.length + 1));
  expect(found?.problem).toMatch(new RegExp(`^it counts ${stored} records of the day: \\d+ are there$`));
  expect(said).toContain(`${found?.key}: ${found?.problem}.\n`);
});

test('and by the ledger, where its day has no receipt yet', async () => {
  rmSync(join(store.root, objectOf('2026-03-05')));
  const { findings = [] } = await check('--from 2026-03-05');
  expect(findings).toEqual([
    {
      logType: 'telephony',
      day: '2026-03-05',
      key: 'state/telephony.json',
      problem: expect.stringMatching(/^its ledger counts \d+ records of the day: \d+ are there$/),
    },
  ]);
});

test.each([1, -1])('a receipt whose count is not true is found: by %d', async (by) => {
  const { stored, shown } = store.receipt(days[2]);
  store.forge(days[2], { stored: stored + by, shown: shown + by });
  await findsOnly({
    day: days[2],
    problem: `it counts ${stored + by} records of the day: ${stored} are there`,
  });
});

test.each([{ day: '2026-03-01' }, { logType: 'activity' }, { at: 5 }, { account: 'acme' }])(
  'a receipt that is of something else than its name says is found: %j',
  async (change) => {
    store.forge(days[2], change);
    await findsOnly({ day: days[2], problem: 'it is of something else than its name says' });
  },
);

test('an object that nobody can name so is found, and a copy of one', async () => {
  const key = objectOf(days[0]);
  const other = key.replace(/[^/]*$/, 'records.ndjson.gz');
  writeFileSync(join(store.root, other), readFileSync(join(store.root, key)));
  await findsOnly({ day: days[0], key: other, problem: 'no collector names an object so' });
  rmSync(join(store.root, other));
  const copy = key.replace(/-\d{6}-/, '-000077-');
  writeFileSync(join(store.root, copy), readFileSync(join(store.root, key)));
  const { findings = [] } = await check();
  expect(findings.map(({ day }) => day)).toContain(days[0]);
});

test('what is damaged is found, whatever it is, and nothing of it is printed', async () => {
  const key = objectOf(days[0]);
  rewrite(key, () => gzipSync('+15555550100\n'));
  writeFileSync(store.receiptFile(days[2]), '{"phone":"+15555550100"}');
  const { exitCode, findings = [], said } = await check();
  expect(exitCode).toBe(1);
  expect(findings.map(({ problem }) => problem)).toEqual(
    expect.arrayContaining([
      expect.stringContaining('its content is another one'),
      expect.stringContaining('the receipt is damaged'),
    ]),
  );
  expect(said + JSON.stringify(findings)).not.toContain('5555');
});

test('only what is near the days that are shown is read', async () => {
  rmSync(join(store.root, objectOf(days[0])));
  expect(await check('--from 2026-03-03 --to 2026-03-03')).toMatchObject({
    ...whole,
    receipts: 1,
    ledgers: 0,
  });
});

test('records that are decided on and not put yet are not missing', async () => {
  const key = objectOf('2026-03-05');
  const body = readFileSync(join(store.root, key)).toString('base64');
  rmSync(join(store.root, key));
  const file = store.file('telephony');
  writeFileSync(file, JSON.stringify({ ...JSON.parse(readFileSync(file, 'utf8')), outbox: { key, body } }));
  expect(await check()).toMatchObject(whole);
});

test('a pass that goes on has stored what no receipt tells yet', async () => {
  const day = days[1];
  const file = join(store.root, 'state/telephony/days', `${day}.json`);
  const { stored } = store.receipt(day);
  store.forge(day, { stored: stored - 1 });
  await findsOnly({ day });
  const began = { began: 1, cursor: null, shown: 0, repaired: 1, changed: 0, doubled: 0, astray: 0 };
  const pass = { ...began, read: 0, short: 0, edge: {} };
  writeFileSync(file, JSON.stringify({ ...JSON.parse(readFileSync(file, 'utf8')), pass }));
  expect(await check()).toMatchObject(whole);
});
