import type { Command } from '@commander-js/extra-typings';
import { anyLog, findLog } from '../../logs/find-log';
import { command } from '../../operator/command';
import { UsageError } from '../../operator/usage-error';
import type { World } from '../../operator/world';
import { regionOf } from '../../stage/aws';
import { readCredentials } from '../../stage/credentials/read-credentials';
import { storedAccounts } from '../../stage/credentials/stored-accounts';
import { storeCredentials } from '../../stage/credentials/stored-credentials';
import { tryCredentials } from '../../stage/credentials/try-credentials';
import { credentialsPath, parameterNames } from '../../stage/names';
import { stageSettings } from '../../stage/settings';
import { readStage } from '../../stage/stage';
import { accountOption } from '../../store/target';

/** `credentials put`: tries credentials against Duo and writes them where the functions of a stage read them. */
export function addCredentialsPut(credentials: Command, world: World): void {
  credentials
    .command('put')
    .description('Tries the credentials against Duo, then stores them for a stage and replaces the old ones.')
    .requiredOption('--stage <stage>', 'the stage: the name given to sls deploy --stage', readStage)
    .addOption(accountOption)
    .option('--file <file>', 'read them from a file, or from standard input (-), instead of asking')
    .option('--log <log-type>', 'the log to ask Duo for when trying them (any of the v2 logs)')
    .option('--no-check', 'store them without trying them')
    .option('--kms-key <arn>', "the key to encrypt them with (the settings' credentialsKmsKeyArn)")
    .addHelpText('after', help)
    .action(async ({ stage, account, file, log, check, kmsKey }) => {
      const settings = await stageSettings(stage);
      // SSM goes back to its own key where none is named.
      const key = kmsKey ?? settings?.credentialsKmsKeyArn ?? undefined;
      if (account !== undefined) await refuseUnknown(account, stage, world);
      const path = credentialsPath(stage, account);
      const values = await readCredentials(file, world);
      if (check) {
        const logType = log === undefined ? await anyLog() : await findLog(log);
        await tryCredentials(values, logType, world);
        world.print(`Duo accepts them: it answered GET ${logType.path}.\n`);
      }
      await storeCredentials(values, path, key, world.env);
      const written = Object.values(parameterNames(path)).join(', ');
      world.print(`Stored ${written} in ${regionOf(world.env)}.\n`);
      if (settings === undefined && key === undefined) world.print(ownKey);
    });
}

/** Throws unless it is an account with keys of its own. */
async function refuseUnknown(account: string, stage: string, { env }: World): Promise<void> {
  const known = (await storedAccounts(stage, env)).find(({ name }) => name === account);
  if (known === undefined)
    throw new UsageError(
      `There is no account ${account}. To add it: ${command} accounts add ${account} --stage ${stage}`,
    );
  if (known.accountId !== null)
    throw new UsageError(
      `${account} is a child of the parent account, whose keys sign for it: ${command} accounts add --parent --stage ${stage}. To give it keys of its own, remove it and add it again: what is stored stays.`,
    );
}

const ownKey = `They are encrypted with SSM's own key: this command does not know the stage's
settings, which are in the checkout. If those name a credentialsKmsKeyArn, run
this again with --kms-key.
`;

const help = `
You find the three values in the Duo Admin Panel under Applications, in the
Admin API application of this collector. It needs only "Grant read log". In a
terminal, this command asks for the values; it does not show the secret key.

--file takes {"ikey":"DI…","skey":"…","apiHost":"api-….duosecurity.com"}
       or the lines DUO_IKEY=DI…, DUO_SKEY=… and DUO_API_HOST=api-…

It writes the SecureStrings /duo/<stage>/api-host, ikey and skey, in this order,
and needs ssm:PutParameter on them. They are encrypted with SSM's own key, or
with the settings' credentialsKmsKeyArn, which takes kms:Encrypt as well. The
settings are in the checkout: elsewhere, name that key with --kms-key.

With --account they are those of an account with keys of its own, below
/duo/<stage>/accounts/<account>; that takes ssm:GetParametersByPath there.

A run that reads them in between may fail; the next one goes on where it
stopped, and no record is lost. Functions pick up new values by themselves, at
the latest when Duo refuses the old ones.

  ${command} credentials put --stage prod
  ${command} credentials put --stage prod --file - < duo.json
  ${command} credentials put --stage prod --account acme`;
