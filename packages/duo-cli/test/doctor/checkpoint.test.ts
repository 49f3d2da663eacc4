import { readFileSync, writeFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { simulatorCredentials } from 'duo-simulator';
import { createCollected } from '../support/collected';
import { said } from '../support/said';

const hour = 3_600_000;
let collected: Awaited<ReturnType<typeof createCollected>>;
beforeEach(async () => {
  collected = await createCollected();
  await collected.collect('telephony');
});
afterEach(() => collected.close());

describe('duo doctor, of how far a log is', () => {
  test('names a checkpoint of another account, and says what to do', async () => {
    const source = 'api-other000.duosecurity.com';
    const file = collected.file('telephony');
    writeFileSync(file, JSON.stringify({ ...JSON.parse(readFileSync(file, 'utf8')), source }));
    const { exitCode, out } = await collected.command('doctor');
    expect(exitCode).toBe(1);
    expect(said(out, '✗', 'checkpoint')).toContain(
      `this checkpoint belongs to ${source}, but the credentials belong to ${simulatorCredentials.apiHost}.`,
    );
    expect(said(out, '✗', 'checkpoint')).toContain(
      `duo checkpoint set telephony --store ${collected.store} --source`,
    );
  });

  test.each([
    ['is no JSON', '{', 'the checkpoint is not JSON, or cut off. Nothing was changed. To go on from now'],
    ['is of another project', '{"last_offset":null}', 'the checkpoint is damaged: '],
    [
      'is of another log',
      '{"version":1,"logType":"activity"}',
      'is of the log type "activity", not "telephony"',
    ],
  ])('names a checkpoint that %s', async (_, text, says) => {
    writeFileSync(collected.file('telephony'), text);
    const { exitCode, out } = await collected.command('doctor');
    expect(exitCode).toBe(1);
    expect(said(out, '✗', 'checkpoint')).toContain(says);
    expect(said(out, '✗', 'checkpoint')).toMatch(
      /: npx pnpm duo checkpoint reset telephony --store file:\/\/\S+$/,
    );
    expect(said(out, '?', 'last run')).toBe('see above');
  });

  test('names a log that has not been saved for more than an hour, and one that is far behind', async () => {
    collected.saved('telephony', 2 * hour);
    expect(said((await collected.command('doctor')).out, '✗', 'last run')).toBe(
      'The last one saved 2 h ago: run the collector, and see what it says.',
    );
    collected.publish('activity', 3000, 24);
    await collected.collect('activity', { MAX_PAGES: '1' });
    expect(said((await collected.command('doctor activity')).out, '✗', 'last run')).toMatch(
      /^The last one saved 0 s ago and was 16 h behind\. A backlog shrinks with every run/,
    );
    expect(said((await collected.command('doctor authentication')).out, '✗', 'last run')).toBe(
      'No run has saved anything yet: run the collector, and see what it says.',
    );
  });
});
