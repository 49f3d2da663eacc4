import { type Command, Option } from '@commander-js/extra-typings';
import type { LogType } from 'duo-core';
import { allLogs } from '../../logs/find-log';
import { command } from '../../operator/command';
import { table } from '../../operator/table';
import { UsageError } from '../../operator/usage-error';
import type { World } from '../../operator/world';
import { childrenOf, storedParent } from '../../stage/credentials/parent';
import { storedAccounts } from '../../stage/credentials/stored-accounts';
import { stageSettings } from '../../stage/settings';
import { deployedLogs } from '../../stage/stacks';
import { readStage } from '../../stage/stage';
import { addFound } from './add-found';
import type { Discovered } from './json';
import { tryChildren } from './try-children';

/** `accounts discover`: the children of the parent account, what is collected of each, and what Duo refuses. */
export function addAccountsDiscover(accounts: Command, world: World): void {
  accounts
    .command('discover')
    .description("Lists the parent account's children, what is collected of each, and what Duo refuses.")
    .requiredOption('--stage <stage>', 'whose: the name given to sls deploy --stage', readStage)
    .option('--no-try', 'do not ask Duo for a record of each log of each child')
    .option('--add', 'add those that are not collected and of which Duo refuses nothing')
    .option('--yes', 'with --add: do not ask')
    .addOption(new Option('--kms-key <arn>', 'with --add: see accounts add --help'))
    .option('--json', 'print them as JSON')
    .addHelpText('after', help)
    .action(async ({ stage, try: tries, add = false, yes = false, kmsKey, json = false }) => {
      if (add && !tries) throw new UsageError('--add has to try them: leave out --no-try.');
      const keys = await storedParent(stage, world.env);
      const children = await childrenOf(keys, world);
      const known = await storedAccounts(stage, world.env);
      const logs = tries ? await logsOf(stage, world) : [];
      const refused = await tryChildren(children, keys, logs, world);
      let found: readonly Discovered[] = children.map((child, n) => ({
        ...child,
        account: known.find(({ accountId }) => accountId === child.accountId)?.name ?? null,
        refused: refused[n] ?? [],
      }));
      if (!json) world.print(...text(found, logs));
      if (add) {
        const settings = await stageSettings(stage);
        const key = kmsKey ?? settings?.credentialsKmsKeyArn ?? undefined;
        const names = known.map(({ name }) => name);
        const say = json ? world.complain : world.print;
        found = await addFound(found, names, { stage, settings, key, yes, say }, world);
      }
      if (json) return world.print(`${JSON.stringify(found)}\n`);
      const left = found.find(({ account, refused: of }) => account === null && of.length <= logs.length - 1);
      const next = left ?? (tries ? undefined : found.find(({ account }) => account === null));
      if (next !== undefined)
        world.print(
          `\nTo collect one: ${command} accounts add <account> --child ${next.accountId} --stage ${stage}\n`,
        );
    });
}

/** Those that are deployed; where none is, all. */
async function logsOf(stage: string, { env }: World): Promise<readonly LogType[]> {
  const logs = await allLogs();
  const deployed = await deployedLogs(logs, stage, env);
  return deployed.size === 0 ? logs : logs.filter(({ name }) => deployed.has(name));
}

function text(found: readonly Discovered[], logs: readonly LogType[]): string[] {
  const rows = found.map(({ accountId, name, account, refused }) => [
    accountId,
    name,
    account ?? 'not collected',
    refusedText(refused, logs),
  ]);
  const reasons = found.flatMap(({ accountId, name, refused }) =>
    // One sentence for all logs of which Duo says the same, but for which log it is.
    [...new Set(refused.map(said))].map((why) => {
      const of = refused.filter((one) => said(one) === why).map(({ logType }) => logType);
      return `\n${name} (${accountId}), ${of.join(', ')}:\n  ${why}\n`;
    }),
  );
  return [table([['CHILD', 'NAME', 'ACCOUNT', 'REFUSED'], ...rows]), ...reasons];
}

function said({ why }: Discovered['refused'][number]): string {
  return why.replace(/^GET \S+: /, '');
}

function refusedText(refused: Discovered['refused'], logs: readonly LogType[]): string {
  if (logs.length === 0) return 'not tried';
  if (refused.length === 0) return 'nothing';
  return refused.length === logs.length ? 'all' : refused.map(({ logType }) => logType).join(' ');
}

const help = `
It asks Duo for one record of each deployed log of each child, with the parent's
keys: which logs take them, Duo documents nowhere. --no-try leaves that out.

A child on another Duo deployment is refused as a whole. It needs an Admin API
application of its own: ${command} accounts add <account> --stage prod

--add shows the names that it makes from those in Duo's Admin Panel, and asks.
The name stands in the names of all objects: accounts add takes another one.

It needs ssm:GetParameters on /duo/<stage>/parent, ssm:GetParametersByPath on
/duo/<stage>/accounts, and cloudformation:DescribeStacks; --add needs what
accounts add --child needs.

  ${command} accounts discover --stage prod
  ${command} accounts discover --stage prod --no-try --json
  ${command} accounts discover --stage prod --add`;
