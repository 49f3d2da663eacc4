import { simulatorCredentials } from './server/request-check';

/** The environment variables with which this project's collector asks the simulator at `url`. They hold no real secret. */
export function simulatorEnvironment(url: string): Record<string, string> {
  const { ikey, skey, apiHost } = simulatorCredentials;
  return {
    DUO_CREDENTIALS: 'env',
    DUO_IKEY: ikey,
    DUO_SKEY: skey,
    DUO_API_HOST: apiHost,
    DUO_API_URL: url,
  };
}
