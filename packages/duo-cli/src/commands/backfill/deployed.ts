import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { describeAwsError, type LogType } from 'duo-core';
import * as z from 'zod/mini';
import { AwsError, awsOptions, regionOf } from '../../stage/aws';
import { functionName } from '../../stage/names';
import { parseJson } from '../../store/parse-json';
import { type BackfillRun, runResult } from './run';

/** Runs are those of the deployed function: they go on when this process ends, for five minutes at most. */
export function deployedRun({ name }: LogType, stage: string, env: NodeJS.ProcessEnv): BackfillRun {
  const FunctionName = functionName(name, stage);
  const options = awsOptions(env);
  const client = new LambdaClient({
    ...options,
    // A call that is made again would start a second run beside the first: harmless, but Duo would be asked twice.
    maxAttempts: 1,
    // Longer than the function may take (settings/settings.cjs).
    requestHandler: { ...options.requestHandler, requestTimeout: 300_000 },
  });
  return async ({ since, until }, abortSignal) => {
    const backfill = { from: new Date(since).toISOString(), to: new Date(until).toISOString() };
    const command = new InvokeCommand({ FunctionName, Payload: JSON.stringify({ backfill }) });
    const { FunctionError, Payload } = await client.send(command, { abortSignal }).catch((error: unknown) => {
      throw new AwsError(
        `${FunctionName} in ${regionOf(env)} cannot be run: ${describeAwsError(error)}. It has to be deployed, and you need lambda:InvokeFunction on it; --local runs without it.`,
        error,
      );
    });
    const answer = parseJson(Payload?.transformToString() ?? '');
    if (FunctionError !== undefined) {
      const { errorType, errorMessage } = failure.safeParse(answer).data ?? { errorMessage: FunctionError };
      throw new Error(`${FunctionName} failed: ${[errorType, errorMessage].filter(Boolean).join(': ')}`);
    }
    const result = runResult.safeParse(answer);
    if (result.success) return result.data;
    throw new Error(
      `${FunctionName} answered otherwise than this collector does: deploy this version of it.`,
    );
  };
}

const failure = z.object({ errorType: z.optional(z.string()), errorMessage: z.string() });
