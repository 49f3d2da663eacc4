#!/usr/bin/env node
// `npx pnpm sls …`: the Serverless Framework, in this same process, so that standard input, signals and exit codes are its own.
// Before it packages, deploys or removes, the settings of the stage are looked at: the framework would tell of a wrong one in the
// middle of its own words, and once for each service.
const { existsSync, readFileSync } = require('node:fs');
const { dirname, join, resolve } = require('node:path');
const { parseArgs } = require('node:util');

const folder = checkout(process.cwd());
const { command, stage, service } = called();
if (folder === undefined || mayGoOn()) {
  require(require.resolve('serverless/bin/serverless.js', { paths: [process.cwd()] }));
}

/** Whether the framework can do what it is called for. What cannot be is said, and is the last thing that is. */
function mayGoOn() {
  const missing = service === undefined || folder !== process.cwd() ? undefined : missingService();
  if (missing !== undefined) {
    say(missing);
    process.exitCode = 1;
    return false;
  }
  if (['package', 'deploy', 'remove'].includes(command)) return settingsAreFine();
  if (command !== 'invoke local' || stage === 'local') return true;
  // Its environment names what is deployed, and that is resolved in CloudFormation alone.
  say(
    `only the stage "local" runs on this machine, and this is "${stage}": npx pnpm sls invoke local --stage local --function collect`,
  );
  process.exitCode = 1;
  return false;
}

/** Says what the settings come to, and after a deployment of all what is there; or what cannot be, and nothing after that. */
function settingsAreFine() {
  // Each service is packaged in a folder of its own.
  if (process.env.SETTINGS_FOLDER) process.env.SETTINGS_FOLDER = resolve(process.env.SETTINGS_FOLDER);
  const { afterDeployment, notice } = require(join(folder, 'settings/notice.cjs'));
  try {
    const sentences = notice(stage);
    if (command !== 'remove' && stage !== 'local') say(inOneLine(sentences));
    if (command === 'deploy' && folder === process.cwd() && service === undefined) {
      const linesAfter = afterDeployment(stage);
      whenDone(() => say(`\n${linesAfter(bucketOf(stage)).join('\n')}`));
    }
    return true;
  } catch (error) {
    // What the settings refuse has no stack.
    say((error.stack ?? error.message).trim());
    process.exitCode = 1;
    return false;
  }
}

/** What to say where serverless-compose.yml has no service of the name; undefined if it has. */
function missingService() {
  const { closest } = require('fastest-levenshtein');
  const { parse } = require('yaml');
  const { services } = parse(readFileSync(join(folder, 'serverless-compose.yml'), 'utf8'));
  const names = Object.keys(services);
  if (names.includes(service)) return undefined;
  return `there is no service "${service}" in serverless-compose.yml: did you mean ${closest(service, names)}? There are ${names.join(', ')}.`;
}

/** The checkout that a folder is in, by its serverless-compose.yml; undefined outside of one. */
function checkout(of) {
  if (existsSync(join(of, 'serverless-compose.yml'))) return of;
  return dirname(of) === of ? undefined : checkout(dirname(of));
}

/** The command, the service that it is limited to, and the stage, as the framework reads them; no command where help is asked for. */
function called() {
  const args = process.argv.slice(2);
  const { values, positionals } = parseArgs({
    args,
    options: {
      stage: { type: 'string', short: 's' },
      service: { type: 'string' },
      help: { type: 'boolean', short: 'h' },
    },
    allowPositionals: true,
    strict: false,
  });
  // What follows an option may be its value; only what stands before all of them is the command for sure.
  const first = args.findIndex((arg) => arg.startsWith('-'));
  const words = first > 0 ? args.slice(0, first) : positionals;
  const [, service, command] = /^(?:(.*):)?(.*)$/.exec(words.join(' '));
  return {
    command: values.help ? undefined : command,
    stage: typeof values.stage === 'string' ? values.stage : 'dev',
    service: service ?? values.service,
  };
}

/** In a terminal that is too narrow for that, each sentence has a line of its own. */
function inOneLine(sentences) {
  const line = sentences.join(' ');
  return line.length > (process.stderr.columns ?? Number.POSITIVE_INFINITY) ? sentences.join('\n') : line;
}

/** Does something when all has gone well. Ctrl-C has not, though the framework ends with 0 then. */
function whenDone(act) {
  let interrupted = false;
  process.once('SIGINT', () => {
    interrupted = true;
    // The framework does not listen yet: the signal is not to be lost on it.
    if (process.listenerCount('SIGINT') === 0) process.kill(process.pid, 'SIGINT');
  });
  process.on('exit', (code) => {
    if (code === 0 && !interrupted) act();
  });
}

/** The bucket, from what the framework keeps of the deployment of the storage; undefined if that is not as it was. */
function bucketOf(stage) {
  try {
    const state = JSON.parse(readFileSync(join(folder, `.serverless/state.${stage}.json`), 'utf8'));
    return state.components.storage.outputs.BucketName;
  } catch {
    return undefined;
  }
}

function say(text) {
  process.stderr.write(`${text}\n`);
}
