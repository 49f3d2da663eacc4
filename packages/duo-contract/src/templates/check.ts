import { alarmFaults, alarmsMissing, alarmsOf } from './alarms';
import { bucketFaults, transportFaults } from './buckets';
import { functionFaults } from './functions';
import { networkFaults } from './network';
import { newObjectsFaults } from './new-objects';
import {
  type Deployment,
  functionsOf,
  type Grants,
  logTypeGrants,
  ownAccount,
  scheduledFunctionsOf,
} from './rights/grants';
import { policyFaults } from './rights/policies';
import { scheduleFaults } from './schedule';
import { secretFaults } from './secrets';
import { each, type Resource, type Template, unless } from './template';

/**
 * What is wrong with any template: an open bucket, a queue in plain text, a secret, a policy that allows too much.
 * `bucketAccount` is the account of the bucket, by default the one that is deployed to.
 */
export function checkTemplate(
  template: Template,
  grants: Readonly<Record<string, Grants>>,
  bucketAccount = ownAccount,
): string[] {
  return [
    ...secretFaults(template),
    ...each(template, 'AWS::S3::Bucket', bucketFaults),
    ...each(template, 'AWS::S3::Bucket', (_, id) => transportFaults(id, template)),
    ...each(template, 'AWS::SQS::Queue', queueFaults),
    ...each(template, 'AWS::CloudWatch::Alarm', alarmFaults),
    ...Object.entries(template.Resources).flatMap(([id, resource]) =>
      policyFaults(id, resource, template, grants, bucketAccount).map((fault) => `${id}: ${fault}`),
    ),
  ];
}

/** What is wrong with the template of a log type: besides the above, something is missing that every one has. */
export function checkLogType(template: Template, deployment: Deployment): string[] {
  return [
    ...checkTemplate(template, logTypeGrants(deployment), deployment.bucketAccount),
    ...functionFaults(template, functionsOf(deployment)),
    ...networkFaults(template, deployment, functionsOf(deployment)),
    ...scheduleFaults(template, scheduledFunctionsOf(deployment)),
    ...newObjectsFaults(template, deployment),
    ...alarmsMissing(template, deployment.stage, alarmsOf(deployment)),
  ];
}

/**
 * The logical ids that are of one type in one template and of another in the next, each with its types. Between two settings of a
 * stack there may be none: CloudFormation refuses to change a resource's type.
 */
export function idsOfSeveralTypes(templates: readonly Template[]): string[] {
  const types = new Map<string, Set<string>>();
  for (const { Resources } of templates) {
    for (const [id, { Type }] of Object.entries(Resources))
      types.set(id, (types.get(id) ?? new Set()).add(Type));
  }
  return [...types]
    .filter(([, several]) => several.size > 1)
    .map(([id, several]) => `${id}: ${[...several].sort().join(', ')}`);
}

function queueFaults({ Properties: properties }: Resource): string[] {
  const encrypted = properties.SqsManagedSseEnabled === true || properties.KmsMasterKeyId !== undefined;
  return unless(encrypted, 'an unencrypted queue');
}
