import type * as z from 'zod/mini';
import { certificateProblem } from '../certificates';
import { kmsKey, type StoreLocation, storeUrl } from './store-url';

/** A function's environment variables, read one by one; what is wrong with them is kept, to be said at once. */
export interface Variables {
  /** One `problem` a sentence, without its full stop and without a value: someone may have put a secret there. */
  readonly problems: string[];
  /** A variable by its schema; undefined if it is not what it must be, which is kept as a problem: "it must be `otherwise`". */
  read<T>(name: string, schema: z.ZodMiniType<T>, otherwise: string): T | undefined;
  /** `STORE_URL` and `STORE_KMS_KEY_ARN`. */
  readStore(): { readonly store: StoreLocation | undefined; readonly kmsKeyArn: string | undefined };
  /** Every problem in a line of its own, that of certificates too; empty where there is none. */
  problemText(): string;
}

/** Looks at the variables of an environment. One that is set to nothing is the same as one that is not set. */
export function variablesOf(env: NodeJS.ProcessEnv): Variables {
  const certificates = certificateProblem(env);
  const problems: string[] = [];
  const read: Variables['read'] = (name, schema, otherwise) => {
    const result = schema.safeParse(env[name] === '' ? undefined : env[name]);
    if (result.success) return result.data;
    problems.push(`${name} is ${env[name] ? 'malformed' : 'not set'}: it must be ${otherwise}`);
    return undefined;
  };
  return {
    problems,
    read,
    readStore() {
      const store = read(
        'STORE_URL',
        storeUrl,
        's3://bucket, s3://bucket/prefix or file:///absolute/directory',
      );
      const kmsKeyArn = read(
        'STORE_KMS_KEY_ARN',
        kmsKey,
        'unset, or the ARN of a KMS key, like arn:aws:kms:eu-west-1:123456789012:key/<id>',
      );
      // Whoever set it believes that the objects are encrypted with it.
      if (kmsKeyArn !== undefined && store?.kind === 'directory')
        problems.push('STORE_KMS_KEY_ARN must be unset: STORE_URL names a directory, which no key encrypts');
      return { store, kmsKeyArn };
    },
    problemText: () => [...problems, ...(certificates === undefined ? [] : [certificates])].join('\n'),
  };
}
