import type { Command } from '@commander-js/extra-typings';
import type { KnownAccount } from 'duo-accounts/known-accounts';
import type { Credentials, LogType } from 'duo-core';
import { allLogs, anyLog, findLog } from '../../logs/find-log';
import { command } from '../../operator/command';
import type { World } from '../../operator/world';
import { regionOf } from '../../stage/aws';
import { credentialsPath, lake, starter } from '../../stage/names';
import { deployedLogs } from '../../stage/stacks';
import { accountsIn, hasAccounts, logsOfAccounts } from '../../state/accounts';
import { storedLogs } from '../../state/gone-checkpoint';
import { savedAt } from '../../state/saved-at';
import { accountOption, openTarget, stageOption, storeOption, type Target } from '../../store/target';
import { checkAccounts } from './accounts';
import { type Check, check } from './check';
import { checkDuo } from './duo';
import { checkKeys, credentialsOf, sampleOf } from './keys';
import { checkLog, checkWatch } from './log/log';
import { lookedAt } from './looked-at';
import { closing, report } from './report';
import { checkStore } from './store';
import { checkTold } from './told';

/** `doctor`: looks at all that has to be in order for records to arrive, and says what to do about what is not. */
export function addDoctor(program: Command, world: World): void {
  program
    .command('doctor')
    .description('Checks what the collector needs, and says what to do about each problem.')
    .argument('[log-type...]', 'the logs to check (all that are deployed, or that the store has)')
    .addOption(stageOption)
    .addOption(storeOption)
    .addOption(accountOption)
    .option('--no-write', 'do not try to write to the store')
    .option('--json', 'print JSON: a list with an object for each check')
    .addHelpText('after', help)
    .action(async (names, { write, json, ...options }) => {
      const named = names.length === 0 ? null : await Promise.all(names.map(findLog));
      const target = await openTarget(options, world);
      const checks = await examine(named, write, target, world);
      const failed = checks.filter(({ state }) => state === 'failed').length;
      if (json) {
        world.print(`${JSON.stringify(checks)}\n`);
      } else {
        const good = failed === 0 ? [goodEnd(checks)] : [];
        world.print(...report(checks), closing([...good, ...lookedAt(checks, target.stage)]));
      }
      if (failed > 0) throw new Error(`${failed} of ${checks.length} checks failed.`);
    });
}

/** Where nothing failed: what nothing can be said of is named, so that nobody takes it for being in order. */
function goodEnd(checks: readonly Check[]): string {
  const open = new Set(checks.filter(({ state }) => state === 'unknown').map(({ check }) => check));
  const but = open.size === 0 ? '' : ` Read what stands beside ? above: ${[...open].join(', ')}.`;
  return `Everything that was checked is in order.${but}`;
}

async function examine(
  named: readonly LogType[] | null,
  write: boolean,
  target: Target,
  world: World,
): Promise<Check[]> {
  const { clock } = world;
  const all = await allLogs();
  const accounts = target.account === undefined ? await accountsOf(target, all) : [];
  const [first, ...others] = sampleOf(accounts);
  let credentials: Credentials | null = null;
  const complete = await check(null, 'credentials', async () => {
    const account = target.account ?? first;
    credentials = await credentialsOf(target, account, clock);
    const where =
      target.stage === null
        ? 'from the environment'
        : `${credentialsPath(target.stage, account)} in ${regionOf(target.env)}`;
    return accounts.length > 1 ? `${where}, as of one of ${accounts.length} accounts` : where;
  });
  const store = await checkStore(target, all, write);
  // If it cannot be listed, the check above says so.
  const saved = await savedAt(all, target).catch(() => new Map<string, number>());
  const { deployed, hasLake, stacks } = await checkStacks(all, target);
  const many = accounts.length > 0;
  const there = deployed ?? (many ? await logsOfAccounts(target, all) : await inStore(target, all, saved));
  const logs = named ?? all.filter(({ name }) => there.has(name));
  const asked = logs.length > 0 ? logs : [await anyLog()];
  const [tried = await anyLog()] = asked;
  const duo = await checkDuo(credentials, asked, { env: target.env, clock });
  const account = apiHostOf(credentials);
  const keys = await Promise.all(others.map((name) => checkKeys(name, tried, target, world)));
  const ofAccounts = many ? await checkAccounts(accounts, logs, target, clock.now()) : [];
  const each = (many ? [] : logs).map((logType) => {
    const permission = duo.find((one) => one.logType === logType.name && one.check === 'permission');
    return checkLog(logType, target, {
      account,
      savedAt: saved.get(logType.name) ?? null,
      permission: permission?.state ?? 'unknown',
      now: clock.now(),
    });
  });
  const told = target.stage === null ? [] : [await checkTold(target.stage, target.env)];
  const found = [
    complete,
    ...duo,
    ...stacks,
    ...store,
    ...told,
    ...ofAccounts,
    ...(hasLake && target.stage !== null
      ? await checkWatch(lake, target.stage, target.env, clock.now())
      : []),
    ...keys,
    ...(await Promise.all(each)).flat(),
  ];
  return [null, ...(many ? [starter] : []), lake, ...asked.map(({ name }) => name)].flatMap((of) =>
    found.filter(({ logType }) => logType === of),
  );
}

/** The logs that a store has a checkpoint or objects of. What cannot be listed, the check of the store says. */
async function inStore(
  target: Target,
  logs: readonly LogType[],
  saved: ReadonlyMap<string, number>,
): Promise<ReadonlySet<string>> {
  const others = logs.filter(({ name }) => !saved.has(name));
  const stored = await storedLogs(others, target).catch(() => new Set<string>());
  return new Set([...saved.keys(), ...stored]);
}

function apiHostOf(credentials: Credentials | null): string | null {
  return credentials?.apiHost.toLowerCase() ?? null;
}

/** The accounts; none where there is the one own account of a stage or a store. */
async function accountsOf(target: Target, logs: readonly LogType[]): Promise<KnownAccount[]> {
  // What cannot be listed, the check of the store says.
  const stored = await hasAccounts(target, logs).catch(() => false);
  if (target.stage === null && !stored) return [];
  // Before the first run there is nothing in the store. Who has no accounts need not be allowed to list them.
  return accountsIn(target, logs).catch(() => (stored ? accountsIn({ ...target, stage: null }, logs) : []));
}

/** A log that is not deployed is no failure: an edition may lack it, and Duo retires some. */
async function checkStacks(logs: readonly LogType[], { stage, env }: Target) {
  let deployed: ReadonlySet<string> | undefined;
  let hasLake = false;
  if (stage === null) return { deployed, hasLake, stacks: [] };
  const stacks = await check(null, 'deployed', async () => {
    const found = await deployedLogs([...logs, { name: lake }], stage, env);
    hasLake = found.has(lake);
    deployed = new Set([...found].filter((name) => name !== lake));
    if (deployed.size === 0)
      throw new Error(`No log type is deployed. Deploy them: npx pnpm sls deploy --stage ${stage}.`);
    const missing = logs.map(({ name }) => name).filter((name) => !deployed?.has(name));
    return `${[...deployed].join(', ')}${missing.length === 0 ? '' : `; not ${missing.join(', ')}`}`;
  });
  return { deployed, hasLake, stacks: [stacks] };
}

const help = `
It checks that the credentials are complete, that Duo is reachable and accepts
the signature, and that this machine's clock agrees with Duo's; that the store
can be read, and written on a condition; and for each log type that
- Duo shows it (one request with limit=1), and when Duo is said to retire it,
- its checkpoint can be read, its schedule is enabled, and the last run that
  saved was recent, by the rules of the alarms (an hour, or three intervals),
- the records stored of the last 24 hours (the newest 8 MB) and the newest three
  objects can be read, every line is a JSON object, and no record is repeated,
- of today's records as many are stored as its checkpoint has counted,
- its days are compared with Duo in time, by the rule of the alarm, and by the
  receipts of the last seven nothing was doubled, astray or deleted.
Where there are several accounts, it looks at the checkpoints of all of them,
tries the keys of at most three, and looks at what starts their runs; --account
checks one as the one account of a stage.
Of a stage, it also looks whether somebody is told of alarms, which alarms are
on, what lies in the queues of failed runs and dead letters, and for the last
error that the functions have logged within two hours; of the lake as well, if
it has one.
Exit code 1 if any check fails (✗); what could not be checked (?) is no failure.

It asks with your permissions and your clock, not with the functions'. To see
whether the store can be written it puts the object state/.doctor.json, which
nobody reads, and leaves it there; --no-write leaves that out. To see what lies
in a queue it receives at most ten messages, with a visibility timeout of 0:
they stay where they are, nobody is kept from them, and none is deleted. It
never touches the queue of new objects, which the SIEM reads.
Duo wants no more than about one request a minute on each log, so a run of that
log may have to wait.

It needs the permissions of docs/operating/is-everything-there.md, of a stage
cloudformation:ListStackResources, cloudwatch:DescribeAlarms,
sqs:GetQueueAttributes, sqs:ReceiveMessage, sns:ListSubscriptionsByTopic and
logs:FilterLogEvents among them: without one of these six, the check that needs
it is left out (?). For accounts it needs ssm:GetParametersByPath on
/duo/<stage>/accounts and ssm:GetParameters below it and on /duo/<stage>/parent.

  ${command} doctor --stage prod
  ${command} doctor --stage prod --no-write --json
  ${command} doctor telephony --stage prod
  ${command} doctor --stage prod --account acme
  ${command} doctor --store file:///var/lib/duo`;
