import type { Command } from '@commander-js/extra-typings';
import { type Credentials, isAccountName, refuseMixture } from 'duo-core';
import { allLogs, anyLog, findLog } from '../../logs/find-log';
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
import { openTarget } from '../../store/target';

/** `accounts add`: has a stage collect one Duo account more, with keys of its own or as a child of its parent account. */
export function addAccountsAdd(accounts: Command, world: World): void {
  accounts
    .command('add')
    .description('Has a stage collect one Duo account more. Needs no deployment.')
    .argument('[account]', 'what to call it; it stands in the names of its objects')
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
      const settings = await stageSettings(stage);
      const key = kmsKey ?? settings?.credentialsKmsKeyArn ?? undefined;
      const logType = log === undefined ? await anyLog() : await findLog(log);
      if (account === undefined) {
        const keys = await readCredentials(file, world);
        const children = await childrenOf(keys, world);
        world.print(`Duo accepts them, and lists ${plural(children.length, 'child account')}.\n`);
        return put(keys, parentPath(stage), key, world);
      }
      if (!isAccountName(account)) throw new UsageError(nameProblem);
      await refuseTaken(account, child, stage, world);
      if (child === undefined) {
        const keys = await readCredentials(file, world);
        await tryCredentials(keys, logType, world);
        world.print(`Duo accepts them: it answered GET ${logType.path}.\n`);
        await put(keys, credentialsPath(stage, account), key, world);
      } else {
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
      world.print(
        settings === undefined || settings.accounts
          ? `Within five minutes it is collected: ${command} accounts list --stage ${stage}\n`
          : `The settings of ${stage} do not say accounts: true. Set it, and deploy: npx pnpm sls deploy --stage ${stage}\n`,
      );
    });
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

/** Throws where the name or the child is taken, or the stage has collected its own account. */
async function refuseTaken(
  account: string,
  child: string | undefined,
  stage: string,
  world: World,
): Promise<void> {
  const known = await storedAccounts(stage, world.env);
  if (known.some(({ name }) => name === account))
    throw new UsageError(
      `There is an account ${account} already. To give it other keys: ${command} credentials put --stage ${stage} --account ${account}`,
    );
  const same = known.find(({ accountId }) => child !== undefined && accountId === child);
  if (same !== undefined) throw new UsageError(`${child} is collected already, as ${same.name}.`);
  const { store } = await openTarget({ stage }, world);
  for (const { name } of await allLogs()) await refuseMixture(store, { logType: name, account });
}

const nameProblem =
  "An account's name consists of small letters, digits and hyphens, begins with a letter and has at most 40.";

const help = `
An account has an Admin API application of its own ("Grant read log" and nothing
else), whose three values are asked for, tried and stored; or it is a child of
the stage's parent account (--child), whose keys then sign for it. The parent's
keys (--parent) are those of an Accounts API application, which Duo Support
grants to an owner of the parent account.

--file takes what credentials put takes.

It writes SecureStrings below /duo/<stage>/accounts/<account>, or of a child its
host and, as a plain text, its id. It needs ssm:PutParameter on them,
ssm:GetParametersByPath on /duo/<stage>/accounts, ssm:GetParameters on
/duo/<stage>/parent, cloudformation:ListExports and s3:ListBucket.

  ${command} accounts add acme --stage prod
  ${command} accounts add --parent --stage prod
  ${command} accounts add north --child DAXXXXXXXXXXXXXXXXXX --stage prod`;
