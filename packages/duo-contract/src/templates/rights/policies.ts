import * as z from 'zod/mini';
import { type Properties, type Resource, record, type Template } from '../template';
import { arnText } from './arn-text';
import type { Grants } from './grants';
import { statementsOf } from './statements';

/**
 * What is wrong with what a resource allows, if it is of a kind that allows something. `grants` are those of each role and user,
 * on a bucket of `bucketAccount`.
 */
export function policyFaults(
  id: string,
  { Type, Properties: properties }: Resource,
  template: Template,
  grants: Readonly<Record<string, Grants>>,
  bucketAccount: string,
): string[] {
  const faultsOf = (document: unknown, of: string) => [
    ...grantFaults(document, grants[of]),
    ...accountFaults(document, bucketAccount),
  ];
  switch (Type) {
    case 'AWS::IAM::Role':
    case 'AWS::IAM::User':
      return [
        ...managedPolicyFaults(properties.ManagedPolicyArns, template),
        ...inlineDocuments(properties).flatMap((document) => faultsOf(document, id)),
        ...(Type === 'AWS::IAM::Role' ? trustFaults(properties.AssumeRolePolicyDocument) : []),
      ];
    case 'AWS::IAM::ManagedPolicy':
      return faultsOf(properties.PolicyDocument, id);
    case 'AWS::IAM::Policy': {
      const roles = z.array(z.object({ Ref: z.string() })).parse(properties.Roles);
      return roles.flatMap(({ Ref }) => faultsOf(properties.PolicyDocument, Ref));
    }
    case 'AWS::S3::BucketPolicy':
    case 'AWS::SNS::TopicPolicy':
    case 'AWS::SQS::QueuePolicy':
      return sharingFaults(properties.PolicyDocument);
    default:
      return Type.startsWith('AWS::IAM::') ? [`a kind of permission that no one checks: ${Type}`] : [];
  }
}

function inlineDocuments(properties: Properties): unknown[] {
  const policies = z._default(z.array(z.object({ PolicyDocument: z.unknown() })), []);
  return policies.parse(properties.Policies).map(({ PolicyDocument }) => PolicyDocument);
}

/** Only policies of the same template: AWS's own, like AmazonS3FullAccess, allow far more than is needed. */
function managedPolicyFaults(arns: unknown, { Resources }: Template): string[] {
  const list = z._default(z.array(z.unknown()), []).parse(arns);
  return list.flatMap((arn) => {
    const text = arnText(arn);
    return Resources[text.slice(1, -1)] === undefined ? [`the managed policy ${text}`] : [];
  });
}

function grantFaults(document: unknown, grants: Grants = {}): string[] {
  return statementsOf(document).flatMap((statement) => {
    if (statement.Effect !== 'Allow') return [];
    if (statement.Action === undefined || statement.Resource === undefined)
      return ['a statement that says what it does not allow'];
    const resources = statement.Resource.map(arnText);
    return statement.Action.flatMap((action) => {
      if (action.includes('*')) return [`the wildcard action ${action}`];
      const allowed = grants[action];
      if (allowed === undefined) return [`the action ${action}, which it does not need`];
      return resources.filter((one) => !allowed.includes(one)).map((one) => `${action} on ${one}`);
    });
  });
}

/** A bucket's ARN names no account: without this condition, what is allowed on it is so for whoever has a bucket of that name. */
function accountFaults(document: unknown, account: string): string[] {
  return statementsOf(document).flatMap(({ Effect, Action = [], Condition: condition }) => {
    const owner = condition?.StringEquals?.['aws:ResourceAccount'];
    if (Effect !== 'Allow' || (owner !== undefined && arnText(owner) === account)) return [];
    return Action.filter((one) => one.startsWith('s3:')).map(
      (one) => `${one} on a bucket that may be of another account`,
    );
  });
}

/** Who may take on a role: a service, or someone with a token that was issued for exactly him. */
function trustFaults(document: unknown): string[] {
  return statementsOf(document).flatMap(({ Principal: principal, Condition: condition }) => {
    const { Service: service, Federated: federated, ...others } = record(principal);
    const exactly = Object.keys(condition?.StringEquals ?? {});
    if (Object.keys(others).length > 0 || (service === undefined && federated === undefined))
      return [`a role for anyone: ${JSON.stringify(principal)}`];
    if (federated !== undefined && !exactly.some((key) => key.endsWith(':sub')))
      return ['a role for everyone with a token'];
    return [];
  });
}

/** What others may do with a resource: a service on behalf of this account, or a principal that is named. */
function sharingFaults(document: unknown): string[] {
  return statementsOf(document).flatMap((statement) => {
    if (statement.Effect !== 'Allow') return [];
    const { Service: service, AWS: named } = record(statement.Principal);
    const faults = (statement.Action ?? ['*'])
      .filter((action) => action.includes('*'))
      .map((action) => `the wildcard action ${action}`);
    const conditions = Object.values(statement.Condition ?? {}).flatMap((one) => Object.keys(one));
    const isOurs = conditions.some((key) => ['aws:SourceAccount', 'aws:SourceArn'].includes(key));
    if (!(service !== undefined && isOurs) && !(named !== undefined && arnText(named).startsWith('{')))
      faults.push(`it is open to ${JSON.stringify(statement.Principal)}`);
    return faults;
  });
}
