import * as z from 'zod/mini';
import { ConfigError } from '../errors';
import { defaultLookback, defaultOverlap, leastOverlap, longestLookback } from '../limits';
import { accountsProblem, environmentProblems } from './credentials/environment-credentials';
import type { StoreLocation } from './store-url';
import { variablesOf } from './variables';

/** The environment, read and checked. Durations are in milliseconds. */
export interface Config {
  readonly store: StoreLocation;
  /** The KMS key that each put names; undefined: S3 encrypts as the bucket says. */
  readonly kmsKeyArn: string | undefined;
  readonly credentials: { readonly kind: 'ssm'; readonly path: string } | { readonly kind: 'environment' };
  readonly apiUrl: string | undefined;
  readonly lookback: number;
  readonly overlap: number;
  /** 0: no limit but time. */
  readonly maxPages: number;
}

/** Reads the environment variables of the collector. Throws one `ConfigError` that names every problem. */
export function readConfig(env: NodeJS.ProcessEnv): Config {
  const { problems, read, readStore, problemText } = variablesOf(env);
  const { store, kmsKeyArn } = readStore();
  const credentials = read('DUO_CREDENTIALS', credentialsSource, 'ssm:/path/of/the/parameters or env');
  const apiUrl = read(
    'DUO_API_URL',
    loopbackUrl,
    'unset, or http:// on a loopback address for the simulator',
  );
  const lookback = read(
    'LOOKBACK_HOURS',
    wholeNumber(defaultLookback / 3_600_000, 1, longestLookback / 3_600_000),
    'a whole number of hours from 1 to 4296 (179 days)',
  );
  const overlap = read(
    'OVERLAP_SECONDS',
    wholeNumber(defaultOverlap / 1000, leastOverlap / 1000, 86_400),
    `a whole number of seconds from ${leastOverlap / 1000} to 86400`,
  );
  const maxPages = read(
    'MAX_PAGES',
    wholeNumber(0, 0, 1_000_000),
    'a whole number of pages, or 0 for no limit',
  );
  if (credentials?.kind === 'environment') {
    const accounts = accountsProblem(env);
    if (accounts !== undefined) problems.push(accounts);
    // With accounts, only a child needs these: whoever asks for one says so.
    if (!env.DUO_ACCOUNTS) problems.push(...environmentProblems(env));
  }
  const problem = problemText();
  if (
    problem !== '' ||
    store === undefined ||
    credentials === undefined ||
    lookback === undefined ||
    overlap === undefined ||
    maxPages === undefined
  )
    throw new ConfigError(problem);
  return {
    store,
    kmsKeyArn,
    credentials,
    apiUrl: apiUrl?.replace(/\/$/, ''),
    lookback: lookback * 3_600_000,
    overlap: overlap * 1000,
    maxPages,
  };
}

const credentialsSource: z.ZodMiniType<Config['credentials']> = z.pipe(
  z.string().check(z.regex(/^(env|ssm:(\/[\w.-]+)+)$/)),
  z.transform((text): Config['credentials'] =>
    text === 'env' ? { kind: 'environment' } : { kind: 'ssm', path: text.slice('ssm:'.length) },
  ),
);

/** Reads `DUO_API_URL`, which may be unset; a URL that is not on this machine would be sent the signature. */
export const loopbackUrl = z.optional(
  z.string().check(
    z.regex(/^http:\/\/(127(\.\d{1,3}){3}|localhost|\[::1\])(:\d{1,5})?\/?$/),
    z.refine((text) => URL.canParse(text)),
  ),
);

function wholeNumber(otherwise: number, least: number, most: number) {
  return z.pipe(
    z._default(z.string().check(z.regex(/^\d{1,7}$/)), String(otherwise)),
    z.pipe(z.transform(Number), z.number().check(z.minimum(least), z.maximum(most))),
  );
}
