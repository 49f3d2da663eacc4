/** What the record of a line becomes in the lake. */
export interface LakeEvent {
  /** Its class's name, which is that of its table: `base_event`. */
  readonly table: string;
  /** When it happened, in ms; null where the record does not say. */
  readonly time: number | null;
  /** Its fields, as the columns of its table have them. */
  readonly event: object;
}
