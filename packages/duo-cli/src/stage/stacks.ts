import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { awsErrorName, type LogType } from 'duo-core';
import { AwsError, awsOptions, saidByAws } from './aws';
import { stackName } from './names';

/** The outputs of a stack by their names, or null if there is no such stack. `what` and `instead` are for the error. */
export async function stackOutputs(
  client: CloudFormationClient,
  StackName: string,
  { what, instead }: { readonly what: string; readonly instead: string },
): Promise<ReadonlyMap<string | undefined, string | undefined> | null> {
  try {
    const { Stacks = [] } = await client.send(new DescribeStacksCommand({ StackName }));
    return new Map(Stacks[0]?.Outputs?.map(({ OutputKey, OutputValue }) => [OutputKey, OutputValue]));
  } catch (error) {
    // CloudFormation has no name of its own for a stack that is not there; nothing else is wrong with these requests.
    if (awsErrorName(error) === 'ValidationError') return null;
    throw new AwsError(
      `${what} cannot be looked up: ${saidByAws(error, `cloudformation:DescribeStacks; or name the bucket with ${instead}`)}`,
      error,
    );
  }
}

/** The names of those logs, and services like them, whose stack is there. Asks for each: an account may have thousands of stacks. */
export async function deployedLogs(
  logs: readonly Pick<LogType, 'name'>[],
  stage: string,
  env: NodeJS.ProcessEnv,
): Promise<ReadonlySet<string>> {
  const client = new CloudFormationClient(awsOptions(env));
  const told = { what: `The stacks of ${stage}`, instead: '--store s3://…' };
  const found = await Promise.all(
    logs.map(async ({ name }) =>
      (await stackOutputs(client, stackName(name, stage), told)) === null ? [] : [name],
    ),
  );
  return new Set(found.flat());
}
