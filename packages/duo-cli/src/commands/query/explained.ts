import { UsageError } from '../../operator/usage-error';

/** The kinds of DuckDB's errors that are about the query, whatever the records are. */
const aboutTheQuery = /^(?:Parser|Binder|Catalog|Permission|Not implemented) Error: /;

/**
 * An error of DuckDB in a sentence: without its kind and without the query, which whoever wrote it knows. A `UsageError` where the
 * query can never work, whatever is stored.
 */
export function explained(error: unknown): Error {
  const message = Object(error).message ?? error;
  const [said = ''] = String(message).split(/\n\n?LINE \d+:/);
  const sentence = said
    .replace(/^[A-Z][A-Za-z -]* Error: /, '')
    .trim()
    .replaceAll(/\s*\n+\s*/g, ' ')
    .replace(/(?<![.!?])$/, '.');
  const text = `The query fails: ${sentence}`;
  return aboutTheQuery.test(String(message)) ? new UsageError(text) : new Error(text);
}
