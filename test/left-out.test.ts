import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { describe, expect, test } from '@jest/globals';
import { listen } from 'duo-simulator';
import { type BuildOptions, build } from 'esbuild';
import * as z from 'zod/mini';
import { deployedBundle } from '../tools/deployed-bundle';

const core = join(__dirname, '../packages/duo-core');

// An error of S3 and a field of SSM's parameters are named like what is counted.
describe.each([
  ['s3', 'GetObject', ['GetObjectOutput', 'GetObjectRequest', 'InvalidRequest']],
  ['ssm', 'GetParameters', ['GetParametersRequest', 'GetParametersResult', 'SourceResult']],
])('the schemas of %s', (client, command, needed) => {
  const manifest = require.resolve(`@aws-sdk/client-${client}/package.json`, { paths: [core] });
  const file = join(dirname(manifest), 'dist-es/schemas/schemas_0.js');
  const from = `from ${JSON.stringify(file)};`;

  test('are, when all are needed, what they are in the SDK', async () => {
    const ours = load(await bundle(`export * ${from}`));
    const theirs = load(await bundle(`export * ${from}`, { plugins: [] }));
    expect(Object.keys(theirs).length).toBeGreaterThan(100);
    expect(described(ours)).toEqual(described(theirs));
  });

  test('that are deployed are those of the command that is used', async () => {
    const program = await bundle(`import { ${command}$ } ${from} console.log(${command}$);`);
    const inputsAndOutputs = /^const \w+ = "(\w+(?:Request|Result|Output))";$/gm;
    const named = [...readFileSync(file, 'utf8').matchAll(inputsAndOutputs)].map(([, name = '']) => name);
    expect(named.length).toBeGreaterThan(100);
    expect(named.filter((name) => program.includes(`"${name}"`))).toEqual(needed);
  });
});

describe('what SSM refuses', () => {
  const refusals: Readonly<Record<string, number>> = {
    InternalServerError: 500,
    AccessDeniedException: 400,
    InvalidKeyId: 400,
    ThrottlingException: 400,
  };
  const program = `import { SSMClient, GetParametersCommand } from '@aws-sdk/client-ssm';
    const client = new SSMClient({ maxAttempts: 2 });
    const told = ({ name, message, $fault, $metadata: { attempts, httpStatusCode } }) =>
      ({ name, message, $fault, attempts, httpStatusCode });
    const refused = (name) => client.send(new GetParametersCommand({ Names: [name] })).catch(told);
    Promise.all(${JSON.stringify(Object.keys(refusals))}.map(refused)).then((all) => console.log(JSON.stringify(all)));`;

  test('says the same as in the SDK, and is asked for as often', async () => {
    const server = createServer(async (request, response) => {
      const { Names } = asked.parse(JSON.parse(await text(request)));
      const [name] = Names;
      response.writeHead(refusals[name] ?? 200, { 'Content-Type': 'application/x-amz-json-1.1' });
      response.end(JSON.stringify({ __type: `com.amazonaws.ssm#${name}`, message: 'no' }));
    });
    const url = await listen(server);
    const [ours, theirs] = [
      await run(await bundle(program), url),
      await run(await bundle(program, { plugins: [] }), url),
    ];
    server.close();
    for (const [n, [name, httpStatusCode]] of Object.entries(refusals).entries())
      expect(theirs[n]).toMatchObject({ name, message: 'no', httpStatusCode });
    expect(ours).toEqual(theirs);
  });
});

const asked = z.object({ Names: z.tuple([z.string()]) });

/** What a program prints that asks SSM at a URL. */
async function run(program: string, url: string): Promise<unknown[]> {
  const env = {
    ...process.env,
    AWS_ENDPOINT_URL_SSM: url,
    AWS_REGION: 'eu-west-1',
    AWS_ACCESS_KEY_ID: 'made-up',
    AWS_SECRET_ACCESS_KEY: 'made-up',
  };
  const child = spawn(process.execPath, ['-'], { env, stdio: ['pipe', 'pipe', 'inherit'] });
  child.stdin.end(program);
  return z.array(z.unknown()).parse(JSON.parse(await text(child.stdout)));
}

/** The bundle of a program, made as one that is deployed. */
async function bundle(contents: string, options: BuildOptions = {}): Promise<string> {
  const stdin = { contents, resolveDir: core };
  const { outputFiles } = await build({ ...deployedBundle(), ...options, stdin, write: false });
  return outputFiles[0]?.text ?? '';
}

/** What it exports. */
function load(text: string): Record<string, unknown> {
  const module = { exports: {} };
  new Function('module', 'exports', 'require', text)(module, module.exports, require);
  return module.exports;
}

/** Schemas name each other by functions, which are compared by what they give. */
function described(schemas: Record<string, unknown>): Record<string, string> {
  const names = new Map(Object.entries(schemas).map(([name, schema]) => [schema, name]));
  const told = (_key: string, value: unknown): unknown => {
    if (typeof value !== 'function') return value;
    const given: unknown = value();
    return names.get(given) ?? given;
  };
  return Object.fromEntries(
    Object.entries(schemas).map(([name, schema]) => [name, JSON.stringify(schema, told)]),
  );
}
