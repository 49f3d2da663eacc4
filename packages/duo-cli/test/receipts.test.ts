import { afterEach, expect, test } from '@jest/globals';
import { noon } from './support/operator';
import { createStage } from './support/stage';

const day = 86_400_000;
let stage: Awaited<ReturnType<typeof createStage>>;
afterEach(() => stage.close());

/** A stage of which three of the last days have receipts. */
async function compared() {
  stage = await createStage('telephony', { LOOKBACK_HOURS: '240' });
  stage.add(1000, noon - 9 * day, noon);
  await stage.collect({});
  for (const span of ['--from 2026-02-22 --to 2026-02-23', '--from 2026-02-26 --to 2026-02-26'])
    await stage.duo(`backfill telephony --store s3://logs-of-prod --local ${span}`);
  return stage;
}

test('has a line for each receipt, and names the days that have none', async () => {
  const { duo, receipts } = await compared();
  const { exitCode, out } = await duo('receipts telephony --stage prod');
  const [one, two, three] = receipts().map(({ shown }) => shown);
  expect({ exitCode, out }).toEqual({
    exitCode: 0,
    out: `DAY          WHEN  SHOWN  STORED  REPAIRED  CHANGED  DOUBLED  ASTRAY  DELETED
2026-02-22  03-01    ${one}     ${one}         0        0        0       0        0
2026-02-23  03-01    ${two}     ${two}         0        0        0       0        0
2026-02-26  03-01    ${three}     ${three}         0        0        0       0        0
Without a receipt: 2026-02-24 to 2026-02-25, 2026-02-27 to 2026-02-28.
`,
  });
});

test('shows the days that were asked for, as a whole', async () => {
  const { duo } = await compared();
  const span = '--from 2026-02-21T12:00:00Z --to 2026-02-22T12:00:00Z';
  const { out } = await duo(`receipts telephony --stage prod ${span}`);
  expect(out).toMatch(/^Whole days are shown\.\nDAY .*\n2026-02-22 .*\nWithout a receipt: 2026-02-21\.\n$/);
});

test('prints the receipts as JSON', async () => {
  const { duo, receipts } = await compared();
  const { out } = await duo('receipts telephony --stage prod --json');
  expect(JSON.parse(out)).toEqual({
    logType: 'telephony',
    receipts: receipts(),
    without: ['2026-02-24', '2026-02-25', '2026-02-27', '2026-02-28'],
  });
});

test('names a receipt that is damaged', async () => {
  const { aws, duo } = await compared();
  const [key = ''] = [...aws.objects.keys()].filter((name) => name.includes('/receipts/'));
  aws.objects.set(key, '{"shown":');
  expect(await duo('receipts telephony --stage prod')).toMatchObject({
    exitCode: 1,
    out: '',
    err: expect.stringContaining(`s3://${key}: the receipt is damaged.`),
  });
});

test('of a log that was never compared, says so', async () => {
  stage = await createStage();
  await stage.collect({});
  expect(await stage.duo('receipts telephony --stage prod')).toMatchObject({
    exitCode: 0,
    out: 'Without a receipt: 2026-02-28.\n',
  });
});

test('of a store into which nothing was collected, that is said', async () => {
  stage = await createStage();
  const { exitCode, err } = await stage.duo('receipts telephony --store s3://logs-of-prod');
  expect([exitCode, err]).toEqual([2, expect.stringContaining('Is it the right store?')]);
});
