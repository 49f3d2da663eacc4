import { CloudFormationClient, paginateListExports } from '@aws-sdk/client-cloudformation';
import { InvalidArgumentError } from 'commander';
import { describeAwsError } from 'duo-core';
import { awsOptions, regionOf } from './aws';

/** Reads `--stage`, by the rule of `settings/settings.cjs`: what is named after it could not be deployed otherwise. */
export function readStage(text: string): string {
  if (/^[a-z](-?[a-z\d])*$/.test(text) && text.length <= 28) return text;
  throw new InvalidArgumentError(
    "A stage's name consists of small letters, digits and hyphens, begins with a letter and has at most 28.",
  );
}

/** The URL of the bucket of a stage, by the name under which the storage stack exports it. */
export async function bucketOf(stage: string, env: NodeJS.ProcessEnv): Promise<string> {
  const name = `duo-storage-${stage}-BucketName`;
  const client = new CloudFormationClient(awsOptions(env));
  try {
    for await (const { Exports = [] } of paginateListExports({ client }, {})) {
      const bucket = Exports.find(({ Name }) => Name === name)?.Value;
      if (bucket !== undefined) return `s3://${bucket}`;
    }
  } catch (error) {
    throw new Error(
      `The bucket of ${stage} cannot be looked up: ${describeAwsError(error)}. It needs cloudformation:ListExports; or name the bucket with --store s3://….`,
    );
  }
  throw new Error(
    `There is no export ${name} in ${regionOf(env)}. Deploy the storage first (npx pnpm sls storage:deploy --stage ${stage}), or name its region with --region.`,
  );
}
