// The settings of a stage, settings/<stage>.yml over settings/default.yml, as the YAML of the services reads them. Throws
// before anything is created, naming the file and the key, so that no slip of the pen stops a deployment half way.
const { withDerived } = require('./derived.cjs');
const { mergedSettings } = require('./merge.cjs');
const { refusal } = require('./refusal.cjs');
const { keys, logTypes } = require('./schema.cjs');

/** The framework calls this for `${file(../../settings/settings.cjs)}`. */
module.exports = async ({ resolveVariable, resolveConfigurationProperty }) => {
  const stage = await resolveVariable('sls:stage');
  if (stage === 'local' && process.argv.includes('deploy')) {
    throw refusal('the stage "local" is this machine: deploy another one, like --stage dev');
  }
  checkStage(stage);
  return withDerived(mergedSettings(stage, await resolveConfigurationProperty(['service'])), stage);
};

/** The keys that a settings file may have. */
module.exports.keys = keys;

/** Stacks, functions and the bucket are named after the stage. */
function checkStage(stage) {
  if (!/^[a-z](-?[a-z0-9])*$/.test(stage) || stage.length > 28 || stage === 'default') {
    throw refusal(
      `the stage "${stage}" makes no bucket name: it must be up to 28 of a-z, 0-9 and "-", begin with a letter, and not be "default"`,
    );
  }
  for (const logType of logTypes) {
    const functionName = `duo-${logType}-${stage}-reconcile`;
    if (functionName.length > 64) {
      throw refusal(
        `the stage "${stage}" is too long: AWS takes no function name of more than 64 characters, like ${functionName}`,
      );
    }
  }
}
