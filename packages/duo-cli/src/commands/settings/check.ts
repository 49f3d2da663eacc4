import type { Command } from '@commander-js/extra-typings';
import { command } from '../../operator/command';
import type { World } from '../../operator/world';
import { settingsNotice } from '../../stage/explained-settings';
import { readStage } from '../../stage/stage';

/** `settings check`: whether a deployment of a stage would take its settings. */
export function addSettingsCheck(settings: Command, world: World): void {
  settings
    .command('check')
    .description('Says what is wrong with the settings of a stage, if something is. Asks AWS for nothing.')
    .requiredOption('--stage <stage>', 'whose: the name given to sls deploy --stage', readStage)
    .addHelpText('after', help)
    .action(async ({ stage }) => {
      const notice = await settingsNotice(stage);
      world.print(`${notice.join(' ')}\n${lookedAt}\n`);
    });
}

const lookedAt =
  'Nothing is wrong with the name of the stage, the keys and values in the settings, and how they go together. Not looked at: whether the bucket, keys, subnets and addresses that they name exist.';

const help = `
It refuses what a deployment would refuse, with the file and the key, and exits
with 1 then. A stage without a file has the defaults, and that is said.

  ${command} settings check --stage prod`;
