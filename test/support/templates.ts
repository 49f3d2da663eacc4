import { join } from 'node:path';
import { packageService } from 'duo-contract/package-service';
import { type Grants, parseTemplate, type Template } from 'duo-contract/templates';
import * as z from 'zod/mini';

const root = join(__dirname, '..', '..');
const settings = join(root, 'test', 'settings');

/** The template of a service, packaged for a stage of test/settings, or with the default settings. */
export function packaged(service: string, stage: string): Template {
  return packagedWhole(service, stage).template;
}

/** The template and the files of a service, packaged likewise. */
export function packagedWhole(service: string, stage: string) {
  const { files, template } = packageService(join(root, 'services', service), { stage, settings });
  return { files, template: parseTemplate(template) };
}

const namedFunction = z.object({
  FunctionName: z.string(),
  Environment: z.object({ Variables: z.object({ POWERTOOLS_SERVICE_NAME: z.string() }) }),
});

/** What a template calls its functions, and as which service they publish metrics. */
export function namesOfFunctions({ Resources }: Template): (readonly [name: string, service: string])[] {
  return Object.values(Resources)
    .filter(({ Type }) => Type === 'AWS::Lambda::Function')
    .map(({ Properties }) => namedFunction.parse(Properties))
    .map(({ FunctionName, Environment }) => [FunctionName, Environment.Variables.POWERTOOLS_SERVICE_NAME]);
}

/** The customer's keys of test/settings. */
export const keys = {
  bucket: 'arn:aws:kms:us-east-1:123456789012:key/11111111-2222-3333-4444-555555555555',
  credentials: 'arn:aws:kms:us-east-1:123456789012:key/66666666-7777-8888-9999-000000000000',
};

/** The network of the stage `everything`. */
export const vpc = {
  subnetIds: ['subnet-11111111111111111', 'subnet-22222222222222222'],
  securityGroupIds: ['sg-33333333333333333'],
};

/** The account of the bucket of the stage `own-bucket`. */
export const bucketAccount = '210987654321';

/** The ARN of something in the account and region of the stack. */
export function own(service: string, rest: string): string {
  return `arn:\${AWS::Partition}:${service}:\${AWS::Region}:\${AWS::AccountId}:${rest}`;
}

/** All that the SIEM's reader may do; only a user deletes in `test/settings`. */
export function storageGrants({ bucket = '{Bucket.Arn}', deletes = false } = {}): Record<string, Grants> {
  return {
    ReaderPolicy: {
      's3:ListBucket': [bucket],
      's3:GetObject': [`${bucket}/logs/*`],
      'kms:Decrypt': [keys.bucket],
    },
    ...(deletes && { ReaderUser: { 's3:DeleteObject': [`${bucket}/logs/*`] } }),
  };
}
