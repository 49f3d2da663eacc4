import type { DuoFailure } from '../failures';
import type { Page } from '../pages/page';

/** An HTTP answer before it is sent. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** How many records the body carries. */
  readonly records: number;
  /** Duo's code, if it is one of Duo's failures. */
  readonly code: number | null;
}

/**
 * A page in Duo's envelope: an object with the records and the metadata, or, where there is no property for the records,
 * their array alone. The records' own texts are spliced in, not printed anew, so every byte survives.
 */
export function pageAnswer({ records, metadata }: Page, recordsProperty: string | undefined): Answer {
  const array = `[${records.map((one) => one.text).join(',')}]`;
  const response =
    recordsProperty === undefined
      ? array
      : `{${JSON.stringify(recordsProperty)}:${array},"metadata":${JSON.stringify(metadata)}}`;
  return { ...textAnswer(200, json, `{"stat":"OK","response":${response}}`), records: records.length };
}

/** A failure in Duo's envelope. */
export function failureAnswer({ code, ...rest }: DuoFailure): Answer {
  const body = JSON.stringify({ code, ...rest, stat: 'FAIL' });
  return { ...textAnswer(Math.floor(code / 100), json, body), code };
}

/** Anything else. */
export function textAnswer(status: number, contentType: string, body: string): Answer {
  return { status, headers: { 'Content-Type': contentType }, body, records: 0, code: null };
}

/** The content type of Duo's answers. */
export const json = 'application/json';
