// Puts settings/<stage>.yml over settings/default.yml.
const { readFiles } = require('./files.cjs');
const { refusal } = require('./refusal.cjs');
const { requiredKeys } = require('./schema.cjs');

/**
 * The `settings` of a stage, what some `logTypes` have otherwise, and the `files` that say so; `whyNotReconciled` is the setting for
 * which `reconcile` is off by itself, or null. Throws, with the file and the key, for what cannot be.
 */
module.exports.mergedSettings = function mergedSettings(stage) {
  const files = readFiles(stage);
  const { defaults, own } = files;
  const fileOf = (key) => (key in own ? files.stageFile : files.defaultFile);

  const { logTypes = {}, ...settings } = Object.fromEntries(
    Object.entries({ ...defaults, ...own }).filter(([, value]) => value !== null),
  );
  for (const key of requiredKeys) {
    if (settings[key] === undefined) throw refusal(`${fileOf(key)}: ${key}: must have a value`);
  }
  if (settings.bucket !== undefined && settings.retentionDays !== undefined) {
    throw refusal(
      `${fileOf('retentionDays')}: retentionDays: cannot be set for a bucket of your own (${settings.bucket}): set the bucket's lifecycle instead`,
    );
  }
  if (settings.bucketAccountId !== undefined && settings.bucket === undefined) {
    throw refusal(
      `${fileOf('bucketAccountId')}: bucketAccountId: cannot be set without a bucket of your own: a new bucket is always in the account that you deploy to. Leave it out, or name the bucket`,
    );
  }
  const timed = [...(own.schedule ? ['schedule'] : []), ...logTypesThat(logTypes, 'schedule')];
  if (settings.accounts && timed.length > 0) {
    throw refusal(
      `${fileOf(timed[0].split('.')[0])}: ${timed[0]}: cannot be set with accounts: true: each account is collected every five minutes. Leave it out`,
    );
  }
  if (settings.lake && settings.reader.deletes) {
    throw refusal(
      `${fileOf('lake')}: lake: cannot be true with reader.deletes: true: objects could be gone before they are in the lake. Leave one of them out, and let retentionDays delete what is old`,
    );
  }
  const why = whyNotReconciled(settings);
  const asking = [...(own.reconcile ? ['reconcile'] : []), ...logTypesThat(logTypes, 'reconcile')];
  if (why !== null && asking.length > 0) {
    throw refusal(
      `${fileOf(asking[0].split('.')[0])}: ${asking[0]}: cannot be true with ${why}: deleted records would look missing. Leave it out, or set it to false`,
    );
  }
  if (why !== null) settings.reconcile = false;
  return { settings, logTypes, files, whyNotReconciled: why };
};

/** The setting by which records are deleted before their day has been reconciled for the last time; null if there is none. */
function whyNotReconciled({ reader, retentionDays }) {
  if (reader.deletes) return 'reader.deletes: true';
  // A day is reconciled for the last time seven days after its end.
  return retentionDays < 9 ? `retentionDays: ${retentionDays}, which is less than 9` : null;
}

/** The keys of the log types that have a setting turned on for themselves. */
function logTypesThat(logTypes, key) {
  return Object.keys(logTypes)
    .filter((logType) => logTypes[logType][key])
    .map((logType) => `logTypes.${logType}.${key}`);
}
