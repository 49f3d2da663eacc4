// What whoever deploys a stage is told of its settings.
const { readFileSync } = require('node:fs');
const { join } = require('node:path');
const { parse } = require('yaml');
const { nearFile, stagesWithFiles } = require('./files.cjs');
const { logTypes: known } = require('./schema.cjs');
const { checkedSettings } = require('./settings.cjs');

/**
 * What a package or a deployment goes by, in sentences that make one line: the files, the one that is not there and which may have
 * been meant, and who is told of alarms. Throws for settings that cannot be.
 */
function notice(stage) {
  const { settings, files } = checkedSettings(stage);
  const { found, stageFile, defaultFile } = files;
  return [
    found ? `Settings: ${stageFile} over ${defaultFile}.` : `Settings: only ${defaultFile}.`,
    ...(found ? [] : [`There is no ${stageFile}${meant(stage)}`]),
    `Alarms go to ${settings.alarmEmail ?? 'nobody'}.`,
  ];
}

function meant(stage) {
  const stages = stagesWithFiles();
  if (stages.length === 0) return ', nor a file of any other stage.';
  const near = nearFile(stage);
  const others = `Files: ${stages.join(', ')}.`;
  return near === undefined ? `. ${others}` : `: did you mean ${near}? ${others}`;
}

/**
 * What there is after all of a stage has been deployed, in lines, once its bucket is known (undefined if it is not): that, how often
 * what is collected, who is told of alarms, and the next command. By the settings as they are now, before it.
 */
function afterDeployment(stage) {
  const { settings, logTypes, files } = checkedSettings(stage);
  const logs = deployedLogs().map((name) => ({ name, ...settings, ...logTypes[name] }));
  const schedules = [...new Set(logs.map(({ schedule }) => schedule))];
  const namesOf = (chosen) => chosen.map(({ name }) => name).join(', ');
  const reconciled = logs.filter(({ reconcile }) => reconcile);
  return (bucket) => [
    `Deployed to ${stage}.`,
    ...(bucket === undefined ? [] : [`Bucket: ${bucket}`]),
    ...schedules.map(
      (schedule) =>
        `Collected ${every(schedule)}${settings.accounts ? ', of each account' : ''}: ${namesOf(logs.filter((log) => log.schedule === schedule))}`,
    ),
    reconciled.length === 0
      ? 'Days are not counted against Duo after they end.'
      : `After each day ends, it is counted against Duo${reconciled.length === logs.length ? '.' : `:\n  ${namesOf(reconciled)}`}`,
    ...(settings.lake ? ['Turned into OCSF events every hour, below lake/.'] : []),
    settings.alarmEmail === undefined
      ? `Nobody is told of alarms. Set alarmEmail in ${files.stageFile} and deploy again.`
      : `Alarms go to ${settings.alarmEmail}.\nAWS sends a link to it once, which must be opened first.`,
    `Next: npx pnpm duo doctor --stage ${stage}`,
  ];
}

/** The log types that are deployed with the storage, by serverless-compose.yml. */
function deployedLogs() {
  const { services } = parse(readFileSync(join(__dirname, '../serverless-compose.yml'), 'utf8'));
  return Object.keys(services).filter((name) => known.includes(name));
}

/** `rate(5 minutes)` as a person says it. */
function every(schedule) {
  const [, count, unit] = /^rate\((\d+) (minute|hour)s?\)$/.exec(schedule);
  return count === '1' ? `every ${unit}` : `every ${count} ${unit}s`;
}

module.exports = { notice, afterDeployment };
