import { fileURLToPath } from 'node:url';
import * as z from 'zod/mini';
import { certificateProblem } from '../certificates';
import { ConfigError } from '../errors';
import { defaultLookback, defaultOverlap, leastOverlap, longestLookback } from '../limits';
import { accountsProblem, environmentProblems } from './credentials/environment-credentials';

/** The environment, read and checked. Durations are in milliseconds. */
export interface Config {
  readonly store:
    | { readonly kind: 's3'; readonly bucket: string; readonly prefix: string }
    | { readonly kind: 'directory'; readonly path: string };
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
  const problems: string[] = [];
  const read = <T>(name: string, schema: z.ZodMiniType<T>, otherwise: string): T | undefined => {
    // A variable that is set to nothing is the same as one that is not set.
    const result = schema.safeParse(env[name] === '' ? undefined : env[name]);
    if (result.success) return result.data;
    // The value is not repeated: someone may have put a secret there.
    problems.push(`${name} is ${env[name] ? 'malformed' : 'not set'}: it must be ${otherwise}`);
    return undefined;
  };

  const store = read('STORE_URL', storeUrl, 's3://bucket, s3://bucket/prefix or file:///absolute/directory');
  const kmsKeyArn = read(
    'STORE_KMS_KEY_ARN',
    kmsKey,
    'unset, or the ARN of a KMS key, like arn:aws:kms:eu-west-1:123456789012:key/<id>',
  );
  // Whoever set it believes that the objects are encrypted with it.
  if (kmsKeyArn !== undefined && store?.kind === 'directory')
    problems.push('STORE_KMS_KEY_ARN must be unset: STORE_URL names a directory, which no key encrypts');
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
  const certificates = certificateProblem(env);
  if (certificates !== undefined) problems.push(certificates);

  if (
    problems.length > 0 ||
    store === undefined ||
    credentials === undefined ||
    lookback === undefined ||
    overlap === undefined ||
    maxPages === undefined
  ) {
    throw new ConfigError(problems.join('\n'));
  }
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

/** Reads `STORE_URL`. */
export const storeUrl: z.ZodMiniType<Config['store']> = z.pipe(
  z.string(),
  z.transform((text, context): Config['store'] => {
    const s3 = /^s3:\/\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:\/([\w./=-]*?))?\/?$/.exec(text);
    if (s3?.[1] !== undefined && !/^\/|\/\/|(^|\/)\.\.?(\/|$)/.test(s3[2] ?? '')) {
      return { kind: 's3', bucket: s3[1], prefix: s3[2] ?? '' };
    }
    const path = directory(text);
    if (path !== undefined) return { kind: 'directory', path };
    context.issues.push({ code: 'custom', input: text });
    return z.NEVER;
  }),
);

/** `file:///absolute/directory` and nothing else: no host, no query, no encoded slash, not the root itself. */
function directory(text: string): string | undefined {
  if (!/^file:\/\/\/[^?#]+$/.test(text) || /%(2f|5c)/i.test(text) || !URL.canParse(text)) return undefined;
  const path = fileURLToPath(text).replace(/\/+$/, '');
  return path === '' ? undefined : path;
}

/** Reads `STORE_KMS_KEY_ARN`, which may be unset. */
export const kmsKey = z.optional(
  z.string().check(z.regex(/^arn:aws[a-z-]*:kms:[a-z\d-]+:\d{12}:key\/[\w-]+$/)),
);

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
