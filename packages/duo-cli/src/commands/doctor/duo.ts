import { type Credentials, type HttpAnswer, type LogType, ThrottledError, UnauthorizedError } from 'duo-core';
import { durationText } from '../../operator/words';
import type { World } from '../../operator/world';
import { tryCredentials } from '../../stage/credentials/try-credentials';
import { type Check, check, Unknown } from './check';

/** A collector stops when its clock is further ahead of Duo's than this, in ms. */
const tolerance = 30_000;

/** Asks Duo for one record of each log, and checks what the answers say. Without credentials nothing is asked. */
export async function checkDuo(
  credentials: Credentials | null,
  logs: readonly LogType[],
  { env, clock }: Pick<World, 'env' | 'clock'>,
): Promise<Check[]> {
  const answers: { readonly status: number; readonly skew: number }[] = [];
  const onAnswer = ({ status, headers }: HttpAnswer) => {
    answers.push({ status, skew: clock.now() - Date.parse(headers.date ?? '') });
  };
  const failures = new Map<string, unknown>();
  let stopped: unknown = credentials === null ? new Unknown('not asked: there are no credentials') : null;
  for (const logType of logs) {
    if (credentials === null || stopped !== null) break;
    await tryCredentials(credentials, logType, { env, clock }, onAnswer).catch((error: unknown) => {
      failures.set(logType.name, error);
      // Every other log would say the same.
      if (answers.length === 0 || error instanceof UnauthorizedError) stopped = error;
    });
  }
  const accepted = answers.some(({ status }) => status === 200 || status === 403);

  return [
    await check(null, 'Duo reachable', () => {
      if (answers.length === 0) throw stopped;
      return env.DUO_API_URL ? `${env.DUO_API_URL}, instead of Duo` : (credentials?.apiHost ?? '');
    }),
    await check(null, 'clock', () => clockText(answers[0]?.skew)),
    await check(null, 'signature', () => {
      if (stopped instanceof UnauthorizedError) throw stopped;
      if (!accepted) throw new Unknown('no answer says whether Duo accepts it');
      return 'accepted';
    }),
    ...(await Promise.all(
      logs.map(({ name, path }) =>
        check(name, 'permission', () => {
          if (stopped !== null) throw new Unknown('see above');
          const failure = failures.get(name);
          if (failure instanceof ThrottledError) throw new Unknown(failure.message);
          if (failure !== undefined) throw failure;
          return `GET ${path} answers`;
        }),
      ),
    )),
  ];
}

function clockText(skew = Number.NaN): string {
  if (Number.isNaN(skew)) throw new Unknown('no answer from Duo to compare it with');
  const apart = `${durationText(Math.abs(skew))} ${skew < 0 ? 'behind' : 'ahead of'} Duo's`;
  if (Math.abs(skew) <= tolerance) return `this machine's, ${apart}`;
  throw new Error(
    `This machine's is ${apart}. Set it (by NTP): Duo refuses requests signed at another time, and the times shown here are wrong.`,
  );
}
