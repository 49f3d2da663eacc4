import { createServer, type IncomingMessage } from 'node:http';
import { serve } from './serve';

/*
 * As much of S3 as the collector uses: get and conditional put. Objects below `logs/` are counted and forgotten, so that
 * a million records need no memory here. That S3 itself behaves like this is for `pnpm test:s3` to show.
 */

interface Answer {
  readonly status: number;
  readonly etag?: string;
  readonly body?: Uint8Array | string;
}

const objects = new Map<string, { readonly body: Buffer; readonly etag: string }>();
let counted = { reads: 0, writes: 0, bytes: 0 };
let versions = 0;

function get(key: string): Answer {
  counted.reads += 1;
  const object = objects.get(key);
  return object === undefined ? refusal(404, 'NoSuchKey') : { status: 200, ...object };
}

function put(key: string, body: Buffer, headers: IncomingMessage['headers']): Answer {
  counted.writes += 1;
  const current = objects.get(key);
  const expected = headers['if-match'];
  if (expected !== undefined && current === undefined) return refusal(404, 'NoSuchKey');
  const stale = expected !== undefined && expected !== current?.etag;
  const taken = headers['if-none-match'] === '*' && current !== undefined;
  if (stale || taken) return refusal(412, 'PreconditionFailed');
  versions += 1;
  const etag = `"${versions}"`;
  const isRecords = key.includes('/logs/');
  if (isRecords) counted.bytes += body.length;
  objects.set(key, { body: isRecords ? Buffer.alloc(0) : body, etag });
  return { status: 200, etag };
}

function refusal(status: number, code: string): Answer {
  return {
    status,
    body: `<?xml version="1.0"?><Error><Code>${code}</Code><Message>${code}</Message></Error>`,
  };
}

const server = createServer({ keepAliveTimeout: 0 }, async (request, response) => {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  const key = (request.url ?? '').split('?')[0] ?? '';
  const sent = Buffer.concat(chunks);
  const { status, etag, body = '' } = request.method === 'PUT' ? put(key, sent, request.headers) : get(key);
  response.writeHead(status, { 'Content-Length': body.length, ...(etag !== undefined && { ETag: etag }) });
  response.end(body);
});

server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  serve({ url: `http://127.0.0.1:${port}` }, () => {
    const taken = counted;
    counted = { reads: 0, writes: 0, bytes: 0 };
    return taken;
  });
});
