/** What a mapping makes of a record's exact text; `account` is its name where a stage collects several. Never throws. */
export type ToOcsf = (
  record: string,
  account?: string,
) => {
  /** An OCSF event; `time` in ms. */
  readonly event: { readonly class_uid: number; readonly time: number };
  /** What was wrong with the record; `status_detail` has it as well. */
  readonly problems: readonly string[];
};
