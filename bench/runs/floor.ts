import { randomUUID } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { sign, signatureDate } from 'duo-core';

/*
 * What any collector has to do, and nothing else: sign, fetch, parse for the cursor, gzip, put. It stores each page as it
 * came. A record is not told from another, nothing is checked, and where it stopped is not kept.
 */

interface Page {
  readonly response: {
    readonly metadata: { readonly next_offset?: string | readonly string[] | null };
  } & Record<string, unknown>;
}

const {
  DUO_IKEY: ikey = '',
  DUO_SKEY: skey = '',
  DUO_API_HOST: host = '',
  DUO_API_URL: url = '',
} = process.env;
const [, bucket = '', prefix = ''] = /^s3:\/\/([^/]+)\/(.*)$/.exec(process.env.STORE_URL ?? '') ?? [];
const path = process.env.FLOOR_PATH ?? '';
const property = process.env.FLOOR_RECORDS ?? '';
const s3 = new S3Client({ maxAttempts: 4 });

export async function collect() {
  const to = Date.now() - 120_000;
  const bounds = { mintime: String(to - 48 * 3_600_000), maxtime: String(to), limit: '1000', sort: 'ts:asc' };
  let [records, cursor] = [0, ''];
  for (;;) {
    const params = { ...bounds, ...(cursor !== '' && { next_offset: cursor }) };
    const date = signatureDate(Date.now());
    const { query, headers } = sign({ method: 'GET', host, path, params }, { ikey, skey }, date);
    const response = await fetch(`${url}${path}?${query}`, { headers });
    const text = await response.text();
    const page: Page = JSON.parse(text);
    const items = page.response[property];
    if (!Array.isArray(items) || items.length === 0) return { records };
    records += items.length;
    await s3.send(
      new PutObjectCommand({
        Bucket: bucket,
        Key: `${prefix}/logs/${randomUUID()}.gz`,
        Body: gzipSync(text),
      }),
    );
    cursor = [page.response.metadata.next_offset ?? ''].flat().join(',');
  }
}
