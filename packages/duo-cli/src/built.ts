declare const BUILT:
  | { readonly command: string; readonly services: Readonly<Record<string, readonly string[]>> }
  | undefined;

/** What build.ts has put into `duo-logs`; undefined in the checkout, where it is looked up instead. */
export const built = typeof BUILT === 'undefined' ? undefined : BUILT;
