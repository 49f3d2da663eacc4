import { GetParametersCommand, SSMClient } from '@aws-sdk/client-ssm';
import { beforeEach, describe, expect, test } from '@jest/globals';
import { mockClient } from 'aws-sdk-client-mock';
import { fakeClock } from 'duo-simulator';
import { CredentialsError } from '../src/errors';
import { environmentCredentials, ssmCredentials } from '../src/run/credentials';

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
        "missing SSM parameters /duo/prod/ikey, /duo/prod/skey in this region. Put all three there; this command keeps the secret key out of the shell's history: duo credentials put --stage <stage>",
      ),
    );
  });

  test('that may not be read say which permissions to grant, and are asked for again the next time', async () => {
    ssm.on(GetParametersCommand).rejectsOnce(new Error('not authorized')).resolves(complete);
    const kept = provider();
    await expect(kept.get()).rejects.toThrow(
      'SSM parameters below /duo/prod cannot be read: Error not authorized; the function needs ssm:GetParameters on them and kms:Decrypt on their key',
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
    'Error aborted; the function needs ssm:GetParameters',
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
