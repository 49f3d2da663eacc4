import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { close, listen } from 'duo-simulator';

/*
 * A service that is there only where the settings say so, like services/accounts with accounts: true, in a stage whose settings do not.
 * `sls deploy` at the root comes by there in every stage.
 */

const services = [
  ['accounts', 'duo-accounts-prod still starts runs'],
  ['lake', 'duo-lake-prod still turns what is stored into Parquet'],
];

const notThere =
  '<ErrorResponse><Error><Type>Sender</Type><Code>ValidationError</Code><Message>Stack with id x does not exist</Message></Error></ErrorResponse>';
const there =
  '<DescribeStacksResponse><DescribeStacksResult><Stacks><member><StackName>x</StackName></member></Stacks></DescribeStacksResult></DescribeStacksResponse>';

let aws: Server;
let url: string;
let asked: string[];
let hasStack: boolean;
let output: string;

beforeEach(async () => {
  asked = [];
  hasStack = false;
  output = mkdtempSync(join(tmpdir(), 'duo-only-with-'));
  aws = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const action = new URLSearchParams(Buffer.concat(chunks).toString()).get('Action') ?? request.url ?? '';
      // For `remove`, the framework asks who is asking, and does not care.
      if (action !== 'GetCallerIdentity') asked.push(action);
      const isFound = action === 'DescribeStacks' && hasStack;
      response.writeHead(isFound ? 200 : 400, { 'Content-Type': 'text/xml' }).end(isFound ? there : notThere);
    });
  });
  url = await listen(aws);
});

afterEach(async () => {
  await close(aws);
  rmSync(output, { recursive: true });
});

/** Runs the framework as compose does. */
async function sls(service: string, ...command: string[]) {
  const child = spawn(
    process.execPath,
    [require.resolve('serverless/bin/serverless.js'), ...command, '--stage', 'prod'],
    {
      cwd: join(__dirname, '..', 'services', service),
      env: {
        PATH: process.env.PATH,
        HOME: output,
        SETTINGS_FOLDER: output,
        SLS_SCHEMA_CACHE_BASE_DIR: homedir(),
        ESBUILD_WORK_FOLDER: `.esbuild-without-${process.pid}`,
        AWS_ACCESS_KEY_ID: 'made-up',
        AWS_SECRET_ACCESS_KEY: 'made-up',
        AWS_ENDPOINT_URL: url,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  const told = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const)
    child[name].on('data', (chunk) => {
      told[name] += chunk;
    });
  const code = await new Promise((resolve) => child.on('close', resolve));
  return { code, ...told };
}

describe.each(services)('in a stage without %s', (service, still) => {
  const line = `no ${service} in the stage prod, so there is no duo-${service}-prod`;

  test('sls package makes no template, and asks AWS for nothing', async () => {
    const { code, stderr } = await sls(service, 'package', '--package', join(output, 'package'));
    expect({ code, asked }).toEqual({ code: 0, asked: [] });
    expect(stderr).toContain(line);
    expect(existsSync(join(output, 'package'))).toBe(false);
  });

  test('sls deploy makes nothing, and tells compose that nothing has changed', async () => {
    const { code, stderr } = await sls(service, 'deploy');
    expect({ code, asked }).toEqual({ code: 0, asked: ['DescribeStacks'] });
    // The second sentence is the one that @osls/compose looks for.
    expect(stderr).toContain(`${line}. No changes to deploy. Deployment skipped.`);
  });

  test('sls info, which compose asks after a deployment, answers YAML without outputs', async () => {
    expect(await sls(service, 'info', '--verbose')).toMatchObject({
      code: 0,
      stdout: `${service}: ${line}\n`,
    });
  });

  test('sls remove finds nothing to remove', async () => {
    const { code, stderr } = await sls(service, 'remove');
    expect({ code, asked }).toEqual({ code: 0, asked: ['DescribeStacks'] });
    expect(stderr).toContain(line);
  });

  test('that had them once, sls deploy says that the stack has to be removed, and how', async () => {
    hasStack = true;
    const { code, stdout } = await sls(service, 'deploy');
    expect({ code, asked }).toEqual({ code: 1, asked: ['DescribeStacks'] });
    expect(stdout).toContain(
      `do not say ${service}: true any more, and ${still}: remove it with npx pnpm sls ${service}:remove --stage prod`,
    );
  });
});
