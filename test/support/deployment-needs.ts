import type { Template } from 'duo-contract/templates';
import * as z from 'zod/mini';

/** Actions that whoever deploys needs on a resource, by its ARN; `*` where AWS cannot limit them to one. */
export interface Need {
  readonly on: string;
  readonly actions: readonly string[];
}

const at = (service: string, rest: string) => `arn:aws:${service}:eu-west-1:123456789012:${rest}`;
const iam = (rest: string) => `arn:aws:iam::123456789012:${rest}`;

const passRole: Need = { on: iam('role/{stack}-Role-1A2B'), actions: ['iam:PassRole'] };

/*
 * What CloudFormation does with each type, with the rights of whoever deploys: `handlers` in the type's resource schema
 * (https://docs.aws.amazon.com/cloudformation-cli/latest/userguide/resource-type-schema.html, as of August 2026), to create,
 * read, update and delete it. Left out is what belongs to properties that no template has, and what would remove the reader's
 * own key or password.
 */
const needsOfTypes: Readonly<Record<string, readonly Need[]>> = {
  'AWS::CloudWatch::Alarm': [
    {
      on: at('cloudwatch', 'alarm:{name}'),
      actions: [
        'cloudwatch:DeleteAlarms',
        'cloudwatch:DescribeAlarms',
        'cloudwatch:ListTagsForResource',
        'cloudwatch:PutMetricAlarm',
        'cloudwatch:TagResource',
        'cloudwatch:UntagResource',
      ],
    },
  ],
  'AWS::CloudWatch::Dashboard': [
    {
      on: 'arn:aws:cloudwatch::123456789012:dashboard/{name}',
      actions: [
        'cloudwatch:DeleteDashboards',
        'cloudwatch:GetDashboard',
        'cloudwatch:ListTagsForResource',
        'cloudwatch:PutDashboard',
        'cloudwatch:TagResource',
        'cloudwatch:UntagResource',
      ],
    },
  ],
  // Glue looks at the catalog besides, which is one for an account and region; for a table at its database; and at all that is in a
  // database which it deletes: https://docs.aws.amazon.com/glue/latest/dg/glue-specifying-resource-arns.html
  'AWS::Glue::Database': [
    ...['catalog', 'database/{name}'].map((rest) => ({
      on: at('glue', rest),
      actions: ['glue:CreateDatabase', 'glue:DeleteDatabase', 'glue:GetDatabase', 'glue:UpdateDatabase'],
    })),
    ...['table/{name}/x', 'userDefinedFunction/{name}/x'].map((rest) => ({
      on: at('glue', rest),
      actions: ['glue:DeleteDatabase'],
    })),
  ],
  'AWS::Glue::Table': ['catalog', 'database/{name}', 'table/{name}/x'].map((rest) => ({
    on: at('glue', rest),
    actions: ['glue:CreateTable', 'glue:DeleteTable', 'glue:GetTable', 'glue:UpdateTable'],
  })),
  'AWS::IAM::ManagedPolicy': [
    {
      on: iam('policy/{name}'),
      actions: [
        'iam:CreatePolicy',
        'iam:CreatePolicyVersion',
        'iam:DeletePolicy',
        'iam:DeletePolicyVersion',
        'iam:GetPolicy',
        'iam:GetPolicyVersion',
        'iam:ListEntitiesForPolicy',
        'iam:ListPolicyVersions',
      ],
    },
  ],
  'AWS::IAM::Policy': [
    { on: iam('role/{name}'), actions: ['iam:DeleteRolePolicy', 'iam:GetRolePolicy', 'iam:PutRolePolicy'] },
  ],
  'AWS::IAM::Role': [
    {
      on: iam('role/{name}'),
      actions: [
        'iam:AttachRolePolicy',
        'iam:CreateRole',
        'iam:DeleteRole',
        'iam:DeleteRolePermissionsBoundary',
        'iam:DeleteRolePolicy',
        'iam:DetachRolePolicy',
        'iam:GetRole',
        'iam:GetRolePolicy',
        'iam:ListAttachedRolePolicies',
        'iam:ListRolePolicies',
        'iam:ListRoleTags',
        'iam:PutRolePermissionsBoundary',
        'iam:PutRolePolicy',
        'iam:TagRole',
        'iam:UntagRole',
        'iam:UpdateAssumeRolePolicy',
        'iam:UpdateRole',
        'iam:UpdateRoleDescription',
      ],
    },
  ],
  'AWS::IAM::User': [
    {
      on: iam('user/{name}'),
      actions: [
        'iam:AttachUserPolicy',
        'iam:CreateUser',
        'iam:DeleteUser',
        'iam:DeleteUserPermissionsBoundary',
        'iam:DeleteUserPolicy',
        'iam:DetachUserPolicy',
        'iam:GetLoginProfile',
        'iam:GetUser',
        'iam:GetUserPolicy',
        'iam:ListAccessKeys',
        'iam:ListAttachedUserPolicies',
        'iam:ListGroupsForUser',
        'iam:ListUserPolicies',
        'iam:ListUserTags',
        'iam:PutUserPermissionsBoundary',
        'iam:PutUserPolicy',
        'iam:TagUser',
        'iam:UntagUser',
        'iam:UpdateUser',
      ],
    },
  ],
  'AWS::Lambda::EventInvokeConfig': [
    {
      on: at('lambda', 'function:{name}'),
      actions: [
        'lambda:DeleteFunctionEventInvokeConfig',
        'lambda:GetFunctionEventInvokeConfig',
        'lambda:PutFunctionEventInvokeConfig',
        'lambda:UpdateFunctionEventInvokeConfig',
      ],
    },
  ],
  'AWS::Lambda::Function': [
    {
      on: at('lambda', 'function:{name}'),
      actions: [
        'lambda:CreateFunction',
        'lambda:DeleteFunction',
        'lambda:GetFunction',
        'lambda:GetFunctionCodeSigningConfig',
        'lambda:GetFunctionRecursionConfig',
        'lambda:GetFunctionScalingConfig',
        'lambda:GetRuntimeManagementConfig',
        'lambda:ListTags',
        'lambda:TagResource',
        'lambda:UntagResource',
        'lambda:UpdateFunctionCode',
        'lambda:UpdateFunctionConfiguration',
      ],
    },
    passRole,
    {
      on: 'arn:aws:s3:::{stack}-serverlessdeploymentbucket-1a2b/serverless/x.zip',
      actions: ['s3:GetObject'],
    },
    {
      on: '*',
      actions: [
        'ec2:DescribeNetworkInterfaces',
        'ec2:DescribeSecurityGroups',
        'ec2:DescribeSubnets',
        'ec2:DescribeVpcs',
      ],
    },
  ],
  'AWS::Logs::LogGroup': [
    {
      on: at('logs', 'log-group:{name}'),
      actions: [
        'logs:CreateLogGroup',
        'logs:DeleteLogGroup',
        'logs:DeleteRetentionPolicy',
        'logs:GetDataProtectionPolicy',
        'logs:ListTagsForResource',
        'logs:PutRetentionPolicy',
        'logs:TagResource',
        'logs:UntagResource',
      ],
    },
    {
      on: '*',
      actions: ['logs:DescribeIndexPolicies', 'logs:DescribeLogGroups', 'logs:DescribeResourcePolicies'],
    },
  ],
  'AWS::S3::Bucket': [
    {
      on: 'arn:aws:s3:::{name}',
      actions: [
        's3:CreateBucket',
        's3:DeleteBucket',
        's3:GetAccelerateConfiguration',
        's3:GetAnalyticsConfiguration',
        's3:GetBucketAbac',
        's3:GetBucketCORS',
        's3:GetBucketLogging',
        's3:GetBucketMetadataTableConfiguration',
        's3:GetBucketNotification',
        's3:GetBucketObjectLockConfiguration',
        's3:GetBucketOwnershipControls',
        's3:GetBucketPublicAccessBlock',
        's3:GetBucketTagging',
        's3:GetBucketVersioning',
        's3:GetBucketWebsite',
        's3:GetEncryptionConfiguration',
        's3:GetIntelligentTieringConfiguration',
        's3:GetInventoryConfiguration',
        's3:GetLifecycleConfiguration',
        's3:GetMetricsConfiguration',
        's3:GetReplicationConfiguration',
        's3:ListBucket',
        's3:ListTagsForResource',
        's3:PutBucketNotification',
        's3:PutBucketOwnershipControls',
        's3:PutBucketPublicAccessBlock',
        's3:PutBucketTagging',
        's3:PutBucketVersioning',
        's3:PutEncryptionConfiguration',
        's3:PutLifecycleConfiguration',
        's3:TagResource',
        's3:UntagResource',
      ],
    },
  ],
  'AWS::S3::BucketPolicy': [
    {
      on: 'arn:aws:s3:::{name}',
      actions: ['s3:DeleteBucketPolicy', 's3:GetBucketPolicy', 's3:PutBucketPolicy'],
    },
  ],
  'AWS::SNS::Subscription': [
    {
      on: at('sns', '{name}'),
      actions: [
        'sns:GetSubscriptionAttributes',
        'sns:SetSubscriptionAttributes',
        'sns:Subscribe',
        'sns:Unsubscribe',
      ],
    },
  ],
  'AWS::SNS::Topic': [
    {
      on: at('sns', '{name}'),
      actions: [
        'sns:CreateTopic',
        'sns:DeleteTopic',
        'sns:GetDataProtectionPolicy',
        'sns:GetTopicAttributes',
        'sns:ListSubscriptionsByTopic',
        'sns:ListTagsForResource',
        'sns:SetTopicAttributes',
        'sns:TagResource',
        'sns:UntagResource',
      ],
    },
  ],
  'AWS::SNS::TopicPolicy': [{ on: at('sns', '{name}'), actions: ['sns:SetTopicAttributes'] }],
  'AWS::SQS::Queue': [
    {
      on: at('sqs', '{name}'),
      actions: [
        'sqs:CreateQueue',
        'sqs:DeleteQueue',
        'sqs:GetQueueAttributes',
        'sqs:GetQueueUrl',
        'sqs:ListQueueTags',
        'sqs:SetQueueAttributes',
        'sqs:TagQueue',
        'sqs:UntagQueue',
      ],
    },
  ],
  'AWS::SQS::QueuePolicy': [{ on: at('sqs', '{name}'), actions: ['sqs:SetQueueAttributes'] }],
  'AWS::Scheduler::Schedule': [
    {
      on: at('scheduler', 'schedule/default/{name}'),
      actions: [
        'scheduler:CreateSchedule',
        'scheduler:DeleteSchedule',
        'scheduler:GetSchedule',
        'scheduler:UpdateSchedule',
      ],
    },
    passRole,
  ],
};

/** What the framework itself does for `sls deploy` and `sls remove`: the commands in the folder lib/plugins/aws of its source. */
const needsOfTheFramework: readonly Need[] = [
  {
    on: at('cloudformation', 'stack/{stack}/11111111-2222-3333-4444-555555555555'),
    actions: [
      'cloudformation:CreateStack',
      'cloudformation:DeleteStack',
      'cloudformation:DescribeStackEvents',
      'cloudformation:DescribeStackResource',
      'cloudformation:DescribeStacks',
      'cloudformation:ListStackResources',
      'cloudformation:TagResource',
      'cloudformation:UntagResource',
      'cloudformation:UpdateStack',
    ],
  },
  { on: '*', actions: ['cloudformation:ListExports', 'cloudformation:ValidateTemplate'] },
  { on: 'arn:aws:s3:::{stack}-serverlessdeploymentbucket-1a2b', actions: ['s3:ListBucket'] },
  {
    on: 'arn:aws:s3:::{stack}-serverlessdeploymentbucket-1a2b/serverless/x.zip',
    actions: ['s3:DeleteObject', 's3:GetObject', 's3:PutObject'],
  },
];

/**
 * What deploying, updating and removing a stack takes, resource by resource, under the names that its resources get. Throws
 * where it has a type of which nobody has written down what it takes.
 */
export function deploymentNeeds(stack: string, { Resources }: Template): Need[] {
  const named = (needs: readonly Need[], name: string) =>
    needs.map(({ on, actions }) => ({
      actions,
      on: on.replace('{stack}', stack).replace('{name}', name),
    }));
  return [
    ...named(needsOfTheFramework, stack),
    ...Object.entries(Resources).flatMap(([id, { Type, Properties }]) => {
      const needs = needsOfTypes[Type];
      if (needs === undefined) throw new Error(`${id}: nobody has written down what ${Type} takes`);
      const { FunctionName, LogGroupName, AlarmName, DashboardName, Name } = Properties;
      const own = [FunctionName, LogGroupName, AlarmName, DashboardName, Name].find(
        (one) => typeof one === 'string',
      );
      if (Type.startsWith('AWS::Glue::')) return named(needs, databaseOf({ Resources }));
      // What has no name of its own, CloudFormation names after the stack and the resource.
      return named(needs, own ?? `${stack}-${id}-1A2B`);
    }),
  ];
}

/** The name of a template's database. */
function databaseOf({ Resources }: Pick<Template, 'Resources'>): string {
  const { LakeDatabase } = z
    .object({
      LakeDatabase: z.object({ Properties: z.object({ DatabaseInput: z.object({ Name: z.string() }) }) }),
    })
    .parse(Resources);
  return LakeDatabase.Properties.DatabaseInput.Name;
}
