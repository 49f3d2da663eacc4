import { CloudFormationClient, paginateListExports } from '@aws-sdk/client-cloudformation';
import {
  DescribeExecutionCommand,
  ExecutionAlreadyExists,
  ExecutionDoesNotExist,
  ListExecutionsCommand,
  ListMapRunsCommand,
  paginateListExecutions,
  SFNClient,
  StartExecutionCommand,
} from '@aws-sdk/client-sfn';
import { describeAwsError } from 'duo-core';
import * as z from 'zod/mini';
import { AwsError, awsOptions } from '../../stage/aws';
import { exportName } from '../../stage/names';
import { parseJson } from '../../store/parse-json';
import { type CloudInput, cloudInput, executionName } from './cloud-input';

/** An execution of the state machine, as far as the command goes by it. */
export interface CloudExecution {
  readonly arn: string;
  readonly input: CloudInput;
  /** When it was started, in ms. */
  readonly startedAt: number;
  readonly status: string;
  /** How many records of each part were new; null unless it has succeeded. */
  readonly records: readonly number[] | null;
  /** The error and the cause that AWS gives; empty unless it has failed. */
  readonly error: string;
}

/** The state machine of a stage. Errors name the permission. */
export interface CloudMachine {
  /** Those executions that run, of any log. AWS may tell of one only some seconds after it was started. */
  running(): Promise<readonly CloudExecution[]>;
  /** Starts an execution, unless one runs that was started with the same input; resolves to its ARN. */
  start(input: CloudInput): Promise<string>;
  /** Null as long as AWS does not know it yet, which may be for some seconds. */
  describe(arn: string): Promise<CloudExecution | null>;
  /** Why a part of an execution has failed: the error and the message of the function, or null if none is found. */
  failureOf(arn: string): Promise<string | null>;
}

/** Finds the state machine by the name under which the storage stack exports it; null if the stage has none. */
export async function findMachine(stage: string, env: NodeJS.ProcessEnv): Promise<CloudMachine | null> {
  const name = exportName(stage, 'BackfillArn');
  const client = new CloudFormationClient(awsOptions(env));
  try {
    for await (const { Exports = [] } of paginateListExports({ client }, {})) {
      const arn = Exports.find(({ Name }) => Name === name)?.Value;
      if (arn !== undefined) return machineAt(arn, new SFNClient(awsOptions(env)));
    }
    return null;
  } catch (error) {
    throw new AwsError(
      `Whether ${stage} has a state machine cannot be looked up: ${describeAwsError(error)}. It needs cloudformation:ListExports.`,
      error,
    );
  }
}

/** How often the same plan is started anew in the 90 days for which AWS keeps the name of an execution. */
const mostStarts = 100;

function machineAt(stateMachineArn: string, client: SFNClient): CloudMachine {
  const explain = (what: string, error: unknown, permission: string) =>
    new AwsError(
      `${what}: ${describeAwsError(error)}. It needs ${permission} on ${stateMachineArn} and what it runs.`,
      error,
    );

  const machine: CloudMachine = {
    async running() {
      const arns: string[] = [];
      try {
        const query = { stateMachineArn, statusFilter: 'RUNNING' } as const;
        for await (const { executions = [] } of paginateListExecutions({ client }, query))
          arns.push(...executions.flatMap(({ executionArn }) => executionArn ?? []));
      } catch (error) {
        throw explain(
          'What runs in the cloud cannot be listed',
          error,
          'states:ListExecutions and states:DescribeExecution',
        );
      }
      const all = await Promise.all(arns.map((arn) => machine.describe(arn)));
      return all.filter((one) => one !== null);
    },

    async start(input) {
      for (let n = 1; n <= mostStarts; n++) {
        const name = executionName(input, n);
        try {
          // AWS answers the same again as long as one of this name and input runs.
          const { executionArn = '' } = await client.send(
            new StartExecutionCommand({ stateMachineArn, name, input: JSON.stringify(input) }),
          );
          return executionArn;
        } catch (error) {
          if (!(error instanceof ExecutionAlreadyExists)) {
            throw explain('It cannot be started in the cloud', error, 'states:StartExecution');
          }
          const arn = `${stateMachineArn.replace(':stateMachine:', ':execution:')}:${name}`;
          if (isUnderWay((await machine.describe(arn))?.status)) return arn;
        }
      }
      throw new Error(`This was started ${mostStarts} times within 90 days: run it without --cloud.`);
    },

    async describe(executionArn) {
      try {
        const { input, startDate, status, output, error, cause } = await client.send(
          new DescribeExecutionCommand({ executionArn }),
        );
        return {
          arn: executionArn,
          input: parsed(cloudInput, input, 'input'),
          startedAt: startDate?.getTime() ?? 0,
          status: status ?? '',
          records: status === 'SUCCEEDED' ? parsed(z.array(z.number()), output, 'output') : null,
          error: [error, cause].filter(Boolean).join(': '),
        };
      } catch (error) {
        if (error instanceof ExecutionDoesNotExist) return null;
        if (error instanceof OtherVersion) throw error;
        throw explain('How far it is cannot be asked', error, 'states:DescribeExecution');
      }
    },

    async failureOf(executionArn) {
      try {
        const { mapRuns = [] } = await client.send(new ListMapRunsCommand({ executionArn }));
        const mapRunArn = mapRuns[0]?.mapRunArn;
        if (mapRunArn === undefined) return null;
        const { executions = [] } = await client.send(
          new ListExecutionsCommand({ mapRunArn, statusFilter: 'FAILED', maxResults: 1 }),
        );
        const part = executions[0]?.executionArn;
        if (part === undefined) return null;
        const { error, cause } = await client.send(new DescribeExecutionCommand({ executionArn: part }));
        return [error, messageIn(cause)].filter(Boolean).join(': ');
      } catch (error) {
        return `why cannot be asked: ${describeAwsError(error)}. It needs states:ListMapRuns, states:ListExecutions and states:DescribeExecution; or see the execution in the AWS console`;
      }
    },
  };
  return machine;
}

/** Whether an execution in this status goes on by itself. */
export function isUnderWay(status: string | undefined): boolean {
  return status === 'RUNNING' || status === 'PENDING_REDRIVE';
}

/** The state machine, or who started it, is of another version of the collector. */
class OtherVersion extends Error {}

function parsed<T>(schema: z.ZodMiniType<T>, text: string | undefined, what: string): T {
  const result = schema.safeParse(parseJson(text ?? ''));
  if (result.success) return result.data;
  throw new OtherVersion(
    `An execution of the state machine has another ${what} than this collector's: deploy this version of the storage, and start none by hand.`,
  );
}

/** A failed function's own words, which are in the cause as JSON. */
function messageIn(cause: string | undefined): string | undefined {
  return z.object({ errorMessage: z.string() }).safeParse(parseJson(cause ?? '')).data?.errorMessage ?? cause;
}
