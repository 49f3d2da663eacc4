import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { createSimulator, findLogs, simulatorCredentials } from 'duo-simulator';
import { askedHosts } from '../src/stage/asked';
import { knowsProxies, proxyNotice } from '../src/stage/proxy';
import { startAws } from './support/aws';
import { certificate, startProxy } from './support/connect-proxy';
import { duo } from './support/operator';
import { commandsIn, silentProgram } from './support/program';
import { runProcess } from './support/run-process';

const folder = mkdtempSync(join(tmpdir(), 'duo-proxy-'));
afterAll(() => rmSync(folder, { recursive: true }));

const proxy = 'http://someone:made-up-password@proxy.example.com:3128';
const duoHost = 'api-xxxxxxxx.duosecurity.com';
const awsHost = 'sts.eu-west-1.amazonaws.com';

/** A role that a user takes on, and an account of IAM Identity Center in which somebody is logged in. */
const profiles = `[profile role]
role_arn = arn:aws:iam::123456789012:role/reader
source_profile = user
[profile user]
aws_access_key_id = AKIAIOSFODNN7EXAMPLE
aws_secret_access_key = an-invented-secret-of-forty-characters-x
[profile sso]
sso_session = office
sso_account_id = 123456789012
sso_role_name = reader
[sso-session office]
sso_region = eu-west-1
sso_start_url = https://example.awsapps.com/start
`;
const session = { accessToken: 'made-up', expiresAt: '2100-01-01T00:00:00Z', region: 'eu-west-1' };

/** A stage whose credentials are in an AWS that nobody reaches but through a proxy, as with Duo. */
async function createOffice(isOpen: boolean, profile?: string) {
  const aws = await startAws();
  const simulator = createSimulator({ logs: await findLogs(join(__dirname, '../../../services')) });
  const duoUrl = await simulator.listen();
  const { ikey, skey, apiHost } = simulatorCredentials;
  for (const [name, Value] of Object.entries({ ikey, skey, 'api-host': apiHost }))
    aws.parameters.push({ Name: `/duo/prod/${name}`, Value, Type: 'SecureString' });
  const { AWS_ENDPOINT_URL: awsUrl, ...env } = aws.env;
  const servers: Record<string, string> = { 'ssm.eu-west-1.amazonaws.com': awsUrl, [apiHost]: duoUrl };
  const through = await startProxy((host) => (isOpen ? servers[host] : undefined));
  const file = join(folder, 'company.pem');
  writeFileSync(file, certificate);
  const home = join(folder, '.aws');
  mkdirSync(join(home, 'sso/cache'), { recursive: true });
  writeFileSync(join(home, 'config'), profiles);
  // The CLI and the SDK name it after the session.
  const cached = `${createHash('sha1').update('office').digest('hex')}.json`;
  writeFileSync(join(home, 'sso/cache', cached), JSON.stringify(session));
  const said = await runProcess(
    process.execPath,
    ['--import', 'tsx', join(__dirname, '../src/main.ts'), 'credentials', 'check', '--stage', 'prod'],
    {
      cwd: join(__dirname, '../../..'),
      env: {
        PATH: process.env.PATH,
        HOME: folder,
        ...env,
        ...(profile && { AWS_PROFILE: profile }),
        HTTPS_PROXY: through.url.replace('//', '//someone:made-up-password@'),
        NODE_EXTRA_CA_CERTS: file,
      },
      input: '',
    },
  );
  await simulator.close();
  aws.close();
  through.close();
  return { ...said, tunnels: through.tunnels };
}

test('Node.js 22.21, 24.5 and later know proxies, and no earlier one', () => {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const first = { 20: Number.POSITIVE_INFINITY, 22: 21, 24: 5 }[major] ?? 0;
  expect(knowsProxies).toBe(minor >= first);
});

// Elsewhere the process would ask the real AWS.
if (knowsProxies) {
  describe('where Node.js knows proxies', () => {
    test('AWS and Duo are asked through the one that HTTPS_PROXY names, and its password is not shown', async () => {
      const { exitCode, out, err, tunnels } = await createOffice(true);
      expect({ exitCode, err }).toEqual({ exitCode: 0, err: '' });
      expect(out).toContain('Duo accepts it');
      expect(tunnels).toEqual([
        'someone:made-up-password ssm.eu-west-1.amazonaws.com:443',
        `someone:made-up-password ${simulatorCredentials.apiHost}:443`,
      ]);
    }, 60_000);

    test.each([
      ['role', 'sts'],
      ['sso', 'portal.sso'],
    ])(
      'and so is whoever gives the credentials of the profile %s',
      async (profile, asked) => {
        const { exitCode, tunnels } = await createOffice(false, profile);
        expect(exitCode).toBe(1);
        expect(tunnels).toContain(`someone:made-up-password ${asked}.eu-west-1.amazonaws.com:443`);
      },
      60_000,
    );

    test('what the proxy refuses is said without its password', async () => {
      const { exitCode, out, err, tunnels } = await createOffice(false);
      expect({ exitCode, out }).toEqual({ exitCode: 1, out: '' });
      expect(err).toMatch(
        /Failed to establish tunnel to .*403 Forbidden.* docs\/networks\.md says what it may mean\.\n$/,
      );
      expect(err).not.toContain('made-up-password');
      expect(new Set(tunnels)).toEqual(new Set(['someone:made-up-password ssm.eu-west-1.amazonaws.com:443']));
    }, 60_000);
  });
}

describe('where Node.js knows no proxies', () => {
  const notice = (env: NodeJS.ProcessEnv) => proxyNotice(env, [duoHost, awsHost], false);

  test.each(['HTTPS_PROXY', 'https_proxy'])('it is said that %s is set, and not what it is', (name) => {
    expect(notice({ [name]: proxy })).toBe(
      `This command does not use the proxy: ${name} is set, but Node.js ${process.versions.node} does not support it. Node.js 22.21, 24.5 or later does (docs/networks.md).`,
    );
  });

  test.each([
    '*',
    'amazonaws.com,duosecurity.com',
    ' .amazonaws.com  *.duosecurity.com ',
    `${awsHost}:443,${duoHost}`,
  ])('nothing is said where NO_PROXY=%s excepts all that is asked', (NO_PROXY) => {
    expect(notice({ HTTPS_PROXY: proxy, NO_PROXY })).toBeUndefined();
  });

  test.each(['amazonaws.com', 'localhost,127.0.0.1', 'security.com'])('NO_PROXY=%s does not', (NO_PROXY) => {
    expect(notice({ HTTPS_PROXY: proxy, NO_PROXY })).toContain('HTTPS_PROXY is set');
  });

  test('nothing is said where there is none, or only one for http', () => {
    expect(notice({})).toBeUndefined();
    expect(notice({ HTTP_PROXY: proxy, HTTPS_PROXY: '' })).toBeUndefined();
  });
});

test('those are told that ask Duo, with a store alone as well', () => {
  const asking = commandsIn(silentProgram()).filter(([, one]) => askedHosts(one, {}).length > 0);
  expect(asking.map(([name]) => name).toSorted()).toEqual([
    'backfill',
    'collect',
    'credentials check',
    'credentials put',
    'doctor',
    'verify',
  ]);
});

test('a command says it once, before anything else', async () => {
  const { err } = await duo('credentials put --stage prod --file /nowhere', { env: { HTTPS_PROXY: proxy } });
  expect(err).toMatch(
    knowsProxies
      ? /^\/nowhere cannot be read\.\n$/
      : /^This command does not use the proxy: HTTPS_PROXY [^\n]*\n\/nowhere cannot be read\.\n$/,
  );
});

test.each(['socks5://127.0.0.1:1080', 'proxy.example.com:3128', 'http://someone:made-up-password@a b'])(
  'HTTPS_PROXY=%s is no proxy that Node.js goes through: that is said, without repeating it',
  async (HTTPS_PROXY) => {
    const env = { HTTPS_PROXY };
    const { err } = await duo('credentials put --stage prod --file /nowhere', { env });
    expect(err).toBe(
      'This command does not use the proxy: HTTPS_PROXY must be http:// or https:// with a host and a port, like http://proxy.example.com:3128 (docs/networks.md).\n/nowhere cannot be read.\n',
    );
    // What asks nobody does not need one.
    const local = await duo('status --store file:///tmp/there-is-no-such-directory', { env });
    expect(local.err).toMatch(/^Nothing was collected into /);
  },
);
