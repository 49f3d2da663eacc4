import { createServer } from 'node:http';
import { recordsIn } from 'duo-core';
import { close, listen } from 'duo-simulator';
import { createS3, s3Refusal } from './s3';

/** An S3 on the loopback that a run may lose. */
export type FailingS3 = Awaited<ReturnType<typeof startFailingS3>>;

/**
 * Starts an S3 that answers until it has been asked for a number of puts, and to which nothing gets through from then on, as to a
 * run that is killed. The variables by which the SDK finds it are set until it is closed.
 */
export async function startFailingS3() {
  const s3 = createS3();
  let putsLeft = Number.POSITIVE_INFINITY;
  let keepsTheLast = false;
  const server = createServer(async (request, response) => {
    const chunks: Uint8Array[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const isPut = request.method === 'PUT';
    if (isPut) putsLeft -= 1;
    const isThrough = putsLeft >= 0;
    const isLast = isPut && putsLeft === -1;
    const answer =
      isThrough || (isLast && keepsTheLast) ? s3.answer(request, Buffer.concat(chunks)) : noAnswer;
    const { status, headers, body } = isThrough ? answer : noAnswer;
    response.writeHead(status, headers).end(body);
  });
  const variables = {
    AWS_ENDPOINT_URL_S3: await listen(server),
    AWS_ACCESS_KEY_ID: 'made-up',
    AWS_SECRET_ACCESS_KEY: 'made-up',
    AWS_REGION: 'us-east-1',
  };
  Object.assign(process.env, variables);
  return {
    /** Lets so many puts through. The one after them is the last: it takes effect or not, and is not answered for. */
    failAfter(puts: number, { lastTakesEffect }: { readonly lastTakesEffect: boolean }): void {
      putsLeft = puts;
      keepsTheLast = lastTakesEffect;
    },
    /** Lets everything through again; whether anything was refused. */
    heal(): boolean {
      const failed = putsLeft < 0;
      putsLeft = Number.POSITIVE_INFINITY;
      return failed;
    },
    /** The texts of all records that were stored, object by object. */
    delivered: (): string[] =>
      [...s3.objects]
        .filter(([key]) => key.endsWith('.gz'))
        .flatMap(([, body]) => recordsIn(Buffer.from(body, 'latin1'))),
    async close(): Promise<void> {
      for (const name of Object.keys(variables)) delete process.env[name];
      await close(server);
    },
  };
}

const noAnswer = s3Refusal(403, 'AccessDenied');
