/** A value that was found in a record, and the paths at which it stands there. */
export class Found<T> {
  constructor(
    readonly value: T,
    readonly from: readonly string[],
  ) {}

  /** The same in another form, which says no less; undefined where it has none. */
  map<Other>(form: (value: T) => Other | undefined): Found<Other> | undefined {
    const value = form(this.value);
    return value === undefined ? undefined : new Found(value, this.from);
  }
}

/**
 * An event, or a part of one, as a mapping writes it down. What the record lacks is undefined. A value that was found in the
 * record stays in `unmapped` if it does not land in the event; a plain value is the mapping's own word.
 */
export type Draft<T> = [T] extends [readonly (infer Item)[]]
  ? Found<T> | readonly (Draft<Item> | undefined)[]
  : [T] extends [object]
    ? { readonly [Key in keyof T]?: Draft<Exclude<T[Key], undefined>> | undefined }
    : T | Found<T>;
