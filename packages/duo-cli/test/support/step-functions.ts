import { createServer } from 'node:http';
import type { Clock } from 'duo-core';
import { close, listen } from 'duo-simulator';
import * as z from 'zod';
import {
  call,
  choice,
  evaluate,
  filled,
  holds,
  type Machine,
  machineSchema,
  mapState,
  type State,
  StatesError,
  state,
  task,
} from './states-language';

/** One execution, as a test looks at it. */
interface Execution {
  readonly executionArn: string;
  readonly name: string;
  readonly input: string;
  readonly startDate: number;
  status: string;
  output?: string;
  error?: string;
  cause?: string;
}

/**
 * AWS Step Functions with one state machine, on the loopback: it carries out the definition that is deployed, as far as
 * that uses the States Language. Its waits are those of `clock`; test/deploy has another's interpreter carry it out.
 */
export async function startStepFunctions(
  stateMachineArn: string,
  definition: unknown,
  functions: ReadonlyMap<string, (event: unknown) => Promise<unknown>>,
  clock: Clock,
) {
  const machine = machineSchema.parse(definition);
  const executions = new Map<string, Execution>();
  /** Of each execution, the executions of its parts. */
  const parts = new Map<string, Execution[]>();
  /** Actions that are refused, by their names in a policy. */
  const denied = new Set<string>();
  /** Executions that AWS does not tell of yet. */
  const hidden = new Set<string>();
  /** Executions that AWS does not list yet. */
  const unlisted = new Set<string>();
  /** The states in the order in which they were entered. */
  const entered: string[] = [];
  let atOnce = 0;
  let mostAtOnce = 0;
  let starts = 0;
  let asked = 0;

  const server = createServer((request, response) => {
    const chunks: Uint8Array[] = [];
    request.on('data', (chunk: Uint8Array) => chunks.push(chunk));
    request.on('end', () => {
      const action = String(request.headers['x-amz-target']).replace('AWSStepFunctions.', '');
      const [status, body] = denied.has(`states:${action}`)
        ? [400, { __type: 'AccessDeniedException', message: `may not ${action}` }]
        : answer(action, query.parse(JSON.parse(Buffer.concat(chunks).toString())));
      response.writeHead(status, { 'Content-Type': 'application/x-amz-json-1.0' }).end(JSON.stringify(body));
    });
  });
  return {
    url: await listen(server),
    executions,
    denied,
    hidden,
    unlisted,
    entered,
    /** How often it was asked to start one, how many it has started, and how many parts ran at once. */
    counts: () => ({ asked, starts, mostAtOnce }),
    close() {
      for (const one of executions.values()) one.status = 'ABORTED';
      void close(server);
    },
  };

  function answer(action: string, given: z.infer<typeof query>): [number, object] {
    const { executionArn = '', mapRunArn, name = '', input = '{}' } = given;
    const known = [...executions.values(), ...[...parts.values()].flat()].find(
      (one) => one.executionArn === executionArn,
    );
    if (action === 'StartExecution') return start(name, input);
    if (action === 'ListExecutions') {
      const all =
        mapRunArn === undefined
          ? [...executions.values()].filter((one) => !unlisted.has(one.executionArn))
          : (parts.get(mapRunArn.replace(':mapRun', '')) ?? []);
      return [200, { executions: all.filter(({ status }) => status === given.statusFilter) }];
    }
    if (known === undefined || hidden.has(executionArn)) {
      return [
        400,
        { __type: 'ExecutionDoesNotExist', message: `Execution Does Not Exist: '${executionArn}'` },
      ];
    }
    if (action === 'DescribeExecution') return [200, known];
    if (action === 'ListMapRuns') {
      const mapRuns = parts.has(executionArn) ? [{ mapRunArn: `${executionArn}:mapRun` }] : [];
      return [200, { mapRuns }];
    }
    throw new Error(`nobody makes this call: ${action}`);
  }

  function start(name: string, input: string): [number, object] {
    const executionArn = `${stateMachineArn.replace(':stateMachine:', ':execution:')}:${name}`;
    const before = executions.get(executionArn);
    asked += 1;
    if (before?.status === 'RUNNING' && before.input === input) return [200, before];
    if (before !== undefined) {
      return [
        400,
        { __type: 'ExecutionAlreadyExists', message: `Execution Already Exists: '${executionArn}'` },
      ];
    }
    starts += 1;
    const execution: Execution = {
      executionArn,
      name,
      input,
      startDate: clock.now() / 1000,
      status: 'RUNNING',
    };
    executions.set(executionArn, execution);
    void carryOut(machine, execution, execution);
    return [200, execution];
  }

  /** Ends with the execution in its last status. */
  async function carryOut(of: Machine, execution: Execution, root: Execution): Promise<void> {
    try {
      let [name, value]: [string | undefined, unknown] = [of.StartAt, JSON.parse(execution.input)];
      while (name !== undefined) {
        if (root.status !== 'RUNNING') throw new StatesError('States.Aborted', '');
        const current: State = z.looseObject(state.shape).parse(of.States[name]);
        entered.push(name);
        [name, value] = await step(current, value, root);
        value = current.OutputPath === undefined ? value : evaluate(current.OutputPath, value);
      }
      execution.output = JSON.stringify(value);
      if (execution.status === 'RUNNING') execution.status = 'SUCCEEDED';
    } catch (error) {
      if (!(error instanceof StatesError)) throw error;
      execution.error = error.error;
      execution.cause = error.reason;
      if (execution.status === 'RUNNING') execution.status = 'FAILED';
    }
  }

  async function step(
    given: State,
    value: unknown,
    root: Execution,
  ): Promise<[next: string | undefined, value: unknown]> {
    switch (given.Type) {
      case 'Choice': {
        const { Choices, Default } = choice.parse(given);
        return [Choices.find((rule) => holds(rule, value))?.Next ?? Default, value];
      }
      case 'Pass':
        return [given.Next, 'Parameters' in given ? filled(given.Parameters, value) : value];
      case 'Wait':
        await clock.sleep(z.number().parse(given.Seconds) * 1000);
        return [given.Next, value];
      case 'Task':
        return [given.Next, await invoke(given, value)];
      case 'Map':
        return [given.Next, await runParts(given, value, root)];
      case 'Fail':
        throw new StatesError(String(given.Error), String(given.Cause));
      default:
        throw new Error(`no ${given.Type} is used`);
    }
  }

  async function invoke(given: State, value: unknown): Promise<unknown> {
    const { Resource, Parameters, ResultSelector, ResultPath, Retry } = task.parse(given);
    if (Resource !== 'arn:aws:states:::lambda:invoke') throw new Error(`nobody knows ${Resource}`);
    const { FunctionName, Payload } = call.parse(filled(Parameters, value));
    const tried = Retry.map(() => 0);
    for (;;) {
      try {
        const run = functions.get(FunctionName);
        if (run === undefined) throw new StatesError('Lambda.ResourceNotFoundException', FunctionName);
        const result = await run(Payload).catch((error: Error) => {
          const cause = { errorType: error.name, errorMessage: error.message };
          throw new StatesError(error.name, JSON.stringify(cause));
        });
        const selected = filled(ResultSelector, { Payload: result });
        return { ...z.looseObject({}).parse(value), [ResultPath.slice(2)]: selected };
      } catch (error) {
        if (!(error instanceof StatesError)) throw error;
        const n = Retry.findIndex(({ ErrorEquals }) =>
          ErrorEquals.some((one) => one === error.error || one === 'States.ALL'),
        );
        const retrier = Retry[n];
        const times = tried[n] ?? 0;
        if (retrier === undefined || times >= retrier.MaxAttempts) throw error;
        tried[n] = times + 1;
        const seconds = retrier.IntervalSeconds * retrier.BackoffRate ** times;
        await clock.sleep(Math.min(seconds, retrier.MaxDelaySeconds) * 1000);
      }
    }
  }

  async function runParts(given: State, value: unknown, root: Execution): Promise<unknown[]> {
    const { Label, ItemsPath, MaxConcurrencyPath, ItemSelector, ItemProcessor } = mapState.parse(given);
    const items = z.array(z.unknown()).parse(evaluate(ItemsPath, value));
    const width = z.int().parse(evaluate(MaxConcurrencyPath, value));
    const children = items.map((item, n): Execution => {
      const executionArn = `${root.executionArn.split(':').slice(0, 7).join(':')}/${Label}:${n}`;
      const input = JSON.stringify(filled(ItemSelector, value, item));
      return { executionArn, name: String(n), input, startDate: clock.now() / 1000, status: 'RUNNING' };
    });
    parts.set(root.executionArn, children);
    const rest = children.values();
    await Promise.all(
      Array.from({ length: width }, async () => {
        for (const child of rest) {
          atOnce += 1;
          mostAtOnce = Math.max(mostAtOnce, atOnce);
          await carryOut(ItemProcessor, child, root);
          atOnce -= 1;
          if (child.status === 'FAILED') return;
        }
      }),
    );
    if (children.some(({ status }) => status === 'FAILED')) {
      throw new StatesError('States.ExceedToleratedFailureThreshold', 'The threshold was exceeded.');
    }
    return children.map(({ output }) => JSON.parse(output ?? 'null'));
  }
}

const query = z.object({
  executionArn: z.optional(z.string()),
  mapRunArn: z.optional(z.string()),
  statusFilter: z.optional(z.string()),
  name: z.optional(z.string()),
  input: z.optional(z.string()),
});
