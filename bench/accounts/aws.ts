import { createServer, type IncomingMessage } from 'node:http';
import { createS3 } from 'duo-contract/s3';
import { close, listen } from 'duo-simulator';
import * as z from 'zod/mini';

/** What a request to AWS was. */
export type AwsRequest = 'get' | 'put' | 'list' | 'parameters' | 'parameters-by-path' | 'invoke';

/** Who stands behind AWS. */
interface Behind {
  /** Every parameter of SSM, by its name. */
  readonly parameters: ReadonlyMap<string, string>;
  /** When an object is put, in ms. */
  readonly now: () => number;
  /** Called before each answer, which waits for it; `decrypted` is how many secret parameters it holds. */
  readonly asked: (request: AwsRequest, decrypted: number) => void | Promise<void>;
  readonly invoked: (functionName: string, payload: string) => void;
}

/**
 * Starts S3, SSM and Lambda on the loopback, as far as the collector and the starter ask them: S3 with its conditions, SSM ten
 * parameters at a time, Lambda's asynchronous invocations. The variables by which the SDK finds them are `env`.
 */
export async function startAws({ parameters, now, asked, invoked }: Behind) {
  const s3 = createS3();
  const names = [...parameters.keys()].sort();
  const server = createServer({ keepAliveTimeout: 0 }, async (request, response) => {
    const chunks: Uint8Array[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const { status, headers, body } = await answer(request, Buffer.concat(chunks));
    response.writeHead(status, { ...headers, 'Content-Length': body.length }).end(body);
  });
  const url = await listen(server);
  return {
    s3,
    env: {
      AWS_ENDPOINT_URL: url,
      AWS_ACCESS_KEY_ID: 'made-up',
      AWS_SECRET_ACCESS_KEY: 'made-up',
      AWS_REGION: 'us-east-1',
      // Node.js 20 is fine here; the deployed runtime is newer.
      AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED: 'true',
    },
    close: () => close(server),
  };

  async function answer(request: IncomingMessage, body: Buffer) {
    const { method = '', url: path = '', headers } = request;
    const target = headers['x-amz-target'];
    if (target === 'AmazonSSM.GetParameters') return parametersAnswer(body);
    if (target === 'AmazonSSM.GetParametersByPath') return byPathAnswer(body);
    const [, functionName] = /^\/2015-03-31\/functions\/([\w-]+)\/invocations/.exec(path) ?? [];
    if (functionName !== undefined) {
      if (headers['x-amz-invocation-type'] !== 'Event')
        throw new Error(`${functionName} would be waited for`);
      await asked('invoke', 0);
      invoked(functionName, body.toString());
      return { status: 202, headers: {}, body: '' };
    }
    await asked(path.includes('list-type=') ? 'list' : method === 'PUT' ? 'put' : 'get', 0);
    const answered = s3.answer(request, body);
    const key = decodeURIComponent(new URL(path, 'http://s3').pathname.slice(1));
    if (method === 'PUT' && answered.status === 200) s3.putAt.set(key, now());
    return answered;
  }

  async function parametersAnswer(body: Buffer) {
    const { Names } = wanted.parse(JSON.parse(body.toString()));
    const found = Names.filter((name) => parameters.has(name));
    await asked('parameters', found.filter((name) => !name.endsWith('/account-id')).length);
    return json({
      Parameters: found.map((Name) => ({ Name, Type: 'SecureString', Value: parameters.get(Name) })),
      InvalidParameters: Names.filter((name) => !parameters.has(name)),
    });
  }

  async function byPathAnswer(body: Buffer) {
    const { Path, MaxResults, NextToken } = listed.parse(JSON.parse(body.toString()));
    await asked('parameters-by-path', 0);
    const below = names.filter((name) => name.startsWith(Path));
    const from = Number(NextToken);
    const to = from + MaxResults;
    return json({
      // Nothing is decrypted: only what is no secret can be read.
      Parameters: below.slice(from, to).map((Name) => ({
        Name,
        Value: Name.endsWith('/account-id') ? parameters.get(Name) : 'encrypted',
        LastModifiedDate: 0,
      })),
      ...(to < below.length && { NextToken: String(to) }),
    });
  }
}

const wanted = z.object({ Names: z.array(z.string()) });
const listed = z.object({ Path: z.string(), MaxResults: z.number(), NextToken: z._default(z.string(), '0') });

function json(answer: object) {
  return {
    status: 200,
    headers: { 'Content-Type': 'application/x-amz-json-1.1' },
    body: JSON.stringify(answer),
  };
}
