import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from '@jest/globals';
import { createHandler } from 'duo-core';
import {
  createSimulator,
  findLogs,
  generate,
  type PageForm,
  reconcile,
  recordsIn,
  simulatorEnvironment,
} from 'duo-simulator';
import { bundle } from '../../../scripts/bundle';
import { telephony } from '../src/log-type';

const service = join(__dirname, '..');

process.env.POWERTOOLS_LOG_LEVEL = 'SILENT';
process.env.POWERTOOLS_METRICS_DISABLED = 'true';

test.each<PageForm>([
  { ending: 'cursor' },
  { ending: 'null' },
  { ending: 'absent' },
  { cursorForm: 'array' },
])('three thousand records arrive, each once, where pages have the form %o', async (form) => {
  const directory = mkdtempSync(join(tmpdir(), 'duo-telephony-'));
  const simulator = createSimulator({ logs: [{ logType: telephony, ...form }] });
  try {
    const samples =
      (await findLogs(join(service, '..'))).find(({ logType }) => logType === telephony)?.samples ?? [];
    const now = Date.now();
    const records = generate({
      logType: telephony,
      samples,
      count: 3000,
      from: now - 80_000_000,
      to: now - 600_000,
      seed: 7,
    });
    simulator.log('telephony').addAll(records);
    const handler = createHandler(telephony, {
      env: {
        STORE_URL: pathToFileURL(directory).href,
        ...simulatorEnvironment(await simulator.listen()),
      },
    });
    const result = await handler({}, { getRemainingTimeInMillis: () => 280_000 });
    expect(result).toMatchObject({
      logType: 'telephony',
      outcome: 'caught-up',
      records: 3000,
      duplicates: 0,
    });
    const objects = readdirSync(directory, { recursive: true, encoding: 'utf8' }).filter((name) =>
      name.endsWith('.gz'),
    );
    const delivered = objects.flatMap((name) => recordsIn(readFileSync(join(directory, name))));
    expect(reconcile(simulator.log('telephony').published(), delivered)).toMatchObject({
      published: 3000,
      lost: 0,
      doubled: 0,
    });
  } finally {
    await simulator.close();
    rmSync(directory, { recursive: true });
  }
});

test("the record of Duo's documentation fits, and one without a transaction does as well", () => {
  // https://duo.com/docs/adminapi#telephony-logs, with an invented phone number
  const documented = {
    context: 'administrator login',
    credits: 0,
    phone: '+15555550142',
    telephony_id: '5bf1a860-fe39-49e3-be29-217659663a74',
    ts: '2022-10-25T16:07:45.304526+00:00',
    txid: 'fb0c129b-f994-4d3d-953b-c3e764272eb7',
    type: 'sms',
  };
  const { txid: _, ...without } = documented;
  expect(telephony.schema.safeParse(documented).success).toBe(true);
  expect(telephony.schema.safeParse(without).success).toBe(true);
  expect(telephony.schema.safeParse({ ...documented, telephony_id: undefined }).success).toBe(false);
});

test('it is packaged without AWS credentials, as one file of at most 600,000 bytes', () => {
  const files = Object.entries(bundle(service)).map(([name, { length }]) => ({ name, length }));
  expect(files).toEqual([{ name: 'src/handler.js', length: expect.any(Number) }]);
  expect(files[0]?.length).toBeLessThanOrEqual(600_000);
}, 60_000);
