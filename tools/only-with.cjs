// A service that is there only where the settings of a stage say so. `sls deploy` at the root comes by it all the same, for
// serverless-compose.yml knows no settings: a stage without it is told so in one line, and nothing is made.

const { createRequire } = require('node:module');

// The framework's own client.
const { CloudFormationClient, DescribeStacksCommand } = createRequire(
  require.resolve('serverless/package.json'),
)('@aws-sdk/client-cloudformation');

/** The commands that are of the stage's stack, and do nothing without one. */
const commands = ['deploy', 'package', 'remove', 'info', 'logs'];

/**
 * A plugin of the framework for the service that is called like the setting:
 * https://www.serverless.com/framework/docs/guides/plugins/creating-plugins. `still` says what a stack does that is left over.
 */
module.exports = function onlyWith(setting, still) {
  return class OnlyWith {
    constructor(serverless, _options, { log, writeText }) {
      this.hooks = {
        initialize: async () => {
          const { service, processedInput, pluginManager } = serverless;
          const command = processedInput.commands.join(' ');
          if (service.custom.common.settings[setting] || !commands.includes(command)) return;
          const provider = serverless.getProvider('aws');
          const stack = provider.naming.getStackName();
          // Packaging asks AWS for nothing.
          if (command !== 'package' && (await exists(provider, stack))) {
            if (command !== 'deploy') return;
            throw new serverless.classes.Error(
              `the settings of the stage "${provider.getStage()}" do not say ${setting}: true any more, and ${stack} still ${still}: remove it with npx pnpm sls ${setting}:remove --stage ${provider.getStage()}`,
            );
          }
          const told = `no ${setting} in the stage ${provider.getStage()}, so there is no ${stack}`;
          // Compose reads the answer to `info` as YAML, and the second sentence as "nothing has changed".
          if (command === 'info') writeText(`${setting}: ${told}`);
          else
            log.notice(`${told}${command === 'deploy' ? '. No changes to deploy. Deployment skipped.' : ''}`);
          // Nothing is left for the command to do, nor to tell at its end.
          pluginManager.hooks = {};
        },
      };
    }
  };
};

/** Whether CloudFormation has the stack. */
async function exists(provider, StackName) {
  const client = new CloudFormationClient(await provider.getAwsSdkV3Config());
  try {
    await client.send(new DescribeStacksCommand({ StackName }));
    return true;
  } catch (error) {
    if (error.name === 'ValidationError' && error.message.includes('does not exist')) return false;
    throw error;
  }
}
