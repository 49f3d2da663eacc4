import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import * as z from 'zod';

/** The few calls of S3, SSM, CloudFormation, Scheduler and Lambda that the commands make, on the loopback: the SDK is the real one. */
export async function startAws() {
  /** By bucket/key; those that are gzipped have a character for each byte. */
  const objects = new Map<string, string>();
  /** By name: from the event to the result. */
  const functions = new Map<string, (event: unknown) => Promise<unknown>>();
  /** By bucket/key: the KMS key that the last put named, if it named one. */
  const keys = new Map<string, string | undefined>();
  /** When they were put, in ms, for those of which it matters. */
  const putAt = new Map<string, number>();
  const parameters: { readonly Name: string; readonly Value: string; readonly Type: string }[] = [];
  const exports = new Map<string, string>();
  const stacks = new Set<string>();
  /** By name: what GetSchedule answers. */
  const schedules = new Map<string, object>();
  /** Where a bucket is, if not wherever it is looked for. */
  const regions = new Map<string, string>();
  /** Actions that are refused, by their names in a policy. */
  const denied = new Set<string>();
  /** Whether the next put is refused, before it took effect or although it did. */
  const chaos = { refusePut: (): 'before' | 'after' | 'never' => 'never' };
  const server = createServer((request, response) => void answer(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const env = {
    AWS_ENDPOINT_URL: `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`,
    AWS_ACCESS_KEY_ID: 'made-up',
    AWS_SECRET_ACCESS_KEY: 'made-up',
    AWS_REGION: 'eu-west-1',
  };
  return {
    env,
    objects,
    keys,
    putAt,
    parameters,
    exports,
    stacks,
    schedules,
    functions,
    regions,
    denied,
    chaos,
    close,
  };

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Uint8Array[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const url = new URL(request.url ?? '', 'http://aws');
    const key = decodeURIComponent(url.pathname.slice(1));
    const encoding = key.endsWith('.gz') ? 'latin1' : 'utf8';
    const body = Buffer.concat(chunks).toString(encoding);
    const stored = objects.get(key);
    const xml = (status: number, text: string) =>
      void response.writeHead(status, { 'Content-Type': 'application/xml' }).end(text);
    const json = (status: number, type: string, value: object) =>
      void response.writeHead(status, { 'X-Amzn-ErrorType': type }).end(JSON.stringify(value));
    const target = request.headers['x-amz-target'];
    const s3 = url.searchParams.has('list-type')
      ? 'ListBucket'
      : `${request.method === 'PUT' ? 'Put' : 'Get'}Object`;
    const region = regions.get(key.split('/')[0] ?? '');
    if (region !== undefined && !request.headers.authorization?.includes(`/${region}/s3/`)) {
      response.setHeader('X-Amz-Bucket-Region', region);
      xml(301, '<Error><Code>PermanentRedirect</Code><Message>Elsewhere.</Message></Error>');
    } else if (key !== '' && denied.has(`s3:${s3}`)) {
      xml(403, '<Error><Code>AccessDenied</Code><Message>Access Denied</Message></Error>');
    } else if (target === 'AmazonSSM.GetParameters') {
      if (denied.has('ssm:GetParameters')) return json(400, 'AccessDeniedException', { message: 'no' });
      const { Names } = z.object({ Names: z.array(z.string()) }).parse(JSON.parse(body));
      json(200, '', { Parameters: parameters.filter(({ Name }) => Names.includes(Name)) });
    } else if (url.pathname.startsWith('/schedules/')) {
      const name = url.pathname.slice('/schedules/'.length);
      if (denied.has('scheduler:GetSchedule')) return json(403, 'AccessDeniedException', { Message: 'no' });
      const schedule = schedules.get(name);
      if (schedule !== undefined) return json(200, '', schedule);
      json(404, 'ResourceNotFoundException', { Message: `Schedule ${name} does not exist.` });
    } else if (body.includes('Action=DescribeStacks')) {
      const name = new URLSearchParams(body).get('StackName') ?? '';
      if (denied.has('cloudformation:DescribeStacks')) return xml(403, refusal('AccessDenied', 'no'));
      if (!stacks.has(name))
        return xml(400, refusal('ValidationError', `Stack with id ${name} does not exist`));
      xml(200, '<R><DescribeStacksResult><Stacks></Stacks></DescribeStacksResult></R>');
    } else if (target === 'AmazonSSM.PutParameter') {
      parameters.push(parameter.parse(JSON.parse(body)));
      response.end('{"Version":1}');
    } else if (body.includes('Action=ListExports')) {
      const members = [...exports].map(
        ([name, value]) => `<member><Name>${name}</Name><Value>${value}</Value></member>`,
      );
      xml(200, `<R><ListExportsResult><Exports>${members.join('')}</Exports></ListExportsResult></R>`);
    } else if (key.startsWith('no-such-bucket')) {
      xml(404, '<Error><Code>NoSuchBucket</Code><Message>No.</Message></Error>');
    } else if (url.searchParams.has('list-type')) {
      const prefix = url.searchParams.get('prefix') ?? '';
      const after = url.searchParams.get('start-after') ?? '';
      const bucket = key.replace(/\/$/, '');
      const keys = [...objects.keys()].map((name) => name.slice(bucket.length + 1));
      const found = keys.filter((name) => name.startsWith(prefix) && name > after).sort();
      const contents = found.map((name) => {
        const at = new Date(putAt.get(`${bucket}/${name}`) ?? 0).toISOString();
        const size = objects.get(`${bucket}/${name}`)?.length;
        return `<Contents><Key>${name}</Key><Size>${size}</Size><LastModified>${at}</LastModified></Contents>`;
      });
      xml(200, `<L>${contents.join('')}</L>`);
    } else if (url.pathname.startsWith(functionsPath)) {
      await invoke(url.pathname.split('/')[3] ?? '', JSON.parse(body), response);
    } else if (request.method === 'PUT') {
      const refused = chaos.refusePut();
      const no = () => xml(403, '<Error><Code>AccessDenied</Code><Message>No.</Message></Error>');
      if (refused === 'before') return no();
      const { 'if-none-match': absent, 'if-match': expected } = request.headers;
      if (absent === '*' ? stored !== undefined : stored === undefined || etag(stored) !== expected) {
        return xml(412, '<Error><Code>PreconditionFailed</Code><Message>No.</Message></Error>');
      }
      objects.set(key, body);
      keys.set(key, keyNamedBy(request));
      if (refused === 'after') return no();
      response.writeHead(200, { ETag: etag(body) }).end();
    } else if (request.method === 'GET' && stored !== undefined) {
      response.writeHead(200, { ETag: etag(stored) }).end(Buffer.from(stored, encoding));
    } else {
      xml(404, '<Error><Code>NoSuchKey</Code><Message>No.</Message></Error>');
    }
  }

  async function invoke(name: string, event: unknown, response: ServerResponse): Promise<void> {
    const run = functions.get(name);
    if (run === undefined) {
      response.writeHead(404, { 'X-Amzn-ErrorType': 'ResourceNotFoundException' });
      response.end(JSON.stringify({ Message: `Function not found: ${name}` }));
      return;
    }
    try {
      response.end(JSON.stringify(await run(event)));
    } catch (error) {
      const { name: errorType, message: errorMessage } = error instanceof Error ? error : new Error('thrown');
      response.writeHead(200, { 'X-Amz-Function-Error': 'Unhandled' });
      response.end(JSON.stringify({ errorType, errorMessage }));
    }
  }

  function close(): void {
    server.closeAllConnections();
    server.close();
  }
}

/** As S3 takes it: the key's ARN counts only with the kind of encryption. */
function keyNamedBy({ headers }: IncomingMessage): string | undefined {
  if (headers['x-amz-server-side-encryption'] !== 'aws:kms') return undefined;
  return z.string().parse(headers['x-amz-server-side-encryption-aws-kms-key-id']);
}

const parameter = z.looseObject({ Name: z.string(), Value: z.string(), Type: z.string() });

const functionsPath = '/2015-03-31/functions/';

function refusal(code: string, message: string): string {
  return `<ErrorResponse><Error><Code>${code}</Code><Message>${message}</Message></Error></ErrorResponse>`;
}

function etag(body: string): string {
  return `"${createHash('sha256').update(body).digest('hex')}"`;
}
