import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { describeAwsError } from 'duo-core';
import { awsOptions, regionOf } from '../../stage/aws';

/** What the stacks of a stage say about where a log is and who may read it. */
export interface Deployed {
  readonly bucket: string;
  /** A role or a user; undefined where the settings name no reader. */
  readonly readerArn: string | undefined;
  /** Undefined where the settings want no queues. */
  readonly queueArn: string | undefined;
}

/** Reads the outputs of the storage's stack and of the log type's. Throws an error that names what is not deployed. */
export async function readDeployed(
  stage: string,
  logType: string,
  env: NodeJS.ProcessEnv,
): Promise<Deployed> {
  const client = new CloudFormationClient(awsOptions(env));
  const outputsOf = async (service: string) => {
    const name = `duo-${service}-${stage}`;
    const { Stacks = [] } = await client
      .send(new DescribeStacksCommand({ StackName: name }))
      .catch((error: unknown) => {
        throw new Error(explain(describeAwsError(error), { name, service, stage, env }));
      });
    const outputs = Stacks[0]?.Outputs ?? [];
    return (key: string) => outputs.find(({ OutputKey }) => OutputKey === key)?.OutputValue;
  };
  const storage = await outputsOf('storage');
  const collector = await outputsOf(logType);
  const bucket = storage('BucketName');
  if (bucket === undefined) {
    throw new Error(
      `The stack duo-storage-${stage} has no output BucketName. Deploy it again: npx pnpm sls storage:deploy --stage ${stage}.`,
    );
  }
  return { bucket, readerArn: storage('ReaderArn'), queueArn: collector('NewObjectsQueueArn') };
}

function explain(
  reason: string,
  of: { name: string; service: string; stage: string; env: NodeJS.ProcessEnv },
): string {
  // CloudFormation has no code of its own for a stack that is not there.
  if (reason.includes('does not exist')) {
    return `There is no stack ${of.name} in ${regionOf(of.env)}. Deploy it first (npx pnpm sls deploy --stage ${of.stage} in services/${of.service}), or set AWS_REGION to where it is.`;
  }
  return `The stack ${of.name} cannot be looked up: ${reason}. It needs cloudformation:DescribeStacks; or name the bucket with --bucket, which asks nobody.`;
}
