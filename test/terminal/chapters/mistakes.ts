import { expect, test } from '@jest/globals';
import { stage } from '../place';
import type { Chapter } from '../scene';

interface Mistake {
  readonly typed: string;
  readonly exitCode: 1 | 2;
  readonly says: RegExp;
}

const at = `telephony --stage ${stage}`;

const typed: Readonly<Record<string, Mistake>> = {
  'a mistyped log type': {
    typed: `npx pnpm duo status telefony --stage ${stage}`,
    exitCode: 2,
    says: /"telefony".*Did you mean telephony\?/,
  },
  'a mistyped command': {
    typed: `npx pnpm duo statsu --stage ${stage}`,
    exitCode: 2,
    says: /Did you mean status\?/,
  },
  'a time that cannot be read': {
    typed: `npx pnpm duo verify ${at} --from someday`,
    exitCode: 2,
    says: /yesterday.*2026-11-01T09:30:00Z/,
  },
  'an end before the beginning, of what is verified': {
    typed: `npx pnpm duo verify ${at} --from 2026-11-02 --to 2026-11-01`,
    exitCode: 2,
    says: /--to is before --from: swap them\?/,
  },
  'an end before the beginning, of a backfill': {
    typed: `npx pnpm duo backfill ${at} --from 2026-11-02 --to 2026-11-01`,
    exitCode: 2,
    says: /--to is before --from: swap them\?/,
  },
  'a stage that is not deployed': {
    typed: 'npx pnpm duo status --stage nowhere',
    exitCode: 1,
    says: /duo-storage-nowhere-BucketName in us-east-1.*--stage nowhere.*--region/,
  },
  'a stage in another region': {
    typed: `npx pnpm duo status --stage ${stage} --region eu-west-1`,
    exitCode: 1,
    says: /in eu-west-1.*--region/,
  },
  'a log type that is not deployed': {
    typed: `npx pnpm duo feed activity --stage ${stage}`,
    exitCode: 1,
    says: /no stack duo-activity-e2e in us-east-1/,
  },
  'a profile that is not there': {
    typed: `npx pnpm duo status --stage ${stage} --profile nobody`,
    exitCode: 1,
    says: /nobody/,
  },
  'no AWS credentials': {
    typed: `env -u AWS_ACCESS_KEY_ID -u AWS_SECRET_ACCESS_KEY npx pnpm duo status --stage ${stage}`,
    exitCode: 1,
    says: /credentials/i,
  },
  'a bucket that is not there': {
    typed: 'npx pnpm duo status --store s3://not-there',
    exitCode: 1,
    says: /no bucket.*not-there|not-there.*NoSuchBucket/,
  },
  'a bucket that is not there, to be verified': {
    typed: 'npx pnpm duo verify telephony --store s3://not-there --from 2026-11-01',
    exitCode: 1,
    says: /no bucket not-there, asked for in us-east-1/,
  },
  'neither a stage nor a store': {
    typed: 'npx pnpm duo status',
    exitCode: 2,
    says: /--stage .* or --store/,
  },
};

/** What goes wrong, and what the screen says about it. */
export const mistakes: Chapter = (scene) => {
  test.each(Object.entries(typed))('%s: says what is wrong', async (_, mistake) => {
    const { said, tooLong } = await scene().terminal.run(mistake.typed, mistake.exitCode);
    expect(said).toMatch(mistake.says);
    expect(tooLong).toEqual([]);
  });

  test("another project's bucket is recognised as such, and not written to", async () => {
    const { place, terminal } = scene();
    await place.buckets.create('of-others');
    await place.buckets.put('of-others', 'reports/2026.csv', 'a,b\n');
    const status = await terminal.run('npx pnpm duo status --store s3://of-others', 1);
    expect(status.text).toMatch(/Nothing was collected into s3:\/\/of-others/);
    const { text, tooLong } = await terminal.run('npx pnpm duo doctor --store s3://of-others', 1);
    expect(text).toMatch(/^✗ store readable\n {4}s3:\/\/of-others has neither/m);
    expect(text).toMatch(/^\? store writable/m);
    expect(tooLong).toEqual([]);
    expect(await place.aws.keys('of-others', '')).toEqual(['reports/2026.csv']);
  });

  test("another program's state is not taken for a checkpoint", async () => {
    const { place, terminal } = scene();
    await place.buckets.put('of-others', 'state/telephony.json', '{"last_timestamp_ms": 1767225600000}');
    const status = await terminal.run('npx pnpm duo status --store s3://of-others', 1);
    expect(status.text).toMatch(/^telephony .* \?$/m);
    expect(status.text).toContain('Of the one log, something cannot be read');
    expect(status.tooLong).toEqual([]);
    const { text, tooLong } = await terminal.run('npx pnpm duo doctor --no-write --store s3://of-others', 1);
    expect(text).toMatch(/^✗ checkpoint$/m);
    expect(tooLong).toEqual([]);
  });
};
