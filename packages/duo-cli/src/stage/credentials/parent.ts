import { attemptTimeout, type Child, type Credentials, createDuoClient, listChildren } from 'duo-core';
import { command } from '../../operator/command';
import type { World } from '../../operator/world';
import { duoUrl } from '../duo-url';
import { parentPath } from '../names';
import { storedCredentials } from './stored-credentials';

/** The parent's keys of a stage. Throws an error that says how to put them there. */
export function storedParent(stage: string, env: NodeJS.ProcessEnv): Promise<Credentials> {
  return storedCredentials(parentPath(stage), `${command} accounts add --parent --stage ${stage}`, env);
}

/** The children that Duo lists for these keys, which are those of an Accounts API application. Throws as the client does. */
export function childrenOf(
  credentials: Credentials,
  { env, clock }: Pick<World, 'env' | 'clock'>,
): Promise<Child[]> {
  const duo = createDuoClient({
    credentials: { source: 'the parent account', get: async () => credentials, renew() {} },
    clock,
    apiUrl: duoUrl(env),
  });
  return listChildren(duo, clock.now() + attemptTimeout);
}
