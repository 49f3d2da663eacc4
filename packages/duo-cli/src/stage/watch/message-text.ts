import * as z from 'zod/mini';
import { parseJson } from '../../store/parse-json';
import { errorText } from './error-text';

/**
 * What a message in a queue of the stage says is wrong, null where it says nothing of the kind. There are three kinds:
 * - what Lambda sends of a run that failed, with the error that it threw, or the reason why it was not started:
 *   https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html
 * - what a schedule could not start, with the error in its attributes:
 *   https://docs.aws.amazon.com/scheduler/latest/UserGuide/configuring-schedule-dlq.html
 * - what S3 says of new objects:
 *   https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html
 */
export function messageText(body: string, attribute: (name: string) => string | undefined): string | null {
  const [code, message] = [attribute('ERROR_CODE'), attribute('ERROR_MESSAGE')];
  if (code !== undefined || message !== undefined) return [code, message].filter(Boolean).join(': ');
  const said = parseJson(body);
  const { responsePayload, requestContext } = failedRun.safeParse(said).data ?? {};
  const thrown = errorText(responsePayload);
  if (thrown !== null) return thrown;
  if (requestContext !== undefined) return requestContext.condition;
  const [first] = newObjects.safeParse(said).data?.Records ?? [];
  // As it stands there, encoded for a URL: so it is to be looked for in the message.
  return first === undefined ? null : first.s3.object.key;
}

const failedRun = z.object({
  requestContext: z.object({ condition: z.string() }),
  responsePayload: z.optional(z.unknown()),
});
const newObjects = z.object({
  Records: z.array(z.object({ s3: z.object({ object: z.object({ key: z.string() }) }) })),
});
