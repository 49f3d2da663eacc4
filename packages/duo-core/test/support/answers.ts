/** An answer of Duo's with this in `response`. */
export function ok(response: string): string {
  return `{"stat":"OK","response":${response}}`;
}

/** A page of the `cursor` style: the texts of its records, where the next one starts, and what `total_objects` says, if it does. */
export function page(records: readonly string[], next: string | null, total?: number): string {
  const metadata = JSON.stringify({ next_offset: next, total_objects: total });
  return ok(`{"items":[${records.join(',')}],"metadata":${metadata}}`);
}

/** A page of the `time` style. */
export function list(records: readonly string[]): string {
  return ok(`[${records.join(',')}]`);
}

/** What Duo says of a cursor that it no longer accepts. */
export const refused = {
  status: 400,
  body: { stat: 'FAIL', code: 40002, message: 'Invalid request parameters', message_detail: 'next_offset' },
};
