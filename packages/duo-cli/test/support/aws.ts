import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createS3, s3Refusal } from 'duo-contract/s3';
import { close, listen } from 'duo-simulator';
import * as z from 'zod';
import { answerOfSsm, type Parameter } from './aws-ssm';
import { type Asked, createWatch } from './aws-watch';

/** The few calls that the commands make, on the loopback: the SDK is the real one. */
export async function startAws() {
  const s3 = createS3();
  const watch = createWatch();
  /** By bucket/key: the KMS key that the last put named, if it named one. */
  const keys = new Map<string, string | undefined>();
  const parameters: Parameter[] = [];
  const exports = new Map<string, string>();
  const stacks = new Set<string>();
  /** By name: what GetSchedule answers. */
  const schedules = new Map<string, object>();
  /** Where a bucket is, if not wherever it is looked for. */
  const regions = new Map<string, string>();
  /** Actions that are refused, by their names in a policy. */
  const denied = new Set<string>();
  /** By name: what every stack that is there has put out. */
  const outputs = new Map<string, string>();
  /** What a refusal says. */
  const said = { refusal: 'no' };
  /** Whether the next put is refused, before it took effect or although it did. */
  const chaos = { refusePut: (): 'before' | 'after' | 'never' => 'never' };
  const server = createServer((request, response) => void answer(request, response));
  const env = {
    AWS_ENDPOINT_URL: await listen(server),
    AWS_ACCESS_KEY_ID: 'made-up',
    AWS_SECRET_ACCESS_KEY: 'made-up',
    AWS_REGION: 'eu-west-1',
  };
  return {
    env,
    watch,
    objects: s3.objects,
    keys,
    putAt: s3.putAt,
    parameters,
    exports,
    stacks,
    schedules,
    regions,
    denied,
    outputs,
    said,
    chaos,
    close: () => void close(server),
  };

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Uint8Array[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const url = new URL(request.url ?? '', 'http://aws');
    const key = decodeURIComponent(url.pathname.slice(1));
    const sent = Buffer.concat(chunks);
    const body = sent.toString();
    const toS3 = ({ status, headers, body } = s3.answer(request, sent)) =>
      void response.writeHead(status, headers).end(body);
    const xml = (status: number, text: string) =>
      void response.writeHead(status, { 'Content-Type': 'application/xml' }).end(text);
    const json = (status: number, type: string, value: object) =>
      void response.writeHead(status, { 'X-Amzn-ErrorType': type }).end(JSON.stringify(value));
    const target = request.headers['x-amz-target'];
    const action = url.searchParams.has('list-type')
      ? 'ListBucket'
      : `${request.method === 'PUT' ? 'Put' : 'Get'}Object`;
    const asked = askedOf(target, body);
    if (asked !== undefined) {
      const isQuery = target === undefined;
      const no = (code: string, message: string) =>
        isQuery ? xml(403, refusal(code, message)) : json(400, code, { message });
      if (denied.has(asked.action)) return no('AccessDeniedException', said.refusal);
      const answer = watch.answer(asked);
      // CloudFormation has no name of its own for what is not there.
      if (answer === undefined)
        return no(isQuery ? 'ValidationError' : 'ResourceNotFoundException', 'There is no such thing.');
      const result = `${asked.action.split(':')[1]}Result`;
      return typeof answer === 'string'
        ? xml(200, `<R><${result}>${answer}</${result}></R>`)
        : json(200, '', answer);
    }
    const region = regions.get(key.split('/')[0] ?? '');
    if (region !== undefined && !request.headers.authorization?.includes(`/${region}/s3/`)) {
      response.setHeader('X-Amz-Bucket-Region', region);
      toS3(s3Refusal(301, 'PermanentRedirect', 'Elsewhere.'));
    } else if (key !== '' && denied.has(`s3:${action}`)) {
      toS3(s3Refusal(403, 'AccessDenied', said.refusal));
    } else if (String(target).startsWith('AmazonSSM.')) {
      const operation = String(target).slice('AmazonSSM.'.length);
      if (denied.has(`ssm:${operation}`))
        return json(400, 'AccessDeniedException', { message: said.refusal });
      json(200, '', answerOfSsm(operation, JSON.parse(body), parameters));
    } else if (url.pathname.startsWith('/schedules/')) {
      const name = url.pathname.slice('/schedules/'.length);
      if (denied.has('scheduler:GetSchedule'))
        return json(403, 'AccessDeniedException', { Message: said.refusal });
      const schedule = schedules.get(name);
      if (schedule !== undefined) return json(200, '', schedule);
      json(404, 'ResourceNotFoundException', { Message: `Schedule ${name} does not exist.` });
    } else if (body.includes('Action=DescribeStacks')) {
      const name = new URLSearchParams(body).get('StackName') ?? '';
      if (denied.has('cloudformation:DescribeStacks')) return xml(403, refusal('AccessDenied', said.refusal));
      if (!stacks.has(name))
        return xml(400, refusal('ValidationError', `Stack with id ${name} does not exist`));
      const members = [...outputs].map(
        ([key, value]) => `<member><OutputKey>${key}</OutputKey><OutputValue>${value}</OutputValue></member>`,
      );
      const stack = `<member><StackName>${name}</StackName><Outputs>${members.join('')}</Outputs></member>`;
      xml(200, `<R><DescribeStacksResult><Stacks>${stack}</Stacks></DescribeStacksResult></R>`);
    } else if (body.includes('Action=ListExports')) {
      if (denied.has('cloudformation:ListExports')) return xml(403, refusal('AccessDenied', said.refusal));
      const members = [...exports].map(
        ([name, value]) => `<member><Name>${name}</Name><Value>${value}</Value></member>`,
      );
      xml(200, `<R><ListExportsResult><Exports>${members.join('')}</Exports></ListExportsResult></R>`);
    } else if (key.startsWith('no-such-bucket')) {
      toS3(s3Refusal(404, 'NoSuchBucket'));
    } else if (request.method === 'PUT') {
      const refused = chaos.refusePut();
      const no = s3Refusal(403, 'AccessDenied');
      if (refused === 'before') return toS3(no);
      // Nothing of the collector's puts without a condition.
      const { 'if-none-match': absent, 'if-match': expected } = request.headers;
      const put =
        (absent ?? expected) === undefined ? s3Refusal(412, 'PreconditionFailed') : s3.answer(request, sent);
      if (put.status === 200) keys.set(key, keyNamedBy(request));
      toS3(put.status === 200 && refused === 'after' ? no : put);
    } else {
      toS3();
    }
  }
}

/** What of the calls that `createWatch` answers a request is, in AWS's JSON or in its older form. */
function askedOf(target: unknown, body: string): Asked | undefined {
  const [, service = '', operation = ''] =
    /^(Logs|AmazonSQS|GraniteServiceVersion\d+)\w*\.(\w+)$/.exec(String(target)) ?? [];
  if (operation !== '') {
    const input = z.record(z.string(), z.unknown()).parse(JSON.parse(body));
    const prefix = service === 'Logs' ? 'logs' : service === 'AmazonSQS' ? 'sqs' : 'cloudwatch';
    return { action: `${prefix}:${operation}`, input: (name) => input[name] };
  }
  const query = new URLSearchParams(body);
  const named = query.get('Action');
  const older = { ListStackResources: 'cloudformation', ListSubscriptionsByTopic: 'sns' };
  const [, prefix] = Object.entries(older).find(([name]) => name === named) ?? [];
  if (prefix === undefined) return undefined;
  return { action: `${prefix}:${named}`, input: (name) => query.get(name) };
}

/** As S3 takes it: the key's ARN counts only with the kind of encryption. */
function keyNamedBy({ headers }: IncomingMessage): string | undefined {
  if (headers['x-amz-server-side-encryption'] !== 'aws:kms') return undefined;
  return z.string().parse(headers['x-amz-server-side-encryption-aws-kms-key-id']);
}

function refusal(code: string, message: string): string {
  return `<ErrorResponse><Error><Code>${code}</Code><Message>${message}</Message></Error></ErrorResponse>`;
}
