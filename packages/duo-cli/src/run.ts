import { Command, type CommandUnknownOpts, type Option } from '@commander-js/extra-typings';
import { CommanderError } from 'commander';
import {
  CredentialsError,
  certificateProblem,
  noAwsCredentials,
  StoreError,
  UnavailableError,
} from 'duo-core';
import { version } from '../package.json';
import { addAccountsAdd } from './commands/accounts/add';
import { addAccountsDiscover } from './commands/accounts/discover';
import { addAccountsList } from './commands/accounts/list';
import { addAccountsRemove } from './commands/accounts/remove';
import { addBackfill } from './commands/backfill/backfill';
import { addCheckpointImport } from './commands/checkpoint/import';
import { addCheckpointReset } from './commands/checkpoint/reset';
import { addCheckpointSet } from './commands/checkpoint/set';
import { addCheckpointShow } from './commands/checkpoint/show';
import { addCollect } from './commands/collect/collect';
import { addCompletion } from './commands/completion/completion';
import { addCredentialsCheck } from './commands/credentials/check';
import { addCredentialsPut } from './commands/credentials/put';
import { addDoctor } from './commands/doctor/doctor';
import { addFeed } from './commands/feed/feed';
import { addLogs } from './commands/logs/logs';
import { addOcsf } from './commands/ocsf/ocsf';
import { addQuery } from './commands/query/query';
import { addReceipts } from './commands/receipts/receipts';
import { addReport } from './commands/report/report';
import { addSettingsCheck } from './commands/settings/check';
import { addSettingsShow } from './commands/settings/show';
import { addStatus } from './commands/status/status';
import { addTail } from './commands/tail/tail';
import { addUdm } from './commands/udm/udm';
import { addVerify } from './commands/verify/verify';
import { command, saidBy } from './operator/command';
import { UsageError } from './operator/usage-error';
import { type Outside, type World, worldOf } from './operator/world';
import { askedHosts } from './stage/asked';
import { AwsError, regionNotice } from './stage/aws';
import { proxyHint, proxyNotice } from './stage/proxy';

/** All commands, which act in this world; `--region` and `--profile` change its environment. */
export function programOf(world: World): Command {
  const { env } = world;
  const program: Command = new Command(command)
    .description('Looks after the collector: says whether it has everything, and what to do if not.')
    .version(`${version}, Node.js ${process.versions.node}`, '--version', 'print the version')
    .helpCommand('help [command]', 'Shows what a command takes.')
    .addHelpText('after', environmentHelp)
    .exitOverride()
    .configureOutput({
      writeOut: world.print,
      writeErr: world.complain,
    })
    .configureHelp({ showGlobalOptions: true, visibleGlobalOptions })
    .showHelpAfterError('Add --help to see what it takes.');
  // Every command takes these, wherever they stand.
  program
    .option('--region <region>', 'the AWS region (AWS_REGION, or us-east-1)')
    .option('--profile <profile>', 'a profile of the AWS CLI (AWS_PROFILE)')
    .option('--debug', 'show where an error comes from');
  program.on('option:region', (region: string) => {
    env.AWS_REGION = region;
  });
  program.on('option:profile', (profile: string) => {
    env.AWS_PROFILE = profile;
  });
  program.hook('preAction', async (_program, action) => {
    const problem = certificateProblem(env);
    if (problem !== undefined) throw new UsageError(`${problem}.`);
    const region = 'stage' in action.opts() ? await regionNotice(env) : undefined;
    for (const notice of [region, proxyNotice(env, askedHosts(action, env))])
      if (notice !== undefined) world.complain(`${notice}\n`);
  });
  addStatus(program, world);
  addDoctor(program, world);
  // Commands that are made by `command` take over these settings.
  const credentials = program
    .command('credentials')
    .description("Stores and checks Duo's keys and API host in SSM Parameter Store.")
    .addHelpText('after', credentialsHelp);
  addCredentialsPut(credentials, world);
  addCredentialsCheck(credentials, world);
  const accounts = program
    .command('accounts')
    .description('The Duo accounts of a stage that has several (setting accounts: true).')
    .addHelpText('after', accountsHelp);
  addAccountsList(accounts, world);
  addAccountsAdd(accounts, world);
  addAccountsDiscover(accounts, world);
  addAccountsRemove(accounts, world);
  const checkpoint = program
    .command('checkpoint')
    .description('The point from which a log goes on: shows, moves, replaces or imports it.')
    .addHelpText('after', checkpointHelp);
  addCheckpointShow(checkpoint, world);
  addCheckpointSet(checkpoint, world);
  addCheckpointReset(checkpoint, world);
  addCheckpointImport(checkpoint, world);
  const settings = program
    .command('settings')
    .description('The settings of a stage: shows where each one comes from, or checks them.')
    .addHelpText('after', settingsHelp);
  addSettingsShow(settings, world);
  addSettingsCheck(settings, world);
  addBackfill(program, world);
  addVerify(program, world);
  addReceipts(program, world);
  addReport(program, world);
  addTail(program, world);
  addQuery(program, world);
  addLogs(program, world);
  addCollect(program, world);
  addFeed(program, world);
  addUdm(program, world);
  addOcsf(program, world);
  addCompletion(program, world);
  return program;
}

/** Runs one command and resolves to its exit code: 0 done, 1 it failed, 2 it was called the wrong way. */
export async function run(args: readonly string[], given: Outside): Promise<0 | 1 | 2> {
  const env = { ...given.env };
  const world = worldOf(given, env);
  const program = programOf(world);
  if (args.length === 0) {
    program.outputHelp();
    return 0;
  }
  try {
    await program.parseAsync(helpOfNothing(args, program) ?? args, { from: 'user' });
    return 0;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    const debug = program.getOptionValue('debug') === true;
    const text = `${debug ? stackOf(error) : messageOf(error)}${hint(error, env)}${proxyHint(messageOf(error))}`;
    world.complain(`${text}\n`);
    return error instanceof UsageError ? 2 : 1;
  }
}

/** `help` of a command that does not exist as a call of it, which says so: commander would print nothing at all. */
function helpOfNothing([first, second]: readonly string[], program: Command): readonly string[] | undefined {
  if (first !== 'help' || second === undefined || second.startsWith('-')) return undefined;
  return program.commands.some((one) => one.name() === second) ? undefined : [second];
}

const credentialsHelp = `
  ${command} credentials put --stage prod
  ${command} credentials check --stage prod`;

const accountsHelp = `
  ${command} accounts list --stage prod
  ${command} accounts add acme --stage prod
  ${command} accounts discover --stage prod`;

const checkpointHelp = `
  ${command} checkpoint show telephony --stage prod
  ${command} checkpoint set telephony --stage prod --watermark 2026-11-01
  ${command} checkpoint reset telephony --stage prod`;

const settingsHelp = `
  ${command} settings show --stage prod
  ${command} settings check --stage prod`;

const environmentHelp = `
Examples:
  ${command} doctor --stage prod
  ${command} status --stage prod --watch
  ${command} logs telephony --stage prod --errors
  ${command} credentials put --stage prod
  ${command} verify telephony --stage prod
Each command has its own: ${command} status --help

Environment:
  AWS_REGION        where the stage is deployed (us-east-1, as for the services)
  AWS_PROFILE, …    whose account, as for the AWS CLI
  AWS_ENDPOINT_URL  another AWS, for trying things out
  STORE_KMS_KEY_ARN a KMS key to put with, where --store is a bucket
  DUO_API_URL       the simulator instead of Duo (npx pnpm simulate)
  HTTPS_PROXY       a company's proxy, and NO_PROXY: docs/networks.md
  NO_COLOR          no colours; there are none in a pipe or a file either

Exit codes: 0 done, 1 failed, 2 called the wrong way.
What --json prints has a schema for each command: docs/json/README.md.`;

/** Not `instanceof`: jest's globals are others than Node's. */
function messageOf(error: unknown): string {
  const message = typeof error === 'object' && error !== null && 'message' in error ? error.message : error;
  // The settings begin theirs on a new line, for the framework's sake.
  return saidBy(String(message).trimStart());
}

/** The collector, whose words these are, knows no options, and tries again by itself. */
function hint(error: unknown, { AWS_PROFILE }: NodeJS.ProcessEnv): string {
  if (error instanceof UnavailableError && !error.message.endsWith('.'))
    return `${error.message.endsWith('?') ? '' : '.'} Try again.`;
  if (
    error instanceof CredentialsError &&
    /^DUO_\w+ is not set/.test(error.message) &&
    !error.message.endsWith('.')
  )
    return '. Export them, or name a stage with --stage.';
  if (reasonOf(error) !== noAwsCredentials) return '';
  return AWS_PROFILE
    ? ` The profile "${AWS_PROFILE}" has no credentials that work: aws sso login --profile ${AWS_PROFILE}, or name another one with --profile.`
    : ' A profile can also be named with --profile.';
}

/** AWS's name of what has failed, if it was AWS. */
function reasonOf(error: unknown): string | undefined {
  if (error instanceof AwsError || error instanceof CredentialsError || error instanceof StoreError)
    return error.reason;
  return error instanceof Error ? reasonOf(error.cause) : undefined;
}

/** Its causes are left out: one may hold a request and its signature. */
function stackOf(error: unknown): string {
  const stack = typeof error === 'object' && error !== null && 'stack' in error ? error.stack : undefined;
  return String(stack ?? messageOf(error));
}

/** Those that a command does not describe itself. */
function visibleGlobalOptions(command: CommandUnknownOpts): Option[] {
  const own = command.options.map(({ long }) => long);
  const ancestors: CommandUnknownOpts[] = [];
  for (let one = command.parent; one !== null; one = one.parent) ancestors.push(one);
  return ancestors.flatMap(({ options }) => options).filter(({ long }) => !own.includes(long));
}
