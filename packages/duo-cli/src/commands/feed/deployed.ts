import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { awsOptions, regionOf } from '../../stage/aws';
import { stackName } from '../../stage/names';
import { stackOutputs } from '../../stage/stacks';

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
    const name = stackName(service, stage);
    const told = { what: `The stack ${name}`, instead: '--bucket, which does not ask AWS' };
    const outputs = await stackOutputs(client, name, told);
    if (outputs !== null) return outputs;
    throw new Error(
      `There is no stack ${name} in ${regionOf(env)}. Deploy it first (npx pnpm sls deploy --stage ${stage} in services/${service}), or set AWS_REGION to where it is.`,
    );
  };
  const storage = await outputsOf('storage');
  const collector = await outputsOf(logType);
  const bucket = storage.get('BucketName');
  if (bucket === undefined) {
    throw new Error(
      `The stack ${stackName('storage', stage)} has no output BucketName. Deploy it again: npx pnpm sls storage:deploy --stage ${stage}.`,
    );
  }
  return { bucket, readerArn: storage.get('ReaderArn'), queueArn: collector.get('NewObjectsQueueArn') };
}
