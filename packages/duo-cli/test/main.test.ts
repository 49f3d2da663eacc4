import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { createSimulator, findLogs, simulatorCredentials } from 'duo-simulator';
import { startAws } from './support/aws';
import { duo } from './support/operator';
import { runProcess } from './support/run-process';

/** Runs the command in a process of its own, as `pnpm duo` does. */
function spawned(args: string[], input: string, env: NodeJS.ProcessEnv) {
  return runProcess(process.execPath, ['--import', 'tsx', join(__dirname, '../src/main.ts'), ...args], {
    cwd: join(__dirname, '../../..'),
    env: { PATH: process.env.PATH, ...env },
    input,
  });
}

test('the command stores what is piped in, and shows no secret', async () => {
  const aws = await startAws();
  const simulator = createSimulator({ logs: await findLogs(join(__dirname, '../../../services')) });
  const env = { ...aws.env, DUO_API_URL: await simulator.listen() };
  const args = ['credentials', 'put', '--stage', 'prod', '--file', '-'];
  const { exitCode, out, err } = await spawned(args, JSON.stringify(simulatorCredentials), env);
  expect({ exitCode, err }).toEqual({ exitCode: 0, err: '' });
  expect(out).toContain('Stored /duo/prod/api-host, /duo/prod/ikey, /duo/prod/skey in eu-west-1.');
  expect(out).not.toContain(simulatorCredentials.skey);
  expect(aws.parameters).toMatchObject([
    { Name: '/duo/prod/api-host', Type: 'SecureString', Overwrite: true },
    { Name: '/duo/prod/ikey' },
    { Name: '/duo/prod/skey', Value: simulatorCredentials.skey },
  ]);
  const wrong = JSON.stringify({ ...simulatorCredentials, skey: 'another-made-up-secret-of-forty-letters.' });
  expect(await spawned(args, wrong, env)).toEqual({
    exitCode: 1,
    out: '',
    err: expect.stringMatching(
      /^GET .*: 401 40103 .*\. The secret key does not belong to this integration key\..*\n$/,
    ),
  });
  await simulator.close();
  aws.close();
}, 60_000);

test.each([
  ['', 'Usage: npx pnpm duo'],
  ['--help', 'Exit codes: 0 done, 1 failed, 2 called the wrong way.'],
  ['credentials --help', 'put [options]'],
  ['credentials put --help', 'the lines DUO_IKEY=DI…'],
  ['credentials check --help', 'Changes nothing.'],
  ['checkpoint import --help', 'Switch the function off first'],
  ['feed --help', 'With --bucket it'],
])('pnpm duo %s explains itself', async (args, said) => {
  expect(await duo(args)).toEqual({ exitCode: 0, out: expect.stringContaining(said), err: '' });
});

test.each(['credentials', 'credentials get', 'feed', 'feeds', '--colour', 'credentials check --stage a b'])(
  'pnpm duo %s is wrong usage',
  async (args) => {
    expect(await duo(args)).toMatchObject({ exitCode: 2, out: '' });
  },
);
