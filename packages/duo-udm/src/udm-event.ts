import { MappingError } from './mapping-error';
import { type UdmEvent, udmSchema } from './udm-schema';

/** An event as a mapping writes it down: a value that the record lacks is undefined, and its field then left out. */
export type Draft<T> = T extends readonly (infer Item)[]
  ? readonly (Draft<Item> | undefined)[]
  : T extends object
    ? { readonly [Key in keyof T]?: Draft<T[Key]> | undefined }
    : T;

/**
 * Makes an event of a draft, without the fields that are empty. Throws a `MappingError` if what UDM asks of every event
 * is missing; what it asks of an event type, `brokenRules` says.
 */
export function udmEvent(draft: Draft<UdmEvent>): UdmEvent {
  const parsed = udmSchema.safeParse(withoutEmpty(draft));
  if (!parsed.success) {
    const places = parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
    throw new MappingError(`the event would not be valid UDM: ${places.join('; ')}`);
  }
  const { principal, target, about } = parsed.data;
  if (principal === undefined && target === undefined && about === undefined) {
    throw new MappingError('it names nobody and nothing: UDM asks for a principal, a target or an about');
  }
  return parsed.data;
}

/** Undefined for what is empty: nothing, an empty text, and lists and objects of such. Parsers of SecOps do the same. */
function withoutEmpty(value: unknown): unknown {
  if (Array.isArray(value)) {
    const items = value.map(withoutEmpty).filter((item) => item !== undefined);
    return items.length === 0 ? undefined : items;
  }
  if (typeof value !== 'object' || value === null) return value === '' || value === null ? undefined : value;
  const entries = Object.entries(value).flatMap(([key, member]) => {
    const kept = withoutEmpty(member);
    return kept === undefined ? [] : [[key, kept]];
  });
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}
