/** What OCSF says of an object or a class, as far as it is used: its fields, and what it must have. */
export interface Shape {
  readonly fields: Readonly<Record<string, Field>>;
  /** The same as a list, since each record goes through it. */
  readonly entries: readonly (readonly [string, Field])[];
  /** The fields that must be there. */
  readonly required: readonly string[];
  /** Of these, it needs one at least; of none, if there are none. */
  readonly needsOneOf: readonly string[];
}

/** The shape of a class. */
export interface ClassShape extends Shape {
  /** The profiles that its fields are from; `metadata.profiles` says so. */
  readonly profiles: readonly string[];
}

/** A field: what may stand there, once or as a list. */
export interface Field {
  readonly kind: Kind;
  readonly required?: true;
  readonly list?: true;
}

/** What may stand in a field. */
export type Kind =
  | Text
  | { readonly is: 'whole'; readonly most?: number }
  | { readonly is: 'flag' }
  /** Any JSON. */
  | { readonly is: 'json' }
  /** The number of a caption; `sibling` is the field for the caption, where that is used. */
  | {
      readonly is: 'choice';
      readonly captions: Readonly<Record<number, string>>;
      readonly sibling?: string;
    }
  /** A number that is always the same. */
  | { readonly is: 'constant'; readonly value: number; readonly caption?: string; readonly sibling?: string }
  | { readonly is: 'object'; readonly shape: Shape };

interface Text {
  readonly is: 'text';
  /** The most characters that it may have. */
  readonly most?: number;
  readonly pattern?: RegExp;
  /** The kind of observable that OCSF takes such a text for, by its number. */
  readonly observable?: number;
}

/** A text. */
export const text = (limits: Omit<Text, 'is'> = {}): Field => ({ kind: { is: 'text', ...limits } });
/** A whole number, up to `most` and not below 0, if that is given. */
export const whole = (most?: number): Field => ({
  kind: { is: 'whole', ...(most === undefined ? {} : { most }) },
});
/** True or false. */
export const flag: Field = { kind: { is: 'flag' } };
/** Any JSON. */
export const json: Field = { kind: { is: 'json' } };
/** One of several numbers, each with its caption. */
export const choice = (captions: Readonly<Record<number, string>>, sibling?: string): Field => ({
  kind: { is: 'choice', captions, ...(sibling === undefined ? {} : { sibling }) },
});
/** The one number that there is. */
export const constant = (value: number, caption?: string, sibling?: string): Field => ({
  kind: {
    is: 'constant',
    value,
    ...(caption === undefined ? {} : { caption }),
    ...(sibling === undefined ? {} : { sibling }),
  },
});
/** An object of this shape. */
export const object = (shape: Shape): Field => ({ kind: { is: 'object', shape } });
/** A list of these. */
export const list = (field: Field): Field => ({ ...field, list: true });
/** A field that must be there. */
export const must = (field: Field): Field => ({ ...field, required: true });
/** An object; `needsOneOf` has names with spaces between. */
export const shape = (fields: Shape['fields'], needsOneOf = ''): Shape => ({
  fields,
  entries: Object.entries(fields),
  required: Object.keys(fields).filter((name) => fields[name]?.required),
  needsOneOf: names(needsOneOf),
});
/** A class; `needsOneOf` and `profiles` have names with spaces between. */
export const classShape = (fields: Shape['fields'], needsOneOf = '', profiles = ''): ClassShape => ({
  ...shape(fields, needsOneOf),
  profiles: names(profiles),
});

const names = (spaced: string): readonly string[] => spaced.split(' ').filter((name) => name !== '');
