import { Command } from '@commander-js/extra-typings';
import { CommanderError } from 'commander';
import { addCheckpointImport } from './checkpoint-import';
import { addCredentialsCheck } from './credentials-check';
import { addCredentialsPut } from './credentials-put';
import { UsageError } from './usage-error';
import type { World } from './world';

/** Runs one command and resolves to its exit code: 0 done, 1 it failed, 2 it was called the wrong way. */
export async function run(args: readonly string[], world: World): Promise<0 | 1 | 2> {
  const program = new Command('pnpm duo')
    .description("Looks after the collector: Duo's credentials, and the checkpoints that it goes on from.")
    .addHelpText('after', environmentHelp)
    .exitOverride()
    .configureOutput({ writeOut: world.print, writeErr: world.complain })
    .showHelpAfterError('Add --help to see what it takes.');
  // Commands that are made by `command` take over these settings.
  const credentials = program
    .command('credentials')
    .description("Duo's integration key, secret key and API host, in SSM Parameter Store");
  addCredentialsPut(credentials, world);
  addCredentialsCheck(credentials, world);
  const checkpoint = program.command('checkpoint').description('where the collector goes on');
  addCheckpointImport(checkpoint, world);

  try {
    await program.parseAsync(args, { from: 'user' });
    return 0;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    world.complain(`${messageOf(error)}\n`);
    return error instanceof UsageError ? 2 : 1;
  }
}

const environmentHelp = `
Environment:
  AWS_REGION        where the stage is deployed (us-east-1, as for the services)
  AWS_PROFILE, …    whose account, as for the AWS CLI
  AWS_ENDPOINT_URL  another AWS, for trying things out
  DUO_API_URL       the simulator in place of Duo (npx pnpm simulate)

Exit codes: 0 done, 1 it failed, 2 it was called the wrong way.`;

/** Not `instanceof`: jest's globals are others than Node's. */
function messageOf(error: unknown): string {
  const message = typeof error === 'object' && error !== null && 'message' in error ? error.message : error;
  return String(message);
}
