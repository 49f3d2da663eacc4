import type { LogRecord } from '../records/log';
import type { Parameters } from './parameters';

/** How a log's pages look where Duo does not say. */
export interface PageForm {
  /**
   * What the last page with records says: a cursor like any other, and only the empty page after it says that there is
   * none; or null; or nothing. The style `time` has no cursor to end with.
   * @default what was seen: `cursor` for the style `cursor` (the real answer in chronicle/content-hub), `absent` for
   * the style `offset` (whose `metadata` is `{}` at the end)
   */
  readonly ending?: 'cursor' | 'null' | 'absent';
  /** The order of the style `offset`: no parameter decides on it, and Duo documents none. @default 'ascending' */
  readonly order?: 'ascending' | 'descending';
}

/** What a page is made of. */
export interface PageRequest {
  readonly params: Parameters;
  /** The log's visible records, ascending. */
  readonly visible: readonly LogRecord[];
  readonly form: PageForm;
  /** In milliseconds. */
  readonly now: number;
}

/** One page of a log. */
export interface Page {
  readonly records: readonly LogRecord[];
  /** What stands beside the records; not printed where they stand alone. */
  readonly metadata: {
    readonly next_offset?: string | readonly [string, string] | number | null;
    /** The matches in the whole window, however far the cursor is. Whether Duo's number shrinks is not documented. */
    readonly total_objects?: number;
  };
}
