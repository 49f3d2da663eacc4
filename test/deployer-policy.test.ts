import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import type { Template } from 'duo-contract/templates';
import * as z from 'zod/mini';
import { deploymentNeeds, type Need } from './support/deployment-needs';
import { logTypes } from './support/log-types';
import { packaged } from './support/templates';

const root = join(__dirname, '..');
const text = readFileSync(join(root, 'docs', 'deployer-policy.json'), 'utf8');

const listOf = z.pipe(
  z.union([z.string(), z.array(z.string())]),
  z.transform((value) => [value].flat()),
);
const policyShape = z.strictObject({
  Version: z.literal('2012-10-17'),
  Statement: z.array(
    z.strictObject({
      Sid: z.string(),
      Effect: z.literal('Allow'),
      Action: listOf,
      Resource: listOf,
      Condition: z.optional(z.strictObject({ StringEquals: z.record(z.string(), listOf) })),
    }),
  ),
});
type Policy = z.infer<typeof policyShape>;
const policy = policyShape.parse(JSON.parse(text));

/**
 * The storage and a log type with every option on, and with what excludes some of those: the storage with a reader that is a user, a
 * log type and the starter of many accounts; and the lake.
 */
const stacks = new Map<string, Template>();
let needs: Need[];
beforeAll(() => {
  for (const service of ['storage', 'telephony'])
    stacks.set(`duo-${service}-everything`, packaged(service, 'everything'));
  stacks.set('duo-storage-own-bucket', packaged('storage', 'own-bucket'));
  for (const service of ['accounts', 'telephony'])
    stacks.set(`duo-${service}-accounts`, packaged(service, 'accounts'));
  stacks.set('duo-lake-lake', packaged('lake', 'lake'));
  needs = [...stacks].flatMap(([stack, template]) => deploymentNeeds(stack, template));
}, 300_000);

/** The services that the roles of the stacks are for. */
const servicesOfRoles = () => {
  const trust = z.object({ Principal: z.object({ Service: z.optional(z.string()) }) });
  const document = z.object({ Statement: z.array(trust) });
  const services = [...stacks.values()]
    .flatMap(({ Resources }) => Object.values(Resources))
    .filter(({ Type }) => Type === 'AWS::IAM::Role')
    .flatMap(({ Properties }) => document.parse(Properties.AssumeRolePolicyDocument).Statement)
    .flatMap(({ Principal }) => Principal.Service ?? []);
  return [...new Set(services)].sort();
};

test('the policy for whoever deploys is all that deploying every option takes, and nothing else', () => {
  expect(needs.length).toBeGreaterThan(60);
  expect(policyFaults(policy, needs, servicesOfRoles())).toEqual([]);
});

test.each(logTypes)('%s takes what the log type takes that is packaged here', (name) => {
  const text = readFileSync(join(root, 'services', name, 'serverless.yml'), 'utf8');
  for (const part of ['functions', 'resources'])
    expect(text.match(new RegExp(`^${part}:.*`, 'gm'))).toEqual([`${part}: \${self:custom.common.${part}}`]);
});

test('the policy is short enough for a managed policy of IAM, which takes 6,144 characters', () => {
  expect(text.replace(/\s/g, '').length).toBeLessThanOrEqual(6144);
});

test('the policy reads and writes no log, checkpoint or receipt, and no parameter', () => {
  const bucket = 'arn:aws:s3:::duo-storage-everything-bucket-1a2b';
  for (const folder of ['logs', 'state', 'receipts'])
    for (const action of ['s3:GetObject', 's3:PutObject', 's3:DeleteObject'])
      expect(allows(policy, action, `${bucket}/${folder}/telephony/x`)).toBe(false);
  expect(text).not.toContain('ssm:');
});

describe('a policy is found wanting', () => {
  const without = (action: string): Policy => ({
    ...policy,
    Statement: policy.Statement.map((one) => ({
      ...one,
      Action: one.Action.filter((other) => other !== action),
    })),
  });
  const and = (...statements: Omit<Policy['Statement'][number], 'Sid' | 'Effect'>[]): Policy => ({
    ...policy,
    Statement: [
      ...policy.Statement,
      ...statements.map((one) => ({ Sid: 'Planted', Effect: 'Allow' as const, ...one })),
    ],
  });
  const faults = (planted: Policy) => policyFaults(planted, needs, servicesOfRoles()).join('\n');

  test('without any one of its actions', () => {
    const actions = [...new Set(policy.Statement.flatMap(({ Action }) => Action))];
    expect(actions.length).toBeGreaterThan(100);
    for (const action of actions) expect(faults(without(action))).toContain(`${action} on `);
  });

  test.each([
    ['an action that no type takes', 'iam:CreateAccessKey', 'arn:aws:iam::*:user/duo-*', 'CreateAccessKey'],
    ['every action of a service', 's3:*', 'arn:aws:s3:::duo-*', 'a wildcard: s3:*'],
    ["buckets that are not the collector's", 's3:PutBucketPolicy', 'arn:aws:s3:::*', 'all of an account'],
    ['every role', 'iam:CreateRole', '*', 'all of an account'],
    ['every database', 'glue:DeleteDatabase', 'arn:aws:glue:*:*:database/*', 'all of an account'],
    ['what is in tables', 'glue:GetPartitions', 'arn:aws:glue:*:*:*/duo_*', 'is not needed'],
    ['the logs as well', 's3:GetObject', 'arn:aws:s3:::duo-*/logs/*', 'is not needed'],
  ])('with %s', (_, action, resource, expected) => {
    expect(faults(and({ Action: [action], Resource: [resource] }))).toContain(expected);
  });

  test.each([undefined, ['lambda.amazonaws.com'], ['ec2.amazonaws.com', 'lambda.amazonaws.com']])(
    'where roles may be passed to %s',
    (services) => {
      const passing = policy.Statement.filter(({ Action }) => !Action.includes('iam:PassRole'));
      const statement = {
        Sid: 'Planted',
        Effect: 'Allow' as const,
        Action: ['iam:PassRole'],
        Resource: ['arn:aws:iam::*:role/duo-*'],
        Condition: services && { StringEquals: { 'iam:PassedToService': services } },
      };
      expect(faults({ ...policy, Statement: [...passing, statement] })).toContain('roles may be passed to');
    },
  );

  test('where a template has a type of which nobody has written down what it takes', () => {
    const template = { Resources: { Table: { Type: 'AWS::DynamoDB::Table', Properties: {} } } };
    expect(() => deploymentNeeds('duo-storage-x', template)).toThrow('what AWS::DynamoDB::Table takes');
  });
});

/** What a policy lacks of what is needed, and what it has besides. `services` are those that roles may be passed to. */
function policyFaults(one: Policy, needed: readonly Need[], services: readonly string[]): string[] {
  const lacking = needed.flatMap(({ on, actions }) =>
    actions.filter((action) => !allows(one, action, on)).map((action) => `${action} on ${on} is missing`),
  );
  const besides = one.Statement.flatMap(({ Action, Resource }) =>
    Action.flatMap((action) => {
      if (action.includes('*')) return [`a wildcard: ${action}`];
      return Resource.flatMap((resource) => {
        const using = needed.filter(({ actions, on }) => actions.includes(action) && covers(resource, on));
        if (using.length === 0) return [`${action} on ${resource} is not needed`];
        // Of an account's only catalog, nothing comes without a database or a table as well.
        const isCatalog = /^arn:aws:glue:[^:]*:[^:]*:catalog$/.test(resource);
        const isLimited =
          /[:/]duo[-_]|^arn:aws:s3:::duo-/.test(resource) || isCatalog || using.some(({ on }) => on === '*');
        return isLimited ? [] : [`${action} on all of an account: ${resource}`];
      });
    }),
  );
  const passed = one.Statement.filter(({ Action }) => Action.includes('iam:PassRole')).filter(
    ({ Condition }) =>
      Condition?.StringEquals['iam:PassedToService']?.toSorted().join() !== services.join() ||
      services.length === 0,
  );
  return [
    ...lacking,
    ...besides,
    ...passed.map(({ Sid }) => `${Sid}: roles may be passed to other services`),
  ];
}

function allows({ Statement }: Policy, action: string, on: string): boolean {
  return Statement.some(
    ({ Action, Resource }) => Action.includes(action) && Resource.some((one) => covers(one, on)),
  );
}

/** Whether a resource of a policy, in which a star stands for anything, is or has one in it. */
function covers(resource: string, on: string): boolean {
  const pattern = resource.split('*').map((part) => part.replace(/[.+?^${}()|[\]\\/]/g, '\\$&'));
  return new RegExp(`^${pattern.join('.*')}$`).test(on);
}
