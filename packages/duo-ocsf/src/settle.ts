import { Found } from './found';
import type { Field, Kind, Shape } from './shape';

/** What became of a draft: the value that keeps to its shape, and the paths of the record that have landed in it. */
export interface Settled {
  readonly value: Readonly<Record<string, unknown>>;
  readonly landed: readonly string[];
}

/**
 * Makes an object of a draft, without what does not fit: a text in another form, a part that lacks what OCSF wants of it.
 * Where the object itself lacks it, the result is the names of what is missing.
 */
export function settle(shape: Shape, draft: object): Settled | readonly string[] {
  const landed: string[] = [];
  const value: Record<string, unknown> = {};
  let hasOwn = false;
  for (const [name, field] of shape.entries) {
    const placed = place(field, Object.hasOwn(draft, name) ? Reflect.get(draft, name) : undefined);
    if (placed === undefined) continue;
    value[name] = placed.value;
    landed.push(...placed.landed);
    hasOwn ||= field.kind.is !== 'constant';
  }
  for (const [name, { kind }] of shape.entries) if (name in value) caption(kind, value[name], value);
  const lacking = shape.required.filter((name) => !(name in value));
  if (shape.needsOneOf.length > 0 && !shape.needsOneOf.some((name) => name in value)) {
    // A list that the mapping says is empty is one all the same.
    const empty = shape.needsOneOf.find((name) => isEmptyList(Reflect.get(draft, name)));
    if (empty === undefined) lacking.push(shape.needsOneOf.join(' or '));
    else value[empty] = [];
  }
  return lacking.length > 0 || !hasOwn ? lacking : { value, landed };
}

const isEmptyList = (value: unknown): boolean => Array.isArray(value) && value.length === 0;

/** Writes the caption of a number beside it, unless the draft has a word of its own there. */
function caption(kind: Kind, number: unknown, value: Record<string, unknown>): void {
  if (!('sibling' in kind) || kind.sibling === undefined || kind.sibling in value) return;
  if (typeof number !== 'number') return;
  const word = kind.is === 'constant' ? kind.caption : kind.captions[number];
  if (word !== undefined) value[kind.sibling] = word;
}

interface Placed {
  readonly value: unknown;
  readonly landed: readonly string[];
}

function place(field: Field, given: unknown): Placed | undefined {
  if (field.kind.is === 'constant') return { value: field.kind.value, landed: [] };
  const value = given instanceof Found ? given.value : given;
  const landed = given instanceof Found ? given.from : [];
  if (value === undefined) return undefined;
  const { list, ...single } = field;
  if (!list) return placeOne(field.kind, value, landed);
  if (!Array.isArray(value)) return undefined;
  const items = value.map((item) => place(single, item));
  const placed = items.filter((item) => item !== undefined);
  // What was found as one list lands as a whole.
  if (given instanceof Found && placed.length < items.length) return undefined;
  if (placed.length === 0) return undefined;
  return {
    value: placed.map((item) => item.value),
    landed: [...landed, ...placed.flatMap((item) => item.landed)],
  };
}

function placeOne(kind: Kind, value: unknown, landed: readonly string[]): Placed | undefined {
  if (kind.is !== 'object') return fits(kind, value) ? { value, landed } : undefined;
  if (typeof value !== 'object' || value === null) return undefined;
  const settled = settle(kind.shape, value);
  return 'landed' in settled ? settled : undefined;
}

/** No name and no address is longer, and a pattern may take long for what is. */
const mostForPattern = 320;

/** Half of a pair, which no UTF-8 has. */
const halfCharacter = /\p{Surrogate}/u;

function fits(kind: Exclude<Kind, { is: 'object' }>, value: unknown): boolean {
  switch (kind.is) {
    case 'json':
      return true;
    case 'flag':
      return typeof value === 'boolean';
    case 'constant':
      return value === kind.value;
    case 'choice':
      return typeof value === 'number' && value in kind.captions;
    case 'whole':
      return (
        Number.isSafeInteger(value) &&
        (kind.most === undefined || (Number(value) >= 0 && Number(value) <= kind.most))
      );
    case 'text':
      if (typeof value !== 'string' || value === '' || halfCharacter.test(value)) return false;
      if (value.length > (kind.most ?? Number.POSITIVE_INFINITY)) return false;
      return kind.pattern === undefined || (value.length <= mostForPattern && kind.pattern.test(value));
  }
}
