import { CloudFormationClient, paginateListExports } from '@aws-sdk/client-cloudformation';
import { InvalidArgumentError } from 'commander';
import type { StoreAddress } from '../store/open-store';
import { AwsError, awsOptions, regionOf, saidByAws } from './aws';
import { exportName } from './names';

/** Reads `--stage`, by the rule of `settings/settings.cjs`: what is named after it could not be deployed otherwise. */
export function readStage(text: string): string {
  if (/^[a-z](-?[a-z\d])*$/.test(text) && text.length <= 28) return text;
  throw new InvalidArgumentError(
    "A stage's name consists of small letters, digits and hyphens, begins with a letter and has at most 28.",
  );
}

/** The bucket of a stage and its key, by the names under which the storage stack exports them. */
export async function storeOf(stage: string, env: NodeJS.ProcessEnv): Promise<StoreAddress> {
  const name = exportName(stage, 'BucketName');
  const found = new Map<string | undefined, string | undefined>();
  const client = new CloudFormationClient(awsOptions(env));
  try {
    for await (const { Exports = [] } of paginateListExports({ client }, {})) {
      for (const { Name, Value } of Exports) found.set(Name, Value);
    }
  } catch (error) {
    throw new AwsError(
      `The bucket of ${stage} cannot be looked up: ${saidByAws(error, 'cloudformation:ListExports; or name the bucket with --store s3://…')}`,
      error,
    );
  }
  const bucket = found.get(name);
  if (bucket !== undefined)
    return { url: `s3://${bucket}`, kmsKeyArn: found.get(exportName(stage, 'KmsKeyArn')) };
  throw new Error(
    `There is no export ${name} in ${regionOf(env)}. Deploy the storage first (npx pnpm sls storage:deploy --stage ${stage}), or name its region with --region.`,
  );
}
