import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

/** An HTTP answer of S3's before it is sent. */
export interface S3Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array;
}

/** S3 without its network: what it holds, and what it answers to the requests that this project makes. */
export interface S3 {
  /** By bucket/key; those that are gzipped have a character for each byte. */
  readonly objects: Map<string, string>;
  /** By bucket/key: when they were put, in ms, for those of which it matters. */
  readonly putAt: Map<string, number>;
  answer(request: Pick<IncomingMessage, 'method' | 'url' | 'headers'>, body: Buffer): S3Answer;
}

/**
 * Makes an empty one: gets, puts with S3's conditions, and listings, of any bucket. It is for what is not about S3, and
 * fast; that S3 itself behaves like this is for `pnpm test:s3` to show, against a server that others wrote. `kept` is what it
 * keeps of a body, if not all.
 */
export function createS3(kept = (_key: string, body: string) => body): S3 {
  const objects = new Map<string, string>();
  const putAt = new Map<string, number>();
  return { objects, putAt, answer };

  function answer({ method, url = '', headers }: Parameters<S3['answer']>[0], body: Buffer): S3Answer {
    const { pathname, searchParams } = new URL(url, 'http://s3');
    const key = decodeURIComponent(pathname.slice(1));
    const stored = objects.get(key);
    if (searchParams.has('list-type')) return list(key.replace(/\/$/, ''), searchParams);
    if (method === 'PUT') {
      const { 'if-none-match': absent, 'if-match': expected } = headers;
      if (expected !== undefined && stored === undefined) return s3Refusal(404, 'NoSuchKey');
      const isStale = expected !== undefined && expected !== etag(stored ?? '');
      if (isStale || (absent === '*' && stored !== undefined)) return s3Refusal(412, 'PreconditionFailed');
      const text = kept(key, body.toString(encodingOf(key)));
      objects.set(key, text);
      return { status: 200, headers: { ETag: etag(text) }, body: '' };
    }
    if (method !== 'GET' || stored === undefined) return s3Refusal(404, 'NoSuchKey');
    const lastModified = new Date(putAt.get(key) ?? 0).toUTCString();
    return {
      status: 200,
      headers: { ETag: etag(stored), 'Last-Modified': lastModified },
      body: Buffer.from(stored, encodingOf(key)),
    };
  }

  function list(bucket: string, params: URLSearchParams): S3Answer {
    const prefix = params.get('prefix') ?? '';
    const after = params.get('continuation-token') ?? params.get('start-after') ?? '';
    const found: string[] = [];
    // Most of what a large one holds is not asked for: nothing is made of that.
    for (const key of objects.keys()) {
      if (!key.startsWith(`${bucket}/${prefix}`)) continue;
      const name = key.slice(bucket.length + 1);
      if (name > after) found.push(name);
    }
    found.sort();
    const page = found.slice(0, mostListed);
    const contents = page.map((name) => {
      const at = new Date(putAt.get(`${bucket}/${name}`) ?? 0).toISOString();
      const size = objects.get(`${bucket}/${name}`)?.length;
      return `<Contents><Key>${name}</Key><Size>${size}</Size><LastModified>${at}</LastModified></Contents>`;
    });
    const more =
      found.length > page.length ? `<NextContinuationToken>${page.at(-1)}</NextContinuationToken>` : '';
    return { status: 200, headers: xml, body: `<L>${contents.join('')}${more}</L>` };
  }
}

/** A listing has no more at once. */
const mostListed = 1_000;

/** An answer with one of S3's errors. */
export function s3Refusal(status: number, code: string, message = 'No.'): S3Answer {
  return { status, headers: xml, body: `<Error><Code>${code}</Code><Message>${message}</Message></Error>` };
}

const xml = { 'Content-Type': 'application/xml' };

function encodingOf(key: string): 'latin1' | 'utf8' {
  return key.endsWith('.gz') ? 'latin1' : 'utf8';
}

function etag(body: string): string {
  return `"${createHash('sha256').update(body).digest('hex')}"`;
}
