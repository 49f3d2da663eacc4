import type { Command } from '@commander-js/extra-typings';
import type { Credentials, LogType } from 'duo-core';
import { anyLog, findLog } from '../../logs/find-log';
import { command } from '../../operator/command';
import { UsageError } from '../../operator/usage-error';
import { plural } from '../../operator/words';
import type { World } from '../../operator/world';
import { regionOf } from '../../stage/aws';
import { childrenOf, storedParent } from '../../stage/credentials/parent';
import { readCredentials } from '../../stage/credentials/read-credentials';
import { storeChild, storedAccounts } from '../../stage/credentials/stored-accounts';
import { storeCredentials } from '../../stage/credentials/stored-credentials';
import { tryCredentials } from '../../stage/credentials/try-credentials';
import { credentialsPath, parameterNames, parentPath } from '../../stage/names';
import { stageSettings } from '../../stage/settings';
import { readStage } from '../../stage/stage';
import { readAccount } from '../../store/target';
import { refuseOwnAccount, refuseTaken } from './refuse-taken';
import { whenCollected } from './when-collected';

/** `accounts add`: has a stage collect one Duo account more, with keys of its own or as a child of its parent account. */
export function addAccountsAdd(accounts: Command, world: World): void {
  accounts
    .command('add')
    .description('Adds a Duo account to a stage. Needs no deployment.')
    .argument('[account]', 'what to call it; it stands in the names of its objects', readAccount)
    .requiredOption('--stage <stage>', 'whose: the name given to sls deploy --stage', readStage)
    .option('--child <account-id>', 'a child of the parent account, by its id at Duo: DA and 18 characters')
    .option('--parent', 'the keys of the parent account, of an Accounts API application')
    .option('--file <file>', 'read the keys from a file, or from standard input (-), instead of asking')
    .option('--log <log-type>', 'the log that is asked for to try them (any of the v2 logs)')
    .option('--kms-key <arn>', "the key to encrypt them with (the settings' credentialsKmsKeyArn)")
    .addHelpText('after', help)
    .action(async (account, { stage, child, parent = false, file, log, kmsKey }) => {
      if ((account === undefined) !== parent || (parent && child !== undefined))
        throw new UsageError('Give the name of an account, or --parent alone.');
      if (child !== undefined && file !== undefined)
        throw new UsageError("--file has keys, and those of a child are its parent's: leave it out.");
      const settings = await stageSettings(stage);
      const key = kmsKey ?? settings?.credentialsKmsKeyArn ?? undefined;
      const logType = log === undefined ? await anyLog() : await findLog(log);
      if (account === undefined) return putParent(stage, file, key, world);
      await refuseTaken(account, child, stage, world);
      await refuseOwnAccount(stage, account, world);
      if (child === undefined) {
        const keys = await readCredentials(file, world);
        await tryCredentials(keys, logType, world);
        world.print(`Duo accepts them: it answered GET ${logType.path}.\n`);
        await put(keys, credentialsPath(stage, account), key, world);
      } else await putChild(child, account, { stage, logType, key }, world);
      world.print(whenCollected(stage, settings));
    });
}

/** Stores other keys only of the same parent account: those of another one sign for none of the children that are collected. */
async function putParent(
  stage: string,
  file: string | undefined,
  key: string | undefined,
  world: World,
): Promise<void> {
  const keys = await readCredentials(file, world);
  const children = await childrenOf(keys, world);
  const ids = new Set(children.map(({ accountId }) => accountId));
  const known = (await storedAccounts(stage, world.env)).filter(({ accountId }) => accountId !== null);
  const [lost] = known.filter(({ accountId }) => !ids.has(accountId ?? ''));
  // One alone may have left its parent; where none is left, it is another one.
  if (lost !== undefined && known.every(({ accountId }) => !ids.has(accountId ?? '')))
    throw new UsageError(
      `These are the keys of another parent account: it has none of the children that ${stage} collects, like ${lost.name} (${lost.accountId}). Take another stage for it, or remove them first: ${command} accounts remove ${lost.name} --stage ${stage}`,
    );
  world.print(`Duo accepts them, and lists ${plural(children.length, 'child account')}.\n`);
  await put(keys, parentPath(stage), key, world);
  world.print(`Which they are: ${command} accounts discover --stage ${stage}\n`);
}

async function putChild(
  child: string,
  account: string,
  {
    stage,
    logType,
    key,
  }: { readonly stage: string; readonly logType: LogType; readonly key: string | undefined },
  world: World,
): Promise<void> {
  const keys = await storedParent(stage, world.env);
  const found = (await childrenOf(keys, world)).find(({ accountId }) => accountId === child);
  if (found === undefined)
    throw new UsageError(
      `The parent account has no child ${child}. Which there are: ${command} accounts discover --stage ${stage}`,
    );
  await tryCredentials({ ...keys, apiHost: found.apiHost, accountId: child }, logType, world);
  world.print(`Duo shows ${found.name} to the parent's keys: it answered GET ${logType.path}.\n`);
  await storeChild(found, stage, account, key, world.env);
  const path = credentialsPath(stage, account);
  world.print(`Stored ${path}/api-host, ${path}/account-id in ${regionOf(world.env)}.\n`);
}

async function put(
  keys: Credentials,
  path: string,
  key: string | undefined,
  { env, print }: World,
): Promise<void> {
  await storeCredentials(keys, path, key, env);
  print(`Stored ${Object.values(parameterNames(path)).join(', ')} in ${regionOf(env)}.\n`);
}

const help = `
An account has an Admin API application of its own ("Grant read log" and nothing
else), whose three values are asked for, tried and stored; or it is a child of
the stage's parent account (--child), whose keys then sign for it. The parent's
keys (--parent) are those of an Accounts API application, which Duo Support
grants to an owner of the parent account. Given again, they replace those that
are there.

--file takes what credentials put takes.

It writes SecureStrings below /duo/<stage>/accounts/<account>, or of a child its
host and, as a plain text, its id. It needs ssm:PutParameter on them,
ssm:GetParametersByPath on /duo/<stage>/accounts, ssm:GetParameters below it and
on /duo/<stage>/parent, cloudformation:ListExports and s3:ListBucket.

  ${command} accounts add acme --stage prod
  ${command} accounts add --parent --stage prod
  ${command} accounts add north --child DAXXXXXXXXXXXXXXXXXX --stage prod`;
