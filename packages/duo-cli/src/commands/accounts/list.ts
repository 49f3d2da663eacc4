import type { Command } from '@commander-js/extra-typings';
import { atMost, loadCheckpoint } from 'duo-core';
import type * as z from 'zod/mini';
import { allLogs } from '../../logs/find-log';
import { command } from '../../operator/command';
import { table } from '../../operator/table';
import { durationText, plural } from '../../operator/words';
import type { World } from '../../operator/world';
import { storedAccounts } from '../../stage/credentials/stored-accounts';
import { readStage } from '../../stage/stage';
import { openTarget } from '../../store/target';
import type { accountsListJson } from './json';

type Listed = z.infer<typeof accountsListJson>[number];

/** How many checkpoints are read at once. */
const width = 32;

/** `accounts list`: the accounts of a stage, and how far behind the worst log of each is. */
export function addAccountsList(accounts: Command, world: World): void {
  accounts
    .command('list')
    .description('Lists the accounts of a stage, and how far behind each is. Asks Duo nothing.')
    .requiredOption('--stage <stage>', 'whose: the name given to sls deploy --stage', readStage)
    .option('--json', 'print them as JSON')
    .addHelpText('after', help)
    .action(async ({ stage, json }) => {
      const listed = await readAccounts(stage, world);
      if (json) return world.print(`${JSON.stringify(listed)}\n`);
      if (listed.length === 0)
        return world.print(
          `The stage ${stage} has no accounts: ${command} accounts add <account> --stage ${stage}\n`,
        );
      const rows = listed.map(({ account, accountId, worst, problems }) => [
        account,
        accountId ?? 'own keys',
        worst === null ? 'none yet' : durationText(worst.behindSeconds * 1000),
        problems.length > 0 ? 'unreadable' : (worst?.logType ?? '-'),
      ]);
      world.print(
        table([['ACCOUNT', 'DUO', 'BEHIND', 'WORST LOG'], ...rows]),
        `\n${plural(listed.length, 'account')}\n`,
      );
      const unreadable = listed.flatMap(({ problems }) => problems);
      if (unreadable.length > 0) throw new Error(unreadable.join('\n'));
    });
}

async function readAccounts(stage: string, world: World): Promise<Listed[]> {
  const { store } = await openTarget({ stage }, world);
  const known = await storedAccounts(stage, world.env);
  const logs = await allLogs();
  const now = world.clock.now();
  const listed: Listed[] = known.map(({ name, accountId }) => ({
    account: name,
    accountId,
    worst: null,
    problems: [],
  }));
  const looks = listed.flatMap((one) => logs.map(({ name }) => ({ one, logType: name })));
  await atMost(width, looks, async ({ one, logType }) => {
    try {
      const saved = await loadCheckpoint(store, { logType, account: one.account });
      if (saved === null) return;
      const behindSeconds = Math.max(0, Math.round((now - saved.state.watermark) / 1000));
      if (behindSeconds > (one.worst?.behindSeconds ?? -1)) one.worst = { logType, behindSeconds };
    } catch (error) {
      one.problems.push(error instanceof Error ? error.message : String(error));
    }
  });
  return listed.sort((one, other) => (other.worst?.behindSeconds ?? 0) - (one.worst?.behindSeconds ?? 0));
}

const help = `
The one that is furthest behind comes first. Accounts are known by the names of
their parameters below /duo/<stage>/accounts; nothing is decrypted.

It needs ssm:GetParametersByPath on them, cloudformation:ListExports, and
s3:ListBucket and s3:GetObject on the bucket.

  ${command} accounts list --stage prod
  ${command} accounts list --stage prod --json`;
