import { InvokeCommand, type LambdaClient, ResourceNotFoundException } from '@aws-sdk/client-lambda';
import { describeAwsError } from 'duo-core';

/** What became of an invocation: Lambda has taken it, or has no such function. */
export type Invoked = 'started' | 'not-deployed';

/**
 * Has Lambda run a function for an account. Lambda's queue takes it from there, with its retries and the function's dead letters.
 * Throws an error that names the function if Lambda does not take it.
 */
export async function invoke(
  client: LambdaClient,
  functionName: string,
  account: string,
  signal: AbortSignal,
): Promise<Invoked> {
  const command = new InvokeCommand({
    FunctionName: functionName,
    InvocationType: 'Event',
    Payload: JSON.stringify({ account }),
  });
  try {
    await client.send(command, { abortSignal: signal });
    return 'started';
  } catch (error) {
    if (error instanceof ResourceNotFoundException) return 'not-deployed';
    throw new Error(
      `${functionName} was not started for ${account}: ${describeAwsError(error, `lambda:InvokeFunction on ${functionName}`)}`,
    );
  }
}
