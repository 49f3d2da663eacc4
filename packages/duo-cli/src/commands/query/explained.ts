import { UsageError } from '../../operator/usage-error';

/** The kinds of DuckDB's errors that are about the query, whatever the records are. */
const aboutTheQuery = /^(?:Parser|Binder|Catalog|Permission|Not implemented) Error: /;

/**
 * An error of DuckDB in a sentence: without its kind and without the query, which whoever wrote it knows. A `UsageError` where the
 * query can never work, whatever is stored. Any other error is what it was.
 */
export function explained(error: unknown): Error {
  // Not `instanceof`: jest's globals are others than Node's.
  const message = String(Object(error).message ?? error);
  if (!ofDuckDb.test(message)) return error instanceof Error ? error : new Error(message);
  const [said = ''] = message.replace(ofDuckDb, '').split(/\n+LINE \d+:/);
  const sentence = said
    .trim()
    .replaceAll(/\s*\n+\s*/g, ' ')
    .replace(/(?<![.!?])$/, '.');
  const text = `The query fails: ${sentence}`;
  return aboutTheQuery.test(message) ? new UsageError(text) : new Error(text);
}

/** How all of its errors begin. */
const ofDuckDb = /^[A-Z][A-Za-z -]* Error: /;
