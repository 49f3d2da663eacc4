import type { Template } from 'duo-contract/templates';

/** What is planted, where, the value that it puts there (undefined: it takes away what is there), and what has to be found. */
export type Planted = [what: string, path: string, value: unknown, found: string];

/** A statement of a policy that allows an action. */
export const allow = (Action: string, Resource: unknown, more: object = {}) => ({
  Effect: 'Allow',
  Action,
  Resource,
  ...more,
});

/** A policy of these statements. */
export const document = (...Statement: object[]) => ({ Statement });

/** The template with another value at a path below its resources. Throws where the path leads nowhere. */
export function plant(original: Template, path: string, value: unknown): Template {
  const copy = structuredClone(original);
  const names = path.split('.');
  const last = names.pop() ?? '';
  const place = names.reduce((at: object, name) => {
    const next: unknown = Reflect.get(at, name);
    if (typeof next !== 'object' || next === null) throw new Error(`${path} leads nowhere: no ${name}`);
    return next;
  }, copy.Resources);
  if (value !== undefined) Reflect.set(place, last, value);
  else if (!Reflect.has(place, last)) throw new Error(`${path}: there is nothing to take away`);
  else Reflect.deleteProperty(place, last);
  return copy;
}
