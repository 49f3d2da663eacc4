import type { Command } from '@commander-js/extra-typings';
import { command } from '../../operator/command';
import { UsageError } from '../../operator/usage-error';
import type { World } from '../../operator/world';
import { regionOf } from '../../stage/aws';
import { deleteParameters, parametersOf } from '../../stage/credentials/stored-accounts';
import { readStage } from '../../stage/stage';
import { openTarget, readAccount } from '../../store/target';

/** `accounts remove`: has a stage collect an account no more. What is stored of it stays. */
export function addAccountsRemove(accounts: Command, world: World): void {
  accounts
    .command('remove')
    .description('Stops collecting an account. What is stored of it stays.')
    .argument('<account>', 'its name', readAccount)
    .requiredOption('--stage <stage>', 'whose: the name given to sls deploy --stage', readStage)
    .option('--yes', 'do not ask')
    .addHelpText('after', help)
    .action(async (account, { stage, yes = false }) => {
      const { store } = await openTarget({ stage }, world);
      const names = await parametersOf(stage, account, world.env);
      if (names.length === 0)
        throw new UsageError(
          `There is no account ${account} in ${regionOf(world.env)}. Which there are: ${command} accounts list --stage ${stage}`,
        );
      world.print(`These parameters are deleted: ${names.join(', ')}.\n`);
      if (!yes) {
        if (world.ask === undefined)
          throw new UsageError('There is no terminal to ask in: add --yes if you want that.');
        if (!(await world.ask.confirm('Delete them?'))) throw new Error('Nothing was changed.');
      }
      await deleteParameters(names, world.env);
      world.print(
        `From the next minute on, no run of ${account} is started. What is stored stays below ${store.url}: logs/<log type>/${account}, its receipts and checkpoints. Under the same name, it would go on from there.\n`,
      );
    });
}

const help = `
It needs ssm:GetParameters and ssm:DeleteParameters on
/duo/<stage>/accounts/<account>/*, and cloudformation:ListExports. A run that
has begun comes to its end.

  ${command} accounts remove acme --stage prod
  ${command} accounts remove acme --stage prod --yes`;
