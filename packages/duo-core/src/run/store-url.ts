import { fileURLToPath } from 'node:url';
import * as z from 'zod/mini';

/** Where a store is. */
export type StoreLocation =
  | { readonly kind: 's3'; readonly bucket: string; readonly prefix: string }
  | { readonly kind: 'directory'; readonly path: string };

/** Reads `STORE_URL`. */
export const storeUrl: z.ZodMiniType<StoreLocation> = z.pipe(
  z.string(),
  z.transform((text, context): StoreLocation => {
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
