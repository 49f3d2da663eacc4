import { loopbackUrl } from 'duo-core';
import { UsageError } from '../operator/usage-error';

/** Where the simulator is that stands in for Duo, without a slash at its end; undefined where it is Duo itself. */
export function duoUrl({ DUO_API_URL }: NodeJS.ProcessEnv): string | undefined {
  const url = loopbackUrl.safeParse(DUO_API_URL || undefined);
  if (url.success) return url.data?.replace(/\/$/, '');
  throw new UsageError('DUO_API_URL must be unset, or http:// on a loopback address for the simulator.');
}
