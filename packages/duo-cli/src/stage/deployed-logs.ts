import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { describeAwsError, type LogType } from 'duo-core';
import { awsOptions } from './aws';

/** The names of those logs whose stack is there. Asks for each: an account may have thousands of stacks. */
export async function deployedLogs(
  logs: readonly LogType[],
  stage: string,
  env: NodeJS.ProcessEnv,
): Promise<ReadonlySet<string>> {
  const client = new CloudFormationClient(awsOptions(env));
  const found = await Promise.all(
    logs.map(async ({ name }) => {
      try {
        await client.send(new DescribeStacksCommand({ StackName: `duo-${name}-${stage}` }));
        return [name];
      } catch (error) {
        const reason = describeAwsError(error);
        // CloudFormation has no code of its own for a stack that is not there.
        if (reason.includes('does not exist')) return [];
        throw new Error(
          `The stacks of ${stage} cannot be looked up: ${reason}. It needs cloudformation:DescribeStacks; or name the bucket with --store s3://….`,
        );
      }
    }),
  );
  return new Set(found.flat());
}
