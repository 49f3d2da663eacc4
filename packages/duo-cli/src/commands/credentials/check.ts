import { SSMClient } from '@aws-sdk/client-ssm';
import type { Command } from '@commander-js/extra-typings';
import { type Credentials, ssmCredentials } from 'duo-core';
import { anyLog, findLog } from '../../logs/find-log';
import { command } from '../../operator/command';
import type { World } from '../../operator/world';
import { awsOptions, regionOf } from '../../stage/aws';
import { storedCredentials } from '../../stage/credentials/stored-credentials';
import { tryCredentials } from '../../stage/credentials/try-credentials';
import { credentialsPath, parameterPath } from '../../stage/names';
import { readStage } from '../../stage/stage';
import { accountOption } from '../../store/target';
import type { CredentialsCheckJson } from './json';

/** `credentials check`: says whether what is stored for a stage is complete and whether Duo accepts it. */
export function addCredentialsCheck(credentials: Command, world: World): void {
  credentials
    .command('check')
    .description('Reads the credentials of a stage and tries them against Duo. Changes nothing.')
    .requiredOption('--stage <stage>', 'the stage: the name given to sls deploy --stage', readStage)
    .addOption(accountOption)
    .option('--log <log-type>', 'the log to ask Duo for (any of the v2 logs)')
    .option('--json', 'print the result as JSON, even if there is a problem')
    .addHelpText('after', help)
    .action(async ({ stage, account, log, json }) => {
      const logType = log === undefined ? await anyLog() : await findLog(log);
      const region = regionOf(world.env);
      const say = json ? () => {} : world.print;
      const found: CredentialsCheckJson = { stage, region, apiHost: null, answered: null };
      try {
        const stored = await read(stage, account, world);
        found.apiHost = stored.apiHost;
        say(`${credentialsPath(stage, account)} in ${region} is complete, for ${stored.apiHost}.\n`);
        await tryCredentials(stored, logType, world);
        found.answered = logType.path;
        say(`Duo accepts it: it answered GET ${logType.path}.\n`);
      } catch (error) {
        if (error instanceof Error) found.problem = error.message;
        throw error;
      } finally {
        if (json) world.print(`${JSON.stringify(found)}\n`);
      }
    });
}

/** Of an account, as its runs read them: of a child, the keys of its parent. */
function read(stage: string, account: string | undefined, { env, clock }: World): Promise<Credentials> {
  if (account === undefined)
    return storedCredentials(parameterPath(stage), `${command} credentials put --stage ${stage}`, env);
  return ssmCredentials(new SSMClient(awsOptions(env)), parameterPath(stage), clock, account).get();
}

const help = `
It needs ssm:GetParameters on /duo/<stage>/ikey, skey and api-host, and
kms:Decrypt if their key is your own. Duo allows only about one request a minute
on each log, so a run of that log may have to wait. With
--account it needs the same on /duo/<stage>/accounts/<account> and
/duo/<stage>/parent, whose keys are those of a child.

  ${command} credentials check --stage prod
  ${command} credentials check --stage prod --log telephony
  ${command} credentials check --stage prod --account acme`;
