import { createRequire } from 'node:module';
import {
  CreateSecurityGroupCommand,
  CreateSubnetCommand,
  CreateVpcCommand,
  EC2Client,
} from '@aws-sdk/client-ec2';
import { GetTablesCommand, GlueClient } from '@aws-sdk/client-glue';
import {
  DeleteObjectCommand,
  GetBucketPolicyCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  paginateListObjectsV2,
  S3Client,
} from '@aws-sdk/client-s3';
import { createS3Store, recordsIn, type Store } from 'duo-core';
import * as z from 'zod/mini';
import type { LocalAws } from './local-aws';

/** Calls to an AWS, each as the AWS CLI has it: the service, the operation, its input. */
export type Aws = ReturnType<typeof connect>;

interface Client {
  send(command: object): Promise<unknown>;
}
type Constructor<T> = new (input: object) => T;

// The framework's own clients: what it talks to CloudFormation with is what is looked at here.
const ofTheFramework = createRequire(require.resolve('serverless/package.json'));

const clients = {
  cloudformation: ['@aws-sdk/client-cloudformation', 'CloudFormationClient'],
  lambda: ['@aws-sdk/client-lambda', 'LambdaClient'],
  iam: ['@aws-sdk/client-iam', 'IAMClient'],
  sts: ['@aws-sdk/client-sts', 'STSClient'],
  ssm: ['@aws-sdk/client-ssm', 'SSMClient'],
} as const;

/** Connects to the local AWS, and to no other. */
export function connect({ environment }: LocalAws) {
  const { AWS_ENDPOINT_URL, AWS_REGION, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY } = environment;
  const config = {
    endpoint: AWS_ENDPOINT_URL ?? '',
    region: AWS_REGION ?? '',
    credentials: { accessKeyId: AWS_ACCESS_KEY_ID ?? '', secretAccessKey: AWS_SECRET_ACCESS_KEY ?? '' },
  };
  const s3 = new S3Client({ ...config, forcePathStyle: true });

  async function call(service: keyof typeof clients, operation: string, input: object): Promise<unknown> {
    const [module, name] = clients[service];
    const client: Constructor<Client> = ofTheFramework(module)[name];
    const command: Constructor<object> = ofTheFramework(module)[`${operation}Command`];
    return new client(config).send(new command(input));
  }

  async function tryWith(
    credentials: { accessKeyId: string; secretAccessKey: string; sessionToken?: string },
    bucket: string,
    attempts: readonly Attempt[],
  ): Promise<string[]> {
    const client = new S3Client({ ...config, forcePathStyle: true, credentials });
    const answers: string[] = [];
    for (const { what, key: Key } of attempts) {
      const command = {
        list: () => client.send(new ListObjectsV2Command({ Bucket: bucket, Prefix: Key })),
        get: () => client.send(new GetObjectCommand({ Bucket: bucket, Key })),
        put: () => client.send(new PutObjectCommand({ Bucket: bucket, Key, Body: 'x' })),
        delete: () => client.send(new DeleteObjectCommand({ Bucket: bucket, Key })),
      }[what];
      const answer = await command().then(
        () => 'allowed',
        (error: unknown) => (error instanceof Error ? error.name : String(error)),
      );
      answers.push(`${what} ${Key}: ${answer}`);
    }
    return answers;
  }

  return {
    /** What a stack consists of, and when each part of it was last touched. */
    async resources(stack: string): Promise<Resource[]> {
      const { StackResources } = resourcesShape.parse(
        await call('cloudformation', 'DescribeStackResources', { StackName: stack }),
      );
      return StackResources.map((resource) => ({ ...resource, stack }));
    },

    /** The template of a stack, as CloudFormation has it. */
    async template(stack: string): Promise<string> {
      const answer = await call('cloudformation', 'GetTemplate', { StackName: stack });
      return z.object({ TemplateBody: z.string() }).parse(answer).TemplateBody;
    },

    /** What stacks export, by its name. */
    async exports(): Promise<Map<string, string>> {
      const { Exports } = exportsShape.parse(await call('cloudformation', 'ListExports', {}));
      return new Map(Exports.map(({ Name, Value }) => [Name, Value]));
    },

    /** The names of the stacks that have not been removed. */
    async stacks(): Promise<string[]> {
      const { Stacks } = stacksShape.parse(await call('cloudformation', 'DescribeStacks', {}));
      return Stacks.map(({ StackName }) => StackName);
    },

    /** What an invoked function returned, or the error that it threw, and its log. */
    async invoke(name: string, event: object = {}): Promise<Invocation> {
      const answer = await call('lambda', 'Invoke', {
        FunctionName: name,
        Payload: JSON.stringify(event),
        LogType: 'Tail',
      });
      const { FunctionError, Payload, LogResult } = invocationShape.parse(answer);
      return {
        failed: FunctionError !== undefined,
        result: JSON.parse(Buffer.from(Payload).toString()),
        log: Buffer.from(LogResult, 'base64').toString(),
      };
    },

    /** Makes a function of the code and settings of `of`, with the role of `as`. */
    async disguise(name: string, of: string, as: string): Promise<void> {
      const { Code, Configuration } = functionShape.parse(
        await call('lambda', 'GetFunction', { FunctionName: of }),
      );
      const other = functionShape.parse(await call('lambda', 'GetFunction', { FunctionName: as }));
      const { Runtime, Handler, Timeout, Environment } = Configuration;
      const zip = await (await fetch(Code.Location)).arrayBuffer();
      await call('lambda', 'CreateFunction', {
        FunctionName: name,
        Runtime,
        Handler,
        Timeout,
        Environment,
        Role: other.Configuration.Role,
        Code: { ZipFile: new Uint8Array(zip) },
      });
    },

    async deleteFunction(name: string): Promise<void> {
      await call('lambda', 'DeleteFunction', { FunctionName: name });
    },

    /** A network with two subnets and a security group. */
    async createNetwork(): Promise<Network> {
      const ec2 = new EC2Client(config);
      const { Vpc } = await ec2.send(new CreateVpcCommand({ CidrBlock: '10.0.0.0/16' }));
      const subnetIds: string[] = [];
      for (const CidrBlock of ['10.0.1.0/24', '10.0.2.0/24']) {
        const { Subnet } = await ec2.send(new CreateSubnetCommand({ VpcId: Vpc?.VpcId, CidrBlock }));
        subnetIds.push(Subnet?.SubnetId ?? '');
      }
      const { GroupId = '' } = await ec2.send(
        new CreateSecurityGroupCommand({ VpcId: Vpc?.VpcId, GroupName: 'duo', Description: 'duo' }),
      );
      return { subnetIds, securityGroupIds: [GroupId] };
    },

    /** Those of some actions that a role's policies allow on every resource. */
    async allowedActions(role: string, ActionNames: readonly string[]): Promise<string[]> {
      const { Role } = roleShape.parse(await call('iam', 'GetRole', { RoleName: role }));
      const { EvaluationResults } = simulationShape.parse(
        await call('iam', 'SimulatePrincipalPolicy', { PolicySourceArn: Role.Arn, ActionNames }),
      );
      return EvaluationResults.filter(({ EvalDecision }) => EvalDecision === 'allowed').map(
        ({ EvalActionName }) => EvalActionName,
      );
    },

    /** Takes a managed policy from a user. */
    async detachPolicy(UserName: string, PolicyArn: string): Promise<void> {
      await call('iam', 'DetachUserPolicy', { UserName, PolicyArn });
    },

    /** The tables of a database in Glue, and where they say that their files are. */
    async glueTables(DatabaseName: string): Promise<GlueTable[]> {
      const { TableList = [] } = await new GlueClient(config).send(new GetTablesCommand({ DatabaseName }));
      return TableList.map(({ Name = '', StorageDescriptor, Parameters = {} }) => ({
        name: Name,
        location: StorageDescriptor?.Location ?? '',
        parameters: Parameters,
      }));
    },

    /** Puts a parameter, encrypted if it is a secret. */
    async putParameter(Name: string, Value: string, isSecret: boolean): Promise<void> {
      await call('ssm', 'PutParameter', { Name, Value, Type: isSecret ? 'SecureString' : 'String' });
    },

    /** Makes a managed policy, and says its ARN. */
    async createPolicy(PolicyName: string, PolicyDocument: string): Promise<string> {
      const answer = await call('iam', 'CreatePolicy', { PolicyName, PolicyDocument });
      return policyShape.parse(answer).Policy.Arn;
    },

    /** Makes a user that may do what this managed policy says; its keys as variables of an environment. */
    async createUser(UserName: string, PolicyArn: string): Promise<NewUser> {
      const { User } = userShape.parse(await call('iam', 'CreateUser', { UserName }));
      await call('iam', 'AttachUserPolicy', { UserName, PolicyArn });
      const { AccessKey } = accessKeyShape.parse(await call('iam', 'CreateAccessKey', { UserName }));
      const { AccessKeyId, SecretAccessKey } = AccessKey;
      return {
        arn: User.Arn,
        environment: { AWS_ACCESS_KEY_ID: AccessKeyId, AWS_SECRET_ACCESS_KEY: SecretAccessKey },
      };
    },

    /** A bucket, as the collector sees it. */
    store(bucket: string, signal: AbortSignal): Store {
      return createS3Store(s3, { bucket, prefix: '' }, signal);
    },

    /** The policy of a bucket, as JSON. */
    async bucketPolicy(bucket: string): Promise<string> {
      const { Policy = '' } = await s3.send(new GetBucketPolicyCommand({ Bucket: bucket }));
      return Policy;
    },

    async deleteObject(bucket: string, key: string): Promise<void> {
      await s3.send(new DeleteObjectCommand({ Bucket: bucket, Key: key }));
    },

    /** The keys of all objects in a bucket whose key begins so. */
    async keys(bucket: string, prefix: string): Promise<string[]> {
      const keys: string[] = [];
      for await (const page of paginateListObjectsV2({ client: s3 }, { Bucket: bucket, Prefix: prefix }))
        keys.push(...(page.Contents ?? []).map(({ Key = '' }) => Key));
      return keys;
    },

    /** What a user may do with a bucket, by trying: each attempt answers `allowed`, or the error's name. */
    async tryAs(userArn: string, bucket: string, attempts: readonly Attempt[]): Promise<string[]> {
      const UserName = userArn.slice(userArn.lastIndexOf('/') + 1);
      const { AccessKey } = accessKeyShape.parse(await call('iam', 'CreateAccessKey', { UserName }));
      const { AccessKeyId: accessKeyId, SecretAccessKey: secretAccessKey } = AccessKey;
      const answers = await tryWith({ accessKeyId, secretAccessKey }, bucket, attempts);
      // A user that has a key cannot be removed.
      await call('iam', 'DeleteAccessKey', { UserName, AccessKeyId: accessKeyId });
      return answers;
    },

    /** The same of a role. */
    async tryAsRole(role: string, bucket: string, attempts: readonly Attempt[]): Promise<string[]> {
      const { Role } = roleShape.parse(await call('iam', 'GetRole', { RoleName: role }));
      const { Credentials } = sessionShape.parse(
        await call('sts', 'AssumeRole', { RoleArn: Role.Arn, RoleSessionName: 'try' }),
      );
      const { AccessKeyId: accessKeyId, SecretAccessKey: secretAccessKey, SessionToken } = Credentials;
      return tryWith({ accessKeyId, secretAccessKey, sessionToken: SessionToken }, bucket, attempts);
    },

    /** The texts of all records in the objects of a bucket whose key begins so. */
    async records(bucket: string, prefix: string): Promise<string[]> {
      const texts: string[] = [];
      for (const Key of await this.keys(bucket, prefix)) {
        const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key }));
        texts.push(...recordsIn((await Body?.transformToByteArray()) ?? new Uint8Array()));
      }
      return texts;
    },
  };
}

const resourcesShape = z.object({
  StackResources: z.array(
    z.object({
      LogicalResourceId: z.string(),
      PhysicalResourceId: z.string(),
      ResourceType: z.string(),
      Timestamp: z.date(),
    }),
  ),
});

/** A part of a stack. */
export type Resource = z.infer<typeof resourcesShape>['StackResources'][number] & { readonly stack: string };

/** A user, and what a process needs to act as it. */
export interface NewUser {
  readonly arn: string;
  readonly environment: Record<string, string>;
}

/** A table of Glue's catalog. */
export interface GlueTable {
  readonly name: string;
  readonly location: string;
  readonly parameters: Readonly<Record<string, string>>;
}

/** A network of the user's, as the settings name it. */
export interface Network {
  readonly subnetIds: readonly string[];
  readonly securityGroupIds: readonly string[];
}

/** Something that a user tries on a key, or on a prefix. */
export interface Attempt {
  readonly what: 'list' | 'get' | 'put' | 'delete';
  readonly key: string;
}

/** How an invocation ended. */
export interface Invocation {
  readonly failed: boolean;
  readonly result: unknown;
  readonly log: string;
}

const userShape = z.object({ User: z.object({ Arn: z.string() }) });
const roleShape = z.object({ Role: z.object({ Arn: z.string() }) });
const policyShape = z.object({ Policy: z.object({ Arn: z.string() }) });
const simulationShape = z.object({
  EvaluationResults: z.array(z.object({ EvalActionName: z.string(), EvalDecision: z.string() })),
});
const accessKeyShape = z.object({
  AccessKey: z.object({ AccessKeyId: z.string(), SecretAccessKey: z.string() }),
});
const sessionShape = z.object({
  Credentials: z.object({ AccessKeyId: z.string(), SecretAccessKey: z.string(), SessionToken: z.string() }),
});
const exportsShape = z.object({ Exports: z.array(z.object({ Name: z.string(), Value: z.string() })) });
const stacksShape = z.object({ Stacks: z.array(z.object({ StackName: z.string() })) });
const invocationShape = z.object({
  FunctionError: z.optional(z.string()),
  Payload: z.instanceof(Uint8Array),
  // On a busy machine, ministack may miss what a run has logged.
  LogResult: z._default(z.string(), ''),
});
const functionShape = z.object({
  Code: z.object({ Location: z.string() }),
  Configuration: z.object({
    Runtime: z.string(),
    Handler: z.string(),
    Timeout: z.number(),
    Role: z.string(),
    Environment: z.object({ Variables: z.record(z.string(), z.string()) }),
  }),
});
