import { CloudFormationClient, paginateListStackResources } from '@aws-sdk/client-cloudformation';
import { awsErrorName } from 'duo-core';
import { AwsError, awsOptions, saidByAws } from '../aws';
import { stackName } from '../names';

/** What a log's stack says that it consists of, of what an operator has to look at. */
export interface Parts {
  /** The names of its alarms. */
  readonly alarms: readonly string[];
  /** The URLs of its queues, by their names in the template. */
  readonly queues: ReadonlyMap<string, string>;
}

/** Asks CloudFormation what the stack of a log consists of: of nothing, if there is none. Throws an `AwsError` that names the permission. */
export async function partsOf(logType: string, stage: string, env: NodeJS.ProcessEnv): Promise<Parts> {
  const StackName = stackName(logType, stage);
  const client = new CloudFormationClient(awsOptions(env));
  const alarms: string[] = [];
  const queues = new Map<string, string>();
  try {
    for await (const { StackResourceSummaries = [] } of paginateListStackResources(
      { client },
      { StackName },
    )) {
      for (const {
        ResourceType,
        LogicalResourceId = '',
        PhysicalResourceId = '',
      } of StackResourceSummaries) {
        if (ResourceType === 'AWS::CloudWatch::Alarm') alarms.push(PhysicalResourceId);
        if (ResourceType === 'AWS::SQS::Queue') queues.set(LogicalResourceId, PhysicalResourceId);
      }
    }
  } catch (error) {
    // There is no such stack, and so it has nothing; see `stackOutputs`.
    if (awsErrorName(error) === 'ValidationError') return { alarms, queues };
    throw new AwsError(
      `What ${StackName} consists of cannot be looked up: ${saidByAws(error, 'cloudformation:ListStackResources')}`,
      error,
    );
  }
  return { alarms, queues };
}
