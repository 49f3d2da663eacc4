// The settings of a stage, settings/<stage>.yml over settings/default.yml, as the YAML of the services reads them. Throws
// before anything is created, naming the file and the key, so that no slip of the pen stops a deployment half way.
const { withDerived } = require('./derived.cjs');
const { mergedSettings } = require('./merge.cjs');
const { refusal } = require('./refusal.cjs');
const { keys, logTypes } = require('./schema.cjs');

/** The framework calls this for `${file(../../settings/settings.cjs)}`. */
module.exports = async ({ resolveVariable, resolveConfigurationProperty }) => {
  const stage = await resolveVariable('sls:stage');
  const { settings, logTypes } = checkedSettings(stage);
  const service = await resolveConfigurationProperty(['service']);
  return withDerived({ ...settings, ...logTypes[service.replace('duo-', '')] }, stage);
};

/** The keys that a settings file may have. */
module.exports.keys = keys;

/** What `mergedSettings` promises, of a stage that can be one. */
function checkedSettings(stage) {
  checkStage(stage);
  return mergedSettings(stage);
}
module.exports.checkedSettings = checkedSettings;

/** Stacks, functions and the bucket are named after the stage. */
function checkStage(stage) {
  if (stage === 'local' && process.argv.some((word) => /^(.*:)?deploy$/.test(word))) {
    throw refusal('the stage "local" is this machine: deploy another stage, like --stage dev');
  }
  if (!/^[a-z](-?[a-z0-9])*$/.test(stage) || stage.length > 28 || stage === 'default') {
    throw refusal(
      `no bucket can be named after the stage "${stage}": it must be up to 28 of a-z, 0-9 and "-", begin with a letter, and not be "default"`,
    );
  }
  for (const logType of logTypes) {
    const functionName = `duo-${logType}-${stage}-reconcile`;
    if (functionName.length > 64) {
      throw refusal(
        `the stage "${stage}" is too long: AWS accepts function names of up to 64 characters, and ${functionName} is longer`,
      );
    }
  }
}
