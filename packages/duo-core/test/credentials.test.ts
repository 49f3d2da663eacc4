import { GetParametersCommand, SSMClient } from '@aws-sdk/client-ssm';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { mockClient } from 'aws-sdk-client-mock';
import { fakeClock } from 'duo-simulator';
import { CredentialsError } from '../src/errors';
import { environmentCredentials } from '../src/run/credentials/environment-credentials';
import { ssmCredentials } from '../src/run/credentials/ssm-credentials';

const ssm = mockClient(SSMClient);
beforeEach(() => {
  ssm.reset();
});

const secret = 'made-up-secret-that-no-message-may-show';
const parameter = (name: string, value: string) => ({ Name: `/duo/prod/${name}`, Value: value });
const complete = {
  Parameters: [
    parameter('api-host', 'api-00000000.duosecurity.com'),
    parameter('skey', secret),
    parameter('ikey', 'DIXXXXXXXXXXXXXXXXXX'),
  ],
};
const credentials = { ikey: 'DIXXXXXXXXXXXXXXXXXX', skey: secret, apiHost: 'api-00000000.duosecurity.com' };
const clock = fakeClock(0);
const provider = () => ssmCredentials(new SSMClient({ region: 'eu-west-1' }), '/duo/prod', clock);

describe('from SSM, credentials', () => {
  test('are three decrypted parameters, fetched by one call and kept until they are renewed', async () => {
    ssm.on(GetParametersCommand).resolves(complete);
    const kept = provider();
    expect([await kept.get(), await kept.get()]).toEqual([credentials, credentials]);
    expect(ssm.commandCalls(GetParametersCommand).map(({ args }) => args[0].input)).toEqual([
      { Names: ['/duo/prod/ikey', '/duo/prod/skey', '/duo/prod/api-host'], WithDecryption: true },
    ]);
    kept.renew();
    await kept.get();
    expect(ssm.commandCalls(GetParametersCommand)).toHaveLength(2);
  });

  test('that are missing are named, with the command that creates one', async () => {
    ssm.on(GetParametersCommand).resolves({
      Parameters: complete.Parameters.slice(0, 1),
      InvalidParameters: ['/duo/prod/ikey', '/duo/prod/skey'],
    });
    await expect(provider().get()).rejects.toThrow(
      new CredentialsError(
        "missing SSM parameters /duo/prod/ikey, /duo/prod/skey in this region. Put all three there; this command keeps the secret key out of the shell's history: npx pnpm duo credentials put --stage <stage>",
      ),
    );
  });

  test('that may not be read say which permissions to grant, and are asked for again the next time', async () => {
    ssm.on(GetParametersCommand).rejectsOnce(new Error('not authorized')).resolves(complete);
    const kept = provider();
    await expect(kept.get()).rejects.toThrow(
      'SSM parameters below /duo/prod cannot be read: Error not authorized; it needs ssm:GetParameters on them and kms:Decrypt on their key',
    );
    expect(await kept.get()).toEqual(credentials);
  });
});

test('SSM is not waited for longer than 20 s', async () => {
  const client = new SSMClient({ region: 'eu-west-1' });
  const sent: unknown[] = [];
  client.send = async (...call: unknown[]) => {
    sent.push(...call);
    clock.advance(20_000);
    throw new Error('aborted');
  };
  await expect(ssmCredentials(client, '/duo/prod', clock).get()).rejects.toThrow(
    'Error aborted; it needs ssm:GetParameters',
  );
  expect(sent[1]).toMatchObject({ abortSignal: { aborted: true } });
});

describe('from the environment, credentials', () => {
  const read = (changes: Record<string, string>) =>
    environmentCredentials({
      DUO_IKEY: credentials.ikey,
      DUO_SKEY: secret,
      DUO_API_HOST: credentials.apiHost,
      ...changes,
    }).get();

  test('are three variables', async () => {
    expect(await read({})).toEqual(credentials);
  });

  test.each(['api-0000.duosecurity.com', 'API-0000.DuoSecurity.com', 'api-ab-12.duofederal.com'])(
    'may be for %s',
    async (host) => {
      expect((await read({ DUO_API_HOST: host })).apiHost).toBe(host);
    },
  );

  test.each([
    'https://api-0000.duosecurity.com',
    'api-0000.duosecurity.com/',
    'api-0000.duosecurity.com.example.com',
    'api-0000.duosecurity.com@example.com',
    'admin-0000.duosecurity.com',
    'example.com',
    'api-.example.com#.duosecurity.com',
    'api-0000.duosecurity.com\n',
  ])('are never sent to %j', async (host) => {
    await expect(read({ DUO_API_HOST: host })).rejects.toThrow(
      'DUO_API_HOST is not a Duo API host: it must look like api-xxxxxxxx.duosecurity.com (or duofederal.com), without https:// and without a path',
    );
  });

  test('with a line break or a space say which, without showing it', async () => {
    const failed = read({ DUO_SKEY: `${secret}\n`, DUO_IKEY: '' });
    await expect(failed).rejects.toThrow(
      'DUO_IKEY is not set; DUO_SKEY is malformed: it contains a space, a line break or another character that keys do not have',
    );
    await expect(failed).rejects.not.toThrow(secret);
  });
});

describe('of an account, credentials', () => {
  const below = (place: string, parts: Record<string, string>) =>
    Object.entries(parts).map(([part, Value]) => ({ Name: `/duo/prod/${place}/${part}`, Value }));
  const read = (...parameters: { Name: string; Value: string }[][]) => {
    ssm.on(GetParametersCommand).resolves({ Parameters: parameters.flat() });
    return ssmCredentials(new SSMClient({ region: 'eu-west-1' }), '/duo/prod', clock, 'acme').get();
  };
  const own = { ikey: 'DIACME00000000000000', skey: secret, 'api-host': 'api-acme.duosecurity.com' };
  const child = { 'account-id': 'DAACME00000000000000', 'api-host': 'api-acme.duosecurity.com' };
  const parent = below('parent', { ikey: 'DIPARENT000000000000', skey: secret });

  test('are those of an application of its own', async () => {
    expect(await read(below('accounts/acme', own))).toEqual({
      ikey: own.ikey,
      skey: secret,
      apiHost: own['api-host'],
    });
    expect(ssm.commandCalls(GetParametersCommand)[0]?.args[0].input.Names).toEqual([
      '/duo/prod/accounts/acme/ikey',
      '/duo/prod/accounts/acme/skey',
      '/duo/prod/accounts/acme/api-host',
      '/duo/prod/accounts/acme/account-id',
      '/duo/prod/parent/ikey',
      '/duo/prod/parent/skey',
    ]);
  });

  test('are the keys of its parent, its own host and its id where it is a child', async () => {
    expect(await read(below('accounts/acme', child), parent)).toEqual({
      ikey: 'DIPARENT000000000000',
      skey: secret,
      apiHost: 'api-acme.duosecurity.com',
      accountId: 'DAACME00000000000000',
    });
  });

  test.each<[string, Record<string, string>, RegExp]>([
    ['nothing', {}, /^there is no account acme: .*duo accounts add acme adds it$/],
    ['no secret key', { ...own, skey: '' }, /^\/duo\/prod\/accounts\/acme\/skey is not set$/],
    [
      'no host',
      { ...child, 'api-host': '' },
      /accounts\/acme\/api-host is not set.*; \/duo\/prod\/parent\/ikey is not set/,
    ],
    [
      'a parent without keys',
      child,
      /^\/duo\/prod\/parent\/ikey is not set; \/duo\/prod\/parent\/skey is not set$/,
    ],
    [
      'both',
      { ...own, ...child },
      /account-id says that acme is a child .*ikey that it has an application of its own/,
    ],
    ['an id that is none', { ...child, 'account-id': 'acme' }, /account-id is not an account's id/],
    ['another host', { ...own, 'api-host': 'example.com' }, /api-host is not a Duo API host/],
  ])('that are not whole say so (%s), without showing a value', async (_what, parts, expected) => {
    const failed = read(below('accounts/acme', parts));
    await expect(failed).rejects.toThrow(expected);
    await expect(failed).rejects.not.toThrow(secret);
  });

  test('in the environment are one of DUO_ACCOUNTS, whose children the other variables sign for', async () => {
    const DUO_ACCOUNTS = JSON.stringify({
      acme: { ikey: own.ikey, skey: secret, apiHost: own['api-host'] },
      north: { accountId: child['account-id'], apiHost: child['api-host'] },
    });
    const env = { DUO_ACCOUNTS, DUO_IKEY: credentials.ikey, DUO_SKEY: secret };
    expect(await environmentCredentials(env, 'acme').get()).toMatchObject({ ikey: own.ikey });
    expect(await environmentCredentials(env, 'north').get()).toEqual({
      ikey: credentials.ikey,
      skey: secret,
      apiHost: child['api-host'],
      accountId: child['account-id'],
    });
    await expect(environmentCredentials(env, 'south').get()).rejects.toThrow('there is no account south');
    const noKeys = environmentCredentials({ DUO_ACCOUNTS }, 'north').get();
    await expect(noKeys).rejects.toThrow('DUO_IKEY is not set; DUO_SKEY is not set');
  });

  test.each(['{', '[]', '{"Big Co":{}}', '{"acme":{"key":"x"}}'])(
    'in the environment that are %s are refused without being shown',
    async (DUO_ACCOUNTS) => {
      await expect(environmentCredentials({ DUO_ACCOUNTS }, 'acme').get()).rejects.toThrow(
        /^DUO_ACCOUNTS must be JSON: /,
      );
    },
  );
});
