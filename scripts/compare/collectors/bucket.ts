import { createServer } from 'node:http';
import { gunzipSync } from 'node:zlib';
import { createS3 } from 'duo-contract/s3';
import { close, listen } from 'duo-simulator';
import type { Delivered } from '../count';
import { idOf } from '../story';
import type { World } from './collector';

/** A bucket on this machine, for one collector. */
export interface Bucket {
  /** What makes a collector use it. */
  readonly environment: Record<string, string>;
  /** The records of all objects below a prefix, but those that end so. */
  delivered(prefix: string, butFor: string): Delivered[];
  close(): Promise<void>;
}

/** Opens an empty bucket `logs`. */
export async function openBucket({ clock }: World): Promise<Bucket> {
  const s3 = createS3();
  const putAt = new Map<string, number>();
  const server = createServer({ keepAliveTimeout: 0 }, async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const key = decodeURIComponent(new URL(request.url ?? '', 'http://s3').pathname.slice(1));
    if (request.method === 'PUT' && !putAt.has(key)) putAt.set(key, clock.now());
    const { status, headers, body } = s3.answer(request, Buffer.concat(chunks));
    response.writeHead(status, { ...headers, 'Content-Length': Buffer.byteLength(body) }).end(body);
  });
  const url = await listen(server);
  return {
    environment: {
      AWS_ACCESS_KEY_ID: 'made-up',
      AWS_SECRET_ACCESS_KEY: 'made-up',
      AWS_REGION: 'us-east-1',
      AWS_DEFAULT_REGION: 'us-east-1',
      AWS_ENDPOINT_URL: url,
      AWS_ENDPOINT_URL_S3: url,
    },
    delivered: (prefix, butFor) =>
      [...s3.objects]
        .filter(([key]) => key.startsWith(`logs/${prefix}`) && !key.endsWith(butFor))
        .flatMap(([key, body]) =>
          linesOf(key, body).map((line) => ({ id: idOf(JSON.parse(line)), at: putAt.get(key) ?? 0 })),
        ),
    close: () => close(server),
  };
}

/** Those that are gzipped have a character for each byte. */
function linesOf(key: string, body: string): string[] {
  const text = key.endsWith('.gz') ? gunzipSync(Buffer.from(body, 'latin1')).toString() : body;
  return text.split('\n').filter((line) => line !== '');
}
