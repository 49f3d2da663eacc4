import { gzipSync } from 'node:zlib';
import { expect, test } from '@jest/globals';
import { beginDraft } from '../src/delivery/batch/draft';
import { proveStored } from '../src/delivery/days/proof';
import { memoryStore } from './support/memory-store';
import { visit, visits } from './support/test-log';
import { noon } from './support/world';

const hour = 3_600_000;
const span = { since: noon - 12 * hour, until: noon + 12 * hour };
const log = { logType: 'visits' };
const prove = (store: ReturnType<typeof memoryStore>) => proveStored(store, visits, log, span, []);

/** A store with one object, of records at these times (ms) and of a window. */
async function stored(times: readonly number[], from = span.since, to = span.until) {
  const draft = beginDraft(log, { from, to, pages: 0 });
  const texts = times.map((time, n) => visit(`v${n}`, time));
  draft.add(
    texts.map((text) => ({ text, time: null, fits: true, name: null })),
    from,
  );
  const { key, body } = await draft.finish();
  const store = memoryStore();
  store.objects.set(key, Buffer.from(body, 'base64'));
  return { store, key };
}

test('an object that was changed by a byte is found, wherever it is, but in what its gzip says of itself alone', async () => {
  const { store, key } = await stored([noon, noon + 1]);
  const whole = Buffer.from(store.objects.get(key) ?? '');
  expect((await prove(store)).broken).toEqual([]);
  const unfound: number[] = [];
  for (let n = 0; n < whole.length; n++) {
    const changed = Buffer.from(whole);
    changed[n] = (changed[n] ?? 0) ^ 0x10;
    store.objects.set(key, changed);
    const { broken } = await prove(store);
    if (broken.length === 0) unfound.push(n);
    else expect(broken.map((one) => one.key)).toEqual([key]);
  }
  // Its time, its level and its system (RFC 1952), and the bits that fill up the last byte before its sum: the records are the same.
  const last = whole.length - 9;
  expect(unfound.filter((n) => (n < 4 || n > 9) && n !== last)).toEqual([]);
});

test('an object of other records in a whole gzip is found', async () => {
  const { store, key } = await stored([noon]);
  store.objects.set(key, gzipSync(`${visit('v0', noon, 'side')}\n`));
  expect((await prove(store)).broken).toEqual([
    { key, problem: expect.stringMatching(/^its content is another one: its hash is [\da-f]{32}$/) },
  ]);
});

test('records are counted for the days that they are dated in, but those that are dated outside their window', async () => {
  const { store } = await stored([noon - 13 * hour, noon, noon + 1, noon + 30 * hour], noon - 14 * hour);
  const { records, objects } = await prove(store);
  expect(Object.fromEntries(records)).toEqual({ '2026-02-28': 1, '2026-03-01': 2 });
  expect(objects).toBe(1);
});

test('an object is read whose window comes near the span, wherever it lies, and no other', async () => {
  const { store, key } = await stored([noon], noon - 90 * hour, noon);
  expect(key).toContain('/2026/02/25/');
  expect((await prove(store)).objects).toBe(1);
  const { store: earlier } = await stored([noon - 90 * hour], noon - 100 * hour, noon - 80 * hour);
  expect(await prove(earlier)).toMatchObject({ objects: 0, bytes: 0, broken: [] });
});

test('what is decided on counts once, put or not; what is damaged does not count', async () => {
  const { store, key } = await stored([noon]);
  const body = Buffer.from(store.objects.get(key) ?? '');
  const outbox = { key, body: body.toString('base64') };
  for (const is of ['put', 'not put']) {
    if (is === 'not put') store.objects.delete(key);
    const { records } = await proveStored(store, visits, log, span, [outbox, null]);
    expect([is, [...records]]).toEqual([is, [['2026-03-01', 1]]]);
  }
  store.objects.set(key, body.subarray(0, 20));
  expect(await prove(store)).toMatchObject({
    records: new Map(),
    broken: [{ key, problem: 'it is cut off: its gzip has no end' }],
  });
});
