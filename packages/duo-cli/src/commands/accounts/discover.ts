import type { Command } from '@commander-js/extra-typings';
import { type Child, type Credentials, type LogType, ThrottledError } from 'duo-core';
import type * as z from 'zod/mini';
import { allLogs } from '../../logs/find-log';
import { command } from '../../operator/command';
import { table } from '../../operator/table';
import { plural } from '../../operator/words';
import type { World } from '../../operator/world';
import { childrenOf, storedParent } from '../../stage/credentials/parent';
import { storedAccounts } from '../../stage/credentials/stored-accounts';
import { tryCredentials } from '../../stage/credentials/try-credentials';
import { deployedLogs } from '../../stage/stacks';
import { readStage } from '../../stage/stage';
import type { accountsDiscoverJson } from './json';

type Discovered = z.infer<typeof accountsDiscoverJson>[number];

/** `accounts discover`: the children of the parent account, what is collected of each, and what Duo refuses. */
export function addAccountsDiscover(accounts: Command, world: World): void {
  accounts
    .command('discover')
    .description("Lists the parent account's children, what is collected of each, and what Duo refuses.")
    .requiredOption('--stage <stage>', 'whose: the name given to sls deploy --stage', readStage)
    .option('--no-try', 'do not ask Duo for a record of each log of each child')
    .option('--json', 'print them as JSON')
    .addHelpText('after', help)
    .action(async ({ stage, try: tries, json }) => {
      const keys = await storedParent(stage, world.env);
      const children = await childrenOf(keys, world);
      const known = await storedAccounts(stage, world.env);
      const logs = tries ? await logsOf(stage, world) : [];
      const found: Discovered[] = [];
      for (const child of children) {
        if (tries)
          world.complain(`${child.accountId} ${child.name}: asking for ${plural(logs.length, 'log')}\n`);
        const account = known.find(({ accountId }) => accountId === child.accountId)?.name ?? null;
        found.push({ ...child, account, refused: await refusedOf(child, keys, logs, world) });
      }
      if (json) return world.print(`${JSON.stringify(found)}\n`);
      const rows = found.map(({ accountId, name, account, refused }) => [
        accountId,
        name,
        account ?? 'not collected',
        refused.length === 0
          ? tries
            ? 'nothing'
            : 'not tried'
          : refused.map(({ logType }) => logType).join(' '),
      ]);
      world.print(table([['CHILD', 'NAME', 'ACCOUNT', 'REFUSED'], ...rows]));
      for (const { accountId, name, refused } of found)
        for (const { logType, why } of refused)
          world.print(`\n${name} (${accountId}), ${logType}:\n  ${why}\n`);
      const [first] = found.filter(
        ({ account, refused }) => account === null && refused.length < logs.length,
      );
      if (first !== undefined)
        world.print(
          `\nTo collect one: ${command} accounts add <account> --child ${first.accountId} --stage ${stage}\n`,
        );
    });
}

/** Those that are deployed; where none is, all. */
async function logsOf(stage: string, { env }: World): Promise<readonly LogType[]> {
  const logs = await allLogs();
  const deployed = await deployedLogs(logs, stage, env);
  return deployed.size === 0 ? logs : logs.filter(({ name }) => deployed.has(name));
}

/** What Duo says of each log that it refuses. It waits where Duo asks to: another answer is none. */
async function refusedOf(
  { accountId, apiHost }: Child,
  keys: Credentials,
  logs: readonly LogType[],
  world: World,
): Promise<Discovered['refused']> {
  const refused: Discovered['refused'] = [];
  for (const logType of logs) {
    for (;;) {
      try {
        await tryCredentials({ ...keys, apiHost, accountId }, logType, world);
      } catch (error) {
        if (error instanceof ThrottledError) {
          world.complain('Duo answered 429: waiting 60 s\n');
          await world.clock.sleep(60_000);
          continue;
        }
        refused.push({ logType: logType.name, why: error instanceof Error ? error.message : String(error) });
      }
      break;
    }
  }
  return refused;
}

const help = `
It asks Duo for one record of each deployed log of each child, with the parent's
keys: which logs take them, Duo documents nowhere. --no-try leaves that out.

A child on another Duo deployment is refused as a whole. It needs an Admin API
application of its own: ${command} accounts add <account> --stage prod

It needs ssm:GetParameters on /duo/<stage>/parent, ssm:GetParametersByPath on
/duo/<stage>/accounts, and cloudformation:DescribeStacks.

  ${command} accounts discover --stage prod
  ${command} accounts discover --stage prod --no-try --json`;
