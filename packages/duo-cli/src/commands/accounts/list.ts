import type { Command } from '@commander-js/extra-typings';
import type * as z from 'zod/mini';
import { allLogs } from '../../logs/find-log';
import { command } from '../../operator/command';
import { table } from '../../operator/table';
import { durationText, plural } from '../../operator/words';
import type { World } from '../../operator/world';
import { storedAccounts } from '../../stage/credentials/stored-accounts';
import { readStage } from '../../stage/stage';
import { accountStandings } from '../../state/accounts';
import { openTarget } from '../../store/target';
import type { accountsListJson } from './json';

type Listed = z.infer<typeof accountsListJson>[number];

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
  const target = await openTarget({ stage }, world);
  const known = await storedAccounts(stage, world.env);
  const now = world.clock.now();
  const names = known.map(({ name }) => name);
  const standings = await accountStandings(target, names, await allLogs());
  const listed = known.map(({ name, accountId }): Listed => {
    const own = standings.filter(({ account }) => account === name);
    const [worst] = own.filter(({ checkpoint }) => checkpoint !== null);
    return {
      account: name,
      accountId,
      worst: worst?.checkpoint
        ? {
            logType: worst.logType,
            behindSeconds: Math.max(0, Math.round((now - worst.checkpoint.watermark) / 1000)),
          }
        : null,
      problems: own.flatMap(({ problem }) => problem ?? []),
    };
  });
  return listed.sort((one, other) => rank(other) - rank(one));
}

/** What cannot be read may be any time behind. */
function rank({ worst, problems }: Listed): number {
  return problems.length > 0 ? Number.MAX_SAFE_INTEGER : (worst?.behindSeconds ?? 0);
}

const help = `
What cannot be read comes first, then the one that is furthest behind. Accounts
are known by the names of their parameters below /duo/<stage>/accounts; nothing
is decrypted.

It needs ssm:GetParametersByPath on them, cloudformation:ListExports, and
s3:ListBucket and s3:GetObject on the bucket.

  ${command} accounts list --stage prod
  ${command} accounts list --stage prod --json`;
