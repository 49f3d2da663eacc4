// A stage whose settings do not say accounts: true has no starter. `sls deploy` at the root comes by here all the same, for
// serverless-compose.yml knows no settings: such a stage is told so in one line, and nothing is made.

const { createRequire } = require('node:module');

// The framework's own client.
const { CloudFormationClient, DescribeStacksCommand } = createRequire(
  require.resolve('serverless/package.json'),
)('@aws-sdk/client-cloudformation');

/** The commands that are of the stage's stack, and do nothing without one. */
const commands = ['deploy', 'package', 'remove', 'info', 'logs'];

/** A plugin of the framework: https://www.serverless.com/framework/docs/guides/plugins/creating-plugins */
module.exports = class OnlyWithAccounts {
  constructor(serverless, _options, { log, writeText }) {
    this.hooks = {
      initialize: async () => {
        const { service, processedInput, pluginManager } = serverless;
        const command = processedInput.commands.join(' ');
        if (service.custom.common.settings.accounts || !commands.includes(command)) return;
        const provider = serverless.getProvider('aws');
        const stack = provider.naming.getStackName();
        // Packaging asks AWS for nothing.
        if (command !== 'package' && (await exists(provider, stack))) {
          if (command !== 'deploy') return;
          throw new serverless.classes.Error(
            `the settings of the stage "${provider.getStage()}" do not say accounts: true any more, and ${stack} still starts runs: remove it with npx pnpm sls accounts:remove --stage ${provider.getStage()}`,
          );
        }
        const told = `no accounts in the stage ${provider.getStage()}, so there is no ${stack}`;
        // Compose reads the answer to `info` as YAML, and the second sentence as "nothing has changed".
        if (command === 'info') writeText(`accounts: ${told}`);
        else
          log.notice(`${told}${command === 'deploy' ? '. No changes to deploy. Deployment skipped.' : ''}`);
        // Nothing is left for the command to do, nor to tell at its end.
        pluginManager.hooks = {};
      },
    };
  }
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
