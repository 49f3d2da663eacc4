import {
  attemptTimeout,
  type Credentials,
  createDuoClient,
  type HttpAnswer,
  type LogType,
  pagingStyles,
  publishingDelay,
  ThrottledError,
  UnauthorizedError,
  UnavailableError,
} from 'duo-core';
import type { World } from '../../operator/world';
import { duoUrl } from '../duo-url';

/**
 * Asks Duo for one record of a log with these credentials. Throws an error that says what is wrong if Duo refuses, of the
 * class that the client throws. `onAnswer` is told of what Duo has answered, if it has.
 */
export async function tryCredentials(
  credentials: Credentials,
  logType: LogType,
  { env, clock }: Pick<World, 'env' | 'clock'>,
  onAnswer?: (answer: HttpAnswer) => void,
): Promise<void> {
  const apiUrl = duoUrl(env);
  const duo = createDuoClient({
    credentials: { source: 'the operator', get: async () => credentials, renew() {} },
    clock,
    apiUrl,
    onAnswer,
  });
  const to = clock.now() - publishingDelay;
  const params = pagingStyles[logType.paging.style].params({
    from: to - 3_600_000,
    to,
    cursor: null,
    limit: 1,
  });
  try {
    const answer = await duo.get(logType, params, clock.now() + attemptTimeout);
    answer.read(() => {});
  } catch (error) {
    if (error instanceof UnauthorizedError) {
      throw new UnauthorizedError(
        `${error.message}. ${unauthorized(error, credentials.apiHost, clock.now())}`,
        error.code,
      );
    }
    if (error instanceof ThrottledError) {
      throw new ThrottledError(`${error.message}. Duo asks to wait: try again in two minutes.`);
    }
    if (error instanceof UnavailableError) {
      const end = error.message.endsWith('?') ? '' : '.';
      throw new UnavailableError(
        apiUrl === undefined
          ? `${error.message}${end} Try again. If it happens again, compare the API host with the Admin API application's, and check that this machine can reach it (behind a proxy: docs/networks.md).`
          : `${error.message}${end} Try again.`,
      );
    }
    throw error;
  }
}

/** What Duo's code for a 401 means. Codes as in Duo's clients; Duo publishes no list. */
function unauthorized({ code }: UnauthorizedError, apiHost: string, now: number): string {
  const keys = 'Copy it again from the Admin API application in the Duo Admin Panel';
  if (code === 40102)
    return `Duo does not know this integration key at ${apiHost}. ${keys}, with its API host.`;
  if (code === 40103)
    return `The secret key does not belong to this integration key. ${keys}, with its API host: that of another account answers the same.`;
  const time = new Date(now).toISOString();
  if (code === 40105) return `Set this machine's clock (by NTP): it says ${time}, which is not Duo's time.`;
  return `Compare all three values with the Admin API application in the Duo Admin Panel, and this machine's clock, which says ${time}.`;
}
