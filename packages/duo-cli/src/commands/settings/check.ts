import { basename } from 'node:path';
import type { Command } from '@commander-js/extra-typings';
import { command } from '../../operator/command';
import type { World } from '../../operator/world';
import { fileMeant, settingsNotice } from '../../stage/explained-settings';
import { readStage } from '../../stage/stage';

/** `settings check`: whether a deployment of a stage would take its settings. */
export function addSettingsCheck(settings: Command, world: World): void {
  settings
    .command('check')
    .description('Says what is wrong with the settings of a stage, if anything. Does not ask AWS.')
    .requiredOption('--stage <stage>', 'the stage: the name given to sls deploy --stage', readStage)
    .addHelpText('after', help)
    .action(async ({ stage }) => {
      const notice = await settingsNotice(stage);
      world.print(`${notice.join(' ')}\n${lookedAt}\n`);
      const meant = await fileMeant(stage);
      if (meant === undefined) return;
      throw new Error(
        `Was --stage ${basename(meant, '.yml')} meant? If ${stage} is a stage of its own, give it a file; an empty one takes the defaults.`,
      );
    });
}

const lookedAt =
  'The name of the stage is valid, and so are the keys and values of the settings and their combination. Not checked: whether the bucket, keys, subnets and addresses that they name exist.';

const help = `
If a deployment would refuse something, this command names the file and the key,
and exits with 1. It says so if a stage has no file: it then has the defaults.
It exits with 1 as well if another stage with a file is called nearly the same.

  ${command} settings check --stage prod`;
